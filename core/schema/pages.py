"""A list that comes in pages: where one begins and where the next does (keyset paging, design.md 4.11)."""

from __future__ import annotations

from core.schema import fields
from core.schema.strict import Schema

LONGEST = 300
"""Characters of the sealed text that says where a page begins."""


class ListQuery(Schema):
    """Where a page of a list begins, in the API."""

    after = fields.String(max=LONGEST)


class ListFilter(Schema):
    """Where a page of a list begins, in the address of a page."""

    efter = fields.String(max=LONGEST, widget="hidden")


class ListPage(Schema):
    """A page of a list; `next` is the `after` of the next one, nothing at the end."""

    next = fields.String(required=True, allow_none=True, max=LONGEST)
