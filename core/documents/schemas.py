"""How documents are asked for and told of."""

from __future__ import annotations

from core.documents.kinds import titles
from core.documents.states import STATES
from core.i18n import N_
from core.schema import ListPage, Schema, fields


class DocumentForm(Schema):
    """Which document, about what; what else its kind asks stands beside these in the form."""

    kind = fields.Choice(titles, required=True, widget="hidden", label=N_("Dokument"))
    subject = fields.Uid(required=True, widget="hidden")


class DocumentIn(Schema):
    """Which document, about what, and what its kind lets one choose."""

    kind = fields.Choice(titles, required=True, label=N_("Dokument"))
    subject = fields.Uid(required=True)
    options = fields.Object(load_default=dict)


class DocumentOut(Schema):
    """A document, how far it has come, and where its file is when it is made."""

    uid = fields.Uid(required=True)
    kind = fields.String(required=True, max=60)
    subject = fields.Uid(required=True)
    about = fields.String(required=True, blank=True, max=300)
    state = fields.Choice(STATES, required=True)
    percent = fields.Integer(required=True, min=0, max=100)
    failure = fields.String(required=True, blank=True, max=300)
    level = fields.Integer(required=True, min=0, max=4)
    asked_at = fields.Instant(required=True)
    finished_at = fields.Instant(required=True, allow_none=True)
    ends_at = fields.Instant(required=True)
    filename = fields.String(required=True, blank=True, max=200)
    media_type = fields.String(required=True, blank=True, max=100)
    bytes = fields.Integer(required=True, allow_none=True, min=0)


class DocumentsPage(ListPage):
    """The documents that somebody has asked for, the latest first."""

    items = fields.List(fields.Nested(DocumentOut), required=True)
