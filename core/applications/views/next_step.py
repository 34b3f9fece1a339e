"""What comes next with an application, by how it stands, what the coach lacks and who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import access
from core.applications.models import (
    CLOSE,
    DECIDE,
    HANDLE,
    RESOLVE,
    REVIEW,
    SUBMIT,
    WRITE,
    Application,
    ApplicationEvent,
)
from core.applications.parts import PARTS
from core.applications.services import applications, guards
from core.applications.services.summary import Summary
from core.applications.states import APPLICATION
from core.applications.views.blueprint import TAKEN_AT
from core.flow import Move
from core.hookspecs import Objection
from core.http import actor
from core.http.texts import day, either, translate
from core.i18n import N_, Text

NEXT: Mapping[str, tuple[str, ...]] = {
    "utkast": (N_("Skriv delarna i den ordning som passar er. Begär sedan granskning."), WRITE),
    "intern_granskning": (N_("Granska ansökan, och godkänn den för nämnden eller lämna tillbaka den."), REVIEW),
    "klar_for_namnd": (N_("Skriv in nämndens beslut när det är fattat."), RESOLVE),
    "namndbeslutad": (N_("Skicka in ansökan innan omgången stänger."), SUBMIT),
    "inskickad": (N_("Pröva om ansökan är hel, och börja bedöma den."), HANDLE),
    "komplettering": (N_("Skriv det som begärts i de delar som är markerade, och lämna in det."), WRITE),
    "under_bedomning": (N_("Bedöm ansökan, och lämna förslag till beslut."), HANDLE),
    "forslag": (N_("Utskottet beslutar på sitt nästa sammanträde."),),
    "aterremiss": (N_("Bedöm igen, eller lämna tillbaka ansökan till sökanden."), HANDLE, DECIDE),
    "bordlagd": (N_("Ta upp ansökan igen på ett senare sammanträde."), HANDLE),
    "delvis_beviljad": (N_("Skriv en ny plan för det som beviljades, och acceptera, eller avstå."), SUBMIT),
    "beviljad": (N_("Starta genomförandet."), WRITE),
    "genomfors": (N_("Genomför åtgärderna, och redovisa varje tertial."), WRITE),
    "pausad": (N_("Fortsätt när hindret är borta."), WRITE),
    "fardig": (N_("Lämna slutredovisningen."), WRITE),
    "slutredovisad": (N_("Mät effekten efter 6, 12 och 24 månader."), WRITE),
    "effekt_uppfoljd": (N_("Avsluta ärendet."), CLOSE),
}
"""What comes next in each state, and the permissions of those who do it; none where no step is taken here."""
ALL_WRITTEN = N_("Inget saknas. Begär granskning.")
RETURNED = N_("Rätta det som ansökan lämnades tillbaka för. Begär sedan granskning igen.")
ALL_COMPLETED = N_("Allt som begärts är skrivet. Lämna in kompletteringen.")


@dataclass(frozen=True)
class NextStep:
    """The sentence, the part or the step that takes the application on, why it was given back, and what it waits for.

    `changes_round` says that another round is what takes it on.
    """

    asked: str
    part: tuple[str, str] | None = None
    move: Move | None = None
    changes_round: bool = False
    returned: str = ""
    waits: Text | str | None = None


def next_step(
    found: Application,
    summary: Mapping[str, Summary],
    coach: Any,
    moves: Sequence[Move],
    events: Iterable[ApplicationEvent],
) -> NextStep:
    """Return what comes next for who reads. `moves` lie open to the reader, `events` are the newest first."""
    asked, *needs = NEXT.get(found.state, ("",))
    back = _returned(found, events)
    part = _part(found, summary)
    written = coach is not None and not coach.missing and (back is None or _changed_since(back, summary))
    if back is not None:
        asked = RETURNED
    if found.state == APPLICATION.start and written:
        asked, part = (asked if back else ALL_WRITTEN), None
    elif found.state == "komplettering" and not guards.stops_at_once(actor(), found, "komplettera"):
        asked, part = ALL_COMPLETED, None
    on, stops = _on_with(found, [move for move in moves if move.key in TAKEN_AT])
    mine = part is not None or not needs or any(move.needs in needs for move in moves)
    return NextStep(
        asked=asked,
        part=part,
        move=on,
        changes_round=mine and any(one.field == "round" for one in stops),
        returned=_told(back) if back else "",
        waits=next((one.message for one in stops), None) if mine else _done_by(needs),
    )


def _returned(found: Application, events: Iterable[ApplicationEvent]) -> ApplicationEvent | None:
    """Return the move that made an application a draft again; None for one that has never been more."""
    if found.state != APPLICATION.start:
        return None
    return next((one for one in events if one.source), None)


def _changed_since(back: ApplicationEvent, summary: Mapping[str, Summary]) -> bool:
    return any(one.part.changed_at is not None and one.part.changed_at > back.at for one in summary.values())


def _told(back: ApplicationEvent) -> str:
    """Return what made it a draft again: what was done, by whom, when, why."""
    by = back.person.name if back.person else back.organisation.name if back.organisation else ""
    did = translate(APPLICATION.move(back.kind).happened)
    end = "" if back.reason.endswith((".", "!", "?")) else "."
    return f"{', '.join(filter(None, [did, by, day(back.at)]))}: {back.reason}{end}"


def _part(found: Application, summary: Mapping[str, Summary]) -> tuple[str, str] | None:
    """Return the part to go on with, for who may write: what is asked for, then the first that is not done."""
    if not applications.reaches(actor(), found, WRITE):
        return None
    wanted = frozenset(key for key, one in summary.items() if one.part.wanted)
    open_now = applications.open_parts(found, wanted)
    left = [key for key, one in summary.items() if key in open_now and one.part.done_at is None]
    return (left[0], PARTS[left[0]].title) if left else None


def _on_with(found: Application, moves: Sequence[Move]) -> tuple[Move | None, list[Objection]]:
    """Return the step with which the reader takes an application on, and what stops the one that it would have been."""
    stops: list[Objection] = []
    for move in moves:
        if not move.reason:
            if not (in_the_way := guards.stops_at_once(actor(), found, move.key)):
                return move, []
            stops += in_the_way
    return None, stops


def _done_by(needs: Iterable[str]) -> Text:
    """Return who takes the next step, for a reader who does not."""
    roles = dict.fromkeys(role for permission in needs for role in access.Denied(permission).holders)
    return Text(N_("Det gör den som har rollen {roles}."), roles=either(roles))
