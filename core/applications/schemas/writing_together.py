"""Boards that apply together, comments, photos and files; editions."""

from __future__ import annotations

from core.applications.models import AUDIENCES, LARGEST, PAPERS, PDF
from core.i18n import N_, Text
from core.schema import ListPage, Schema, fields


class InviteForm(Schema):
    """A board to apply together with."""

    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vilken nämnd?"))


ANSWERS = {"ja": N_("Ja, vi söker tillsammans"), "nej": N_("Nej")}


class JoiningForm(Schema):
    """Whether a board that is asked applies together with the applicant."""

    joins = fields.Choice(ANSWERS, required=True, widget="radios", label=N_("Söker ni tillsammans med dem?"))
    reason = fields.String(
        max=1000, multiline=True, load_default="", label=N_("Varför?"), optional=N_("krävs om ni säger nej")
    )


class CommentForm(Schema):
    """Something to say about a part, or about the whole of it."""

    uid = fields.Uid(required=True, widget="hidden")
    part = fields.String(max=20, load_default="", widget="hidden")
    text = fields.String(
        required=True, min=2, max=2000, multiline=True, label=N_("Vad vill du säga?"), hint=N_("Inga personuppgifter.")
    )
    audience = fields.Choice(AUDIENCES, required=True, widget="radios", label=N_("Vilka ska läsa det?"))


class FileForm(Schema):
    """A file to go with the application."""

    uid = fields.Uid(required=True, widget="hidden")
    kind = fields.Choice(PAPERS, required=True, widget="select", label=N_("Vad är det?"))
    title = fields.String(required=True, min=2, max=200, label=N_("Vad ska den heta?"))
    file = fields.Upload(
        required=True,
        accept=PDF,
        label=N_("Filen"),
        hint=Text(N_("PDF, högst {largest} MB. Inga personuppgifter om enskilda."), largest=LARGEST // 1_000_000),
    )


class PhotoForm(Schema):
    """A photo of a place to go with the application."""

    uid = fields.Uid(required=True, widget="hidden")
    photo = fields.Uid(required=True, widget="hidden")
    title = fields.String(
        required=True, min=2, max=200, label=N_("Vad visar bilden?"), hint=N_("Läses upp för den som inte ser den.")
    )


class EditionLine(Schema):
    """An edition in a list; `digest` is the SHA-256 of what it holds."""

    number = fields.Integer(required=True)
    why = fields.String(required=True, max=40)
    at = fields.Instant(required=True)
    digest = fields.String(required=True, max=64)


class EditionPage(ListPage):
    """The editions of an application, the newest first."""

    items = fields.List(fields.Nested(EditionLine), required=True)


class EditionOut(EditionLine):
    """An edition, whole: {"schema": 1, "application": {…}, part: {"fields": {…}, "rows": {…}}}."""

    content = fields.Object(required=True)
