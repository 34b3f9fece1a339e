"""What stadsledningskontoret proposes: the joint notes where assessors lie apart, the kronor of each year, the move.

An application is proposed when two who count have handed in, have said something together where they lie apart, and
there is an amount for a year, or that it is to be refused: an amount of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    ASSESS,
    HANDLE,
    Application,
    Proposal,
    Round,
    SpreadNote,
)
from core.applications.points import Verdict, verdict
from core.applications.services import assessing, rounds
from core.applications.services.amounts import outcome, proposed_by_year, sought_by_year
from core.applications.services.partiality import stands_aside
from core.applications.states import APPLICATION
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.schema.amounts import grouped

HOUSE = access.system("applications")
FROZEN = N_("Ordningen är fryst. Öppna den igen först.")
ASIDE = N_("Du har anmält jäv i {number} och kan inte ändra raden.")


@dataclass(frozen=True)
class Stand:
    """How far the assessing of an application has come, for who prepares it; nothing of it before all are in."""

    sheets: list[assessing.Sheet]
    verdict: Verdict | None
    notes: Mapping[str, SpreadNote]


def stand_of(actor: Actor, application: Application) -> Stand:
    """Return what the assessors say of an application, beside each other and together, once all are in."""
    sheets = assessing.opened_sheets(actor, application)
    notes = notes_of(application) if sheets else {}
    return Stand(sheets, _together(sheets, notes), notes)


def _together(sheets: list[assessing.Sheet], notes: Mapping[str, SpreadNote]) -> Verdict | None:
    if not sheets:
        return None
    agreed = {key: row.points for key, row in notes.items()}
    return verdict(sheets[0].criteria, [sheet.points for sheet in sheets], agreed)


def notes_of(application: Application) -> dict[str, SpreadNote]:
    """Return the joint notes on an application, by criterion."""
    rows = select(SpreadNote).where(SpreadNote.application_id == application.id)
    return {row.criterion: row for row in db.session().scalars(rows)}


def write_note(actor: Actor, uid: UUID, criterion: str, *, text: str, points: int | None) -> SpreadNote:
    """Write what the assessors say together on a criterion where they lie apart; `points` if they agree on some.

    By one of those who assess it. Raises Missing, Denied, Refused, Invalid.
    """
    application = access.find(Application, uid, actor, HANDLE if actor.may(HANDLE) else ASSESS, lock=True)
    _refuse_changes(actor, application)
    known = {one.key: one for one in assessing.criteria_for(application.id)}
    if criterion not in known:
        raise access.Missing("criterion", criterion)
    sheets = assessing.opened_sheets(actor, application)
    if actor.id not in {sheet.row.person_id for sheet in sheets}:
        raise flow.Refused([Objection(N_("De två som har bedömt skriver noten, när båda har lämnat in."))])
    if points is not None and points > 1 and known[criterion].gate:
        raise Invalid({"points": [N_("Välj i listan.")]})
    row = notes_of(application).get(criterion)
    if row is None:
        row = SpreadNote(application_id=application.id, criterion=criterion, text=text, at=clock.now())
        db.session().add(row)
    row.text, row.points, row.at, row.person_id = text, points, clock.now(), actor.id
    db.session().flush()
    _touch_round(application)
    journal.write(actor, "application:note", "application", uid, level=application.level)
    return row


# --- Money --------------------------------------------------------------------------------------------------------


def propose(actor: Actor, uid: UUID, *, amounts: Mapping[int, int], version: int | None) -> Application:
    """Propose what an application gets in each year, in kronor: at most what it seeks then; all nothing refuses it.

    `version` is that of its round. Raises Missing, Denied, Stale, Refused, Invalid at the year.
    """
    application = access.find(Application, uid, actor, HANDLE, lock=True)
    round_ = _round_of(application)
    if round_ is not None:
        db.refuse_stale("round", round_.uid, round_.version, version)
    _refuse_changes(actor, application)
    sought = sought_by_year([application.id]).get(application.id, {})
    wrong = {
        f"year_{year}": [
            Text(N_("Skriv högst det som söks {year}: {kronor} kr."), year=str(year), kronor=grouped(most))
        ]
        for year, amount in amounts.items()
        if amount > (most := sought.get(year, 0))
    }
    if wrong:
        raise Invalid(wrong)
    kept = amounts if any(amounts.values()) else {min(amounts, default=clock.today().year): 0}
    db.session().execute(delete(Proposal).where(Proposal.application_id == application.id))
    for year, amount in kept.items():
        if amount or not any(kept.values()):
            db.session().add(Proposal(application_id=application.id, year=year, amount=amount))
    db.session().flush()
    _touch_round(application)
    journal.write(actor, "application:propose", "application", uid, level=application.level, kronor=sum(kept.values()))
    return application


def _round_of(application: Application) -> Round | None:
    if application.round_id is None:
        return None
    return db.session().scalars(select(Round).where(Round.id == application.round_id).with_for_update()).one()


def _touch_round(application: Application) -> None:
    round_ = _round_of(application)
    if round_ is not None:
        rounds.touch(round_)


def _refuse_changes(actor: Actor, application: Application) -> None:
    """Refuse who stands aside, what is not being prepared, and what is frozen."""
    round_ = _round_of(application)
    if stands_aside(actor.id, application):
        raise flow.Refused([Objection(Text(ASIDE, number=application.number))])
    if round_ is not None and round_.state == "fryst":
        raise flow.Refused([Objection(FROZEN)])
    if application.state not in ("under_bedomning", "forslag"):
        raise flow.Refused([Objection(N_("Ansökan bereds inte nu."))])


# --- The move -----------------------------------------------------------------------------------------------------


@APPLICATION.guard("lamna_forslag")
def _is_assessed(application: Application, actor: Actor) -> Iterable[Objection]:
    """Two who count, a note where they lie apart, an amount; what fails a gate is proposed to be refused."""
    if stands_aside(actor.id, application):
        yield Objection(Text(ASIDE, number=application.number))
    sheets, notes = assessing.opened_sheets(HOUSE, application), notes_of(application)
    said = _together(sheets, notes)
    if said is None:
        yield Objection(N_("Två bedömningar behövs, och alla som är utsedda ska ha lämnat in sin."))
        return
    titles = {one.key: one.title for one in sheets[0].criteria}
    for key in said.lacks_note:
        told = N_("Gemensam not saknas: {title}.")
        yield Objection(Text(told, title=Text(titles[key])))
    sought = sought_by_year([application.id]).get(application.id, {})
    proposed = outcome(sought, proposed_by_year([application.id]).get(application.id))
    if not proposed:
        yield Objection(N_("Skriv vad som föreslås varje år, eller att ansökan ska avslås."))
    elif said.fails and proposed != "avslag":
        told = N_("Ansökan faller på grind: {title}. Föreslå att den avslås, eller skriv en gemensam not.")
        yield Objection(Text(told, title=Text(titles[said.fails[0]])))


@APPLICATION.guard("bedom_igen", "lamna_forslag")
def _is_not_frozen(application: Application, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    """What stands in a frozen order is not changed beneath it; what a meeting sent back is no part of it any more."""
    round_ = _round_of(application)
    if round_ is not None and round_.state == "fryst" and application.state in ("under_bedomning", "forslag"):
        yield Objection(FROZEN)
