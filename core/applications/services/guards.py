"""What guards the moves of an application on its way to the committee (domain.md 1.3). Always registered: hooks.py.

All that stands in the way is told at once, each with the part of the application that mends it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, union

from core import clock, db
from core.access import Actor
from core.applications.coach import AT_REVIEW, AT_SUBMIT, READY, Coaching
from core.applications.models import (
    Application,
    ApplicationEvent,
    ApplicationPart,
    Assessment,
    Round,
)
from core.applications.parts import PARTS
from core.applications.services import applications, coach, rounds
from core.applications.states import APPLICATION
from core.hookspecs import Objection
from core.i18n import N_, Text

OPEN = "oppnad"


def authors_of(application: Application) -> frozenset[int]:
    """Return the keys of those who have written an application: who began it, and who changed any part last."""
    begun = select(Application.begun_by_id).where(Application.id == application.id)
    changed = select(ApplicationPart.changed_by_id).where(ApplicationPart.application_id == application.id)
    return frozenset(key for key in db.session().scalars(union(begun, changed)) if key is not None)


def lacks(told: Coaching, move: str) -> list[Objection]:
    """Return what the coach says is missing that stops a move, each with its part and rule as the field."""
    return [Objection(one.lack.text, f"{one.rule.part}.{one.rule.key}") for one in told.stops(move)]


@APPLICATION.guard("begar_granskning")
def _ready_to_review(application: Application, actor: Actor) -> Iterable[Objection]:
    """Seventy percent of what is asked for, by weight, and a place that the public reaches."""
    told = coach.read_coach(actor, application)
    if not told.is_ready:
        yield Objection(too_little(told))
    yield from lacks(told, AT_REVIEW)


def too_little(told: Coaching) -> Text:
    """Return how far an application has come, and how far it has to."""
    words = N_("Ansökan är {percent} procent klar. Granskning kan begäras vid {ready} procent.")
    return Text(words, percent=told.percent, ready=READY)


@APPLICATION.guard("begar_granskning")
def _all_have_answered(application: Application, _actor: Actor) -> Iterable[Objection]:
    """Who applies is settled before the board decides."""
    for one in applications.parties_of(application):
        if one.joined_on is None:
            words = N_("{board} har inte svarat om de söker med er. Vänta på svaret, eller ta tillbaka frågan.")
            yield Objection(Text(words, board=one.organisation.name), "tillsammans")


@APPLICATION.guard("godkann")
def _four_eyes(application: Application, actor: Actor) -> Iterable[Objection]:
    if actor.id in authors_of(application):
        words = N_("Du har skrivit {number}. Den som skrivit en ansökan får inte godkänna den.")
        yield Objection(Text(words, number=application.number))


@APPLICATION.guard("skicka_in")
def _in_time(application: Application, _actor: Actor) -> Iterable[Objection]:
    """While the round is open: not a second later."""
    found = None
    if application.round_id is not None:
        rows = select(Round).where(Round.id == application.round_id).with_for_update(read=True)
        found = db.session().scalars(rows.execution_options(populate_existing=True)).one()
    if (shut := _shut_by(found, application)) is not None:
        yield shut


def _shut_by(found: Round | None, application: Application) -> Objection | None:
    """Return why the round of an application, None for one without, does not take it in as it stands now."""
    if found is None:
        return Objection(N_("Välj en omgång. Ansökan finns kvar tills dess."), "round")
    if (closed := closed_words(found)) is not None:
        return Objection(closed, "round")
    if application.state == "namndbeslutad" or found.conditional:
        return None
    words = N_("Skriv in nämndens beslut först. Omgången tar bara emot ansökningar som nämnden har beslutat om.")
    return Objection(words)


def closed_words(found: Round) -> Text | None:
    """Return why a round takes in nothing now; None for one that is open."""
    now = clock.now()
    if now < found.opens_at:
        return Text(N_("Omgången öppnar {at}."), at=rounds.opens_words(found))
    if now >= found.closes_at:
        words = N_("Omgångens sista dag var {at}. Ansökan finns kvar som den är, till nästa omgång.")
        return Text(words, at=rounds.closes_words(found))
    return None if found.state == OPEN else Text(N_("Omgången är inte öppen. Välj en annan, eller vänta tills den är."))


@APPLICATION.guard("skicka_in")
def _whole(application: Application, actor: Actor) -> Iterable[Objection]:
    return lacks(coach.read_coach(actor, application), AT_SUBMIT)


@APPLICATION.guard("skicka_in")
def _by_another(application: Application, actor: Actor) -> Iterable[Objection]:
    if authors_of(application) == {actor.id}:
        words = N_("Du har skrivit {number} ensam. Den skickas in av någon annan.")
        yield Objection(Text(words, number=application.number))


def stops_at_once(actor: Actor, application: Application, key: str) -> list[Objection]:
    """Return what stops a step whatever is written now: its round, who else takes it or answers first.

    Nothing is locked.
    """
    found: list[Objection] = []
    if key == "skicka_in":
        shut = _shut_by(application.round, application)
        found = [*([shut] if shut else []), *_by_another(application, actor)]
    elif key == "godkann":
        found = list(_four_eyes(application, actor))
    elif key == "begar_granskning":
        found = list(_all_have_answered(application, actor))
    elif key == "komplettera":
        found = list(_as_was_asked(application, actor))
    return found


@APPLICATION.guard("aterta")
def _not_assessed_yet(application: Application, _actor: Actor) -> Iterable[Objection]:
    rows = select(Assessment.id).where(Assessment.application_id == application.id, Assessment.state != "aterkallad")
    if db.session().scalar(rows.limit(1)) is not None:
        yield Objection(N_("Bedömningen har börjat. Återkalla ansökan i stället, eller fråga stadsledningskontoret."))


@APPLICATION.guard("komplettera")
def _as_was_asked(application: Application, _actor: Actor) -> Iterable[Objection]:
    """Each part that is to be completed has been changed since that was asked."""
    asked = select(ApplicationEvent.at).where(
        ApplicationEvent.application_id == application.id, ApplicationEvent.kind == "begar_komplettering"
    )
    since = db.session().scalar(asked.order_by(ApplicationEvent.id.desc()).limit(1))
    rows = select(ApplicationPart).where(ApplicationPart.application_id == application.id, ApplicationPart.wanted != "")
    for part in db.session().scalars(rows):
        if since is not None and (part.changed_at is None or part.changed_at < since):
            words = N_("Ändra delen {part}. Det här är begärt: {wanted}")
            yield Objection(Text(words, part=PARTS[part.part].title, wanted=part.wanted), part.part)


@APPLICATION.guard("borja_bedoma")
def _complete(application: Application, actor: Actor) -> Iterable[Objection]:
    """What is assessed is whole, also after it was completed."""
    return lacks(coach.read_coach(actor, application), AT_SUBMIT)


@APPLICATION.guard("bevilja", "bevilja_delvis")
def _board_has_decided(application: Application, _actor: Actor) -> Iterable[Objection]:
    if application.conditional and application.decided_on is None:
        yield Objection(N_("Nämndens beslut är inte inskrivet. Ansökan skickades in under förutsättning av det."))
