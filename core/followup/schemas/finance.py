"""Files to the finance system: one to make, and what is told of them."""

from __future__ import annotations

from core.schema import ListPage, ListQuery, Schema, fields

LARGEST = 10_000_000_000_000


class FileForm(Schema):
    """A file to make."""

    uid = fields.Uid(required=True, widget="hidden")


class FinanceFileQuery(ListQuery):
    """Which files to list in the API."""


class FinanceFileIn(Schema):
    """A file to make in the API: its uid is in the address, and what goes with it is what has not gone over."""


class FinanceFileOut(Schema):
    """A file, with how many lines it has and their sums in kronor."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    made_at = fields.Instant(required=True)
    lines = fields.Integer(required=True, min=1)
    granted = fields.Kronor(required=True, min=-LARGEST, max=LARGEST)
    paid = fields.Kronor(required=True, min=-LARGEST, max=LARGEST)


class FinanceFilePage(ListPage):
    """A page of files; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(FinanceFileOut), required=True)
