"""What cooperation hands out as tables: what is lifted to the central level, for kommunstyrelsen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from core import access, clock
from core.access import Actor
from core.cooperation.models import DECISIONS, LIFT_KINDS, LIFT_READ
from core.cooperation.schemas.lifts import WHICH, LiftTable
from core.cooperation.services import lifts
from core.cooperation.states import LIFT
from core.documents import About, Content, kind, sheet
from core.documents.sheets import Column
from core.i18n import N_, Text

LIFTS = "cooperation:lyft"
EVERY = 5_000


def _about(actor: Actor, uid: UUID) -> About:
    """A list of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/samverkan/lyft")


@kind(LIFTS, title=N_("Lyft till central nivå, som tabell"), needs=LIFT_READ, about=_about, options=LiftTable, level=2)
def as_table(actor: Actor, _uid: UUID, *, visa: str = "", **_: Any) -> Content:
    """Gather what is lifted and how it is answered, one row each, for kommunstyrelsen to follow."""
    columns: tuple[Column | str, ...] = (
        N_("Nummer"), N_("Vad som lyfts"), N_("Rubrik"), N_("Lyft av"), N_("Plats"), Column(N_("Sedan"), "date"),
        Column(N_("Lyft"), "date"), Column(N_("Svar senast"), "date"), N_("Läge"), N_("Beslut"),
        Column(N_("Besvarat"), "date"), N_("Vad de ber om"), N_("Svar"),
    )  # fmt: skip
    return Content(
        title=Text(N_("Lyft till central nivå: {which}"), which=WHICH[visa]),
        filename=f"lyft {clock.today().isoformat()}",
        sheet=sheet(columns, _rows(actor, visa)),
    )


def _rows(actor: Actor, visa: str) -> Iterator[list[Any]]:
    for one in lifts.list_lifts(actor, lifts.Wish(visa), limit=EVERY).rows:
        row = one.lift
        yield [
            row.number,
            LIFT_KINDS[row.kind],
            row.title,
            row.organisation.name,
            row.place.name if row.place else "",
            row.since_on,
            clock.local(row.lifted_at).date(),
            one.due_on,
            LIFT.states[row.state].label,
            DECISIONS.get(row.decision, ""),
            clock.local(row.answered_at).date() if row.answered_at else None,
            row.asked,
            row.answer,
        ]
