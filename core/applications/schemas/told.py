"""Applications in the API: the list, one of them with its parts, a part with what it holds."""

from __future__ import annotations

from typing import Any

from core.applications.parts import PARTS
from core.applications.schemas.parts import FORMS
from core.applications.states import APPLICATION
from core.i18n import N_
from core.schema import ListPage, ListQuery, Schema, fields

STATES = {key: state.label for key, state in APPLICATION.states.items()}


class ApplicationQuery(ListQuery):
    """Which applications to list in the API."""

    state = fields.Choice({"": "", **STATES}, load_default="")
    round = fields.Uid()
    organisation = fields.Uid()


class ApplicationIn(Schema):
    """An application to begin; `organisation` is the board's code."""

    organisation = fields.String(required=True, max=60)
    title = fields.String(required=True, min=5, max=120)
    programme = fields.Uid(required=True)
    round = fields.Uid(allow_none=True, load_default=None)


class ApplicationLine(Schema):
    """An application in a list; `sought` is kronor."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=120)
    state = fields.Choice(STATES, required=True)
    programme = fields.String(required=True, max=20)
    round = fields.Uid(required=True, allow_none=True)
    organisation = fields.Uid(required=True)
    organisation_name = fields.String(required=True, max=200)
    sought = fields.Integer(required=True)
    begun_at = fields.Instant(required=True)
    submitted_at = fields.Instant(required=True, allow_none=True)


class ApplicationPage(ListPage):
    """A page of applications; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(ApplicationLine), required=True)


class ApplicationPartLine(Schema):
    """A part of an application: what it holds in words, and whether it is marked as done."""

    part = fields.Choice({key: part.title for key, part in PARTS.items()}, required=True)
    title = fields.String(required=True, max=120)
    told = fields.String(required=True, blank=True, max=2000)
    stands = fields.String(required=True, max=60)
    done_at = fields.Instant(required=True, allow_none=True)
    wanted = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class ApplicationOut(ApplicationLine):
    """An application with its parts; `version` counts its moves, each part has its own."""

    cycle = fields.Uid(required=True, allow_none=True)
    parts = fields.List(fields.Nested(ApplicationPartLine), required=True)
    version = fields.Integer(required=True)


class ApplicationPartOut(ApplicationPartLine):
    """A part with what its form says (`content`) and its rows."""

    content = fields.Object(required=True)
    rows = fields.List(fields.Object(), required=True)


class ApplicationPartChange(Schema):
    """A change of a part: what is left out of `content` stays."""

    content = fields.Object(load_default=dict)
    done = fields.Boolean(load_default=False)


class ApplicationPlacesIn(Schema):
    """The places of an application, by uid."""

    places = fields.List(fields.Uid(), max=50, load_default=list)
    access_note = fields.String(max=2000, multiline=True, load_default="", label=N_("Hur når allmänheten platsen?"))


def content_of(part: str) -> type[Schema] | None:
    """Return what the `content` of a part is read and told by; None for no part."""
    return ApplicationPlacesIn if part == "plats" else FORMS.get(part)


def only_sent(known: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Return what was loaded without what nobody sent: a default must not take away what stands."""
    return {
        name: only_sent(value, sent[name]) if isinstance(value, dict) and isinstance(sent[name], dict) else value
        for name, value in known.items()
        if name in sent
    }
