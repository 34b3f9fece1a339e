"""Many decisions of a meeting in one go, each as it is proposed: looked at first, then all recorded or none (E10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import db, flow
from core.access import Actor
from core.applications.models import GRANTS, BodyMeeting, GrantDecision
from core.applications.services import deciding, meetings
from core.applications.services.meetings import Item
from core.applications.services.proposed import Amounts
from core.hookspecs import Objection
from core.i18n import N_
from core.schema import Invalid
from core.schema.paragraphs import bare_paragraph

NOT_PROPOSED = N_("Inget är föreslaget. Skriv in beslutet för sig.")
CHANGED = N_("Ett av besluten har ändrats sedan du valde. Gå tillbaka till sammanträdet och välj på nytt.")
NOT_A_NUMBER = N_("Skriv paragrafen som ett tal, så räknas den upp för varje ansökan.")


@dataclass(frozen=True)
class Wish:
    """What is said of all of them: paragraph, one each (`each`) counted up from it, and the reasons that are needed."""

    paragraph: str
    each: bool = False
    motive: str = ""
    motive_text: str = ""
    partial_text: str = ""


@dataclass(frozen=True)
class Foreseen:
    """What would be recorded of an application, and what stands in the way."""

    item: Item
    outcome: str
    amounts: Amounts
    paragraph: str
    refusals: list[str] = field(default_factory=list)


class _Looked(Exception):
    """What was only looked at is undone."""


@contextmanager
def _undone() -> Iterator[None]:
    """Undo what is done inside."""
    with suppress(_Looked), db.savepoint():
        yield
        raise _Looked


def foresee(actor: Actor, meeting: BodyMeeting, applications: Sequence[UUID], wish: Wish) -> list[Foreseen]:
    """Return what would become of each of the chosen applications: it is done, looked at and undone."""
    found = chosen(actor, meeting, applications, wish)
    with _undone():
        for one in found:
            if not one.refusals:
                one.refusals.extend(_try(actor, meeting, one, wish))
    return found


def in_the_way(actor: Actor, versions: Mapping[UUID, int | None]) -> list[str]:
    """Return what stands in the way of letting decisions hold together: it is done, looked at and undone."""
    with _undone():
        try:
            deciding.confirm_all(actor, versions)
        except flow.Refused as refused:
            return [objection.message for objection in refused.objections]
        except db.Stale:
            return [CHANGED]
    return []


def record_all(actor: Actor, meeting: BodyMeeting, applications: Sequence[UUID], wish: Wish) -> list[GrantDecision]:
    """Record each of the chosen as it is proposed; all or none. Raises Refused or Invalid at the first that cannot."""
    made = []
    for one in chosen(actor, meeting, applications, wish):
        if one.refusals:
            raise flow.Refused([Objection(text) for text in one.refusals])
        try:
            made.append(_record(actor, meeting, one, wish))
        except Invalid as wrong:
            raise Invalid(_asked_here(one, wrong)) from wrong
    return made


def _asked_here(one: Foreseen, wrong: Invalid) -> dict[str, list[str]]:
    """Return what is wrong under the names of the fields that are asked for all."""
    names = {"motive_text": "partial_text"} if one.outcome == "delvis_beviljad" else {}
    return {names.get(path, path): texts for path, texts in wrong.flat().items()}


def chosen(actor: Actor, meeting: BodyMeeting, applications: Sequence[UUID], wish: Wish) -> list[Foreseen]:
    """Return the chosen in the order of the meeting, each as it is proposed, with its paragraph. Raises Invalid."""
    first = bare_paragraph(wish.paragraph)
    if wish.each and not first.isdecimal():
        raise Invalid({"paragraph": [NOT_A_NUMBER]})
    wanted = set(applications)
    items = [one for one in meetings.items_of(actor, meeting) if one.application.uid in wanted and not one.decision]
    found = []
    for number, item in enumerate(items):
        paragraph = str(int(first) + number) if wish.each else first
        outcome = item.offer.outcome
        refusals = [] if outcome else [NOT_PROPOSED]
        found.append(Foreseen(item, outcome, item.offer.proposed if outcome in GRANTS else {}, paragraph, refusals))
    return found


def _try(actor: Actor, meeting: BodyMeeting, one: Foreseen, wish: Wish) -> list[str]:
    try:
        with db.savepoint():
            _record(actor, meeting, one, wish)
    except flow.Refused as refused:
        return [objection.message for objection in refused.objections]
    except Invalid as wrong:
        return [text for texts in wrong.flat().values() for text in texts]
    return []


def _record(actor: Actor, meeting: BodyMeeting, one: Foreseen, wish: Wish) -> GrantDecision:
    known: dict[str, Any] = {"meeting": meeting.uid, "application": one.item.application.uid, "outcome": one.outcome}
    if one.outcome == "avslag":
        known |= {"motive": wish.motive, "motive_text": wish.motive_text}
    elif one.outcome == "delvis_beviljad":
        known["motive_text"] = wish.partial_text
    return deciding.record(actor, uid=db.new_uid(), amounts=one.amounts, paragraph=one.paragraph, **known)
