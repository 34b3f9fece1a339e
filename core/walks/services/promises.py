"""The frister of walks (domain.md 2.5): planned, met and moved along by what happens, never closed by hand.

Their kinds stand in `limits`, the engine of upkeep knows the dates; here stands only what begins and what ends them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_

from core import access, clock
from core.access import Actor
from core.db import session
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.refs import Subject
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline
from core.upkeep.states import DEADLINE
from core.walks.limits import ANSWER, CALL, FEEDBACK, FOLLOW_UP, GIVEN, ONLY, OWN, PROTOCOL, ROUTE
from core.walks.models import Observation, Report, Walk
from core.walks.states import ANSWERING, UNROUTED, WAITING

HOUSE = access.system("walks")
SECOND = timedelta(seconds=1)
NEWS = timedelta(days=7)
"""How old a report may be that letters tell of as new when it comes in; what is older was known elsewhere."""
GIVEN_WORDS = N_("Den tid som {source} har lovat")

TO_ANSWER = and_(
    Deadline.subject_kind == "observation", Deadline.subject_uid == Observation.uid, Deadline.kind == ANSWER
)
"""The condition that a frist is the one to answer an observation, for queries that tell of both."""

BACK = ("hanvisa_vidare", "oppna_igen", "ta_upp_igen", "ta_tillbaka")
BEGINS = {"fordela": (ANSWER,)} | dict.fromkeys(BACK, (ROUTE,))
ENDS = {"fordela": (ROUTE,)} | dict.fromkeys(ANSWERING, (ANSWER,)) | {"atgarda": (ANSWER, GIVEN)}
LAPSES: dict[str, tuple[str, ...]] = dict.fromkeys(("avskriva", "markera_dubblett"), (ROUTE, ANSWER, GIVEN))
LAPSES |= dict.fromkeys(("hanvisa_vidare", "ta_tillbaka"), (ANSWER,))
"""Frister of an observation that a move begins, meets, or lets lapse."""


def logged(observation: Observation) -> None:
    """Promise what an observation as it is now asks for: to be routed, and in danger that somebody calls."""
    about = observation.ref().ref
    if observation.nature == "positivt":
        upkeep.drop_deadline(HOUSE, ROUTE, about, reason=N_("Det är bra som det är"))
    elif observation.state in UNROUTED:
        _begin(ROUTE, about, observation.coordinator_id)
    if observation.is_danger:
        _begin(CALL, about, observation.coordinator_id)
    else:
        upkeep.drop_deadline(HOUSE, CALL, about, reason=N_("Det är inte längre fara"))


def given(observation: Observation, report: Report) -> None:
    """Keep what another register has promised of a report, as it stands there; what it has closed was met then.

    Whoever holds the report answers for it: until it is routed, and when it has come back, who coordinates.
    What is done in the very second that was promised is in time: a frist is the moment before which.
    """
    if report.target_at is None:
        return
    about, title = observation.ref().ref, Text(GIVEN_WORDS, source=report.source)
    terms = Rule(0, "given_date", title, source=report.source, given=report.target_at + SECOND)
    known: dict[str, Any] = {
        "rule": ONLY,
        "subject": about,
        "starts_at": report.reported_at,
        "owner": observation.coordinator_id if observation.state in WAITING else observation.organisation_id,
    }
    known["owner"] = known["owner"] or observation.coordinator_id
    upkeep.plan_deadline(HOUSE, GIVEN, terms=terms, **known)
    if report.closed_at is not None:
        upkeep.report_met(HOUSE, GIVEN, about, at=report.closed_at)
        upkeep.confirm_met(HOUSE, GIVEN, about, reason=title)


def read_in(observation: Observation, report: Report) -> None:
    """Keep the promises of a report that has come in; history that is read in is no news in any letter."""
    given(observation, report)
    if report.reported_at < clock.now() - NEWS:
        upkeep.keep_quiet(HOUSE, observation.ref().ref)


def taken_back(observation: Observation, reason: str) -> None:
    """Let nothing be left of what a register had promised of a report that should not have come."""
    about = observation.ref().ref
    upkeep.renew_deadline(HOUSE, GIVEN, about, starts_at=observation.seen_at, reason=reason)
    upkeep.drop_deadline(HOUSE, GIVEN, about, reason=reason)


def called(observation: Observation, whom: str) -> None:
    """Meet the promise to call."""
    upkeep.meet_deadline(HOUSE, CALL, observation.ref().ref, reason=whom)


def moved(observation: Observation, move: str, label: str) -> None:
    """Let the frister of an observation follow its move; an open one goes with it to another receiver."""
    about = observation.ref().ref
    for kind in ENDS.get(move, ()):
        upkeep.meet_deadline(HOUSE, kind, about, reason=label)
    for kind in LAPSES.get(move, ()):
        upkeep.drop_deadline(HOUSE, kind, about, reason=label)
    for kind in BEGINS.get(move, ()):
        owner = observation.organisation_id if kind == ANSWER else observation.coordinator_id
        upkeep.renew_deadline(HOUSE, kind, about, starts_at=clock.now(), reason=label)
        _begin(kind, about, owner)
    if move in ("fordela", *BACK) and observation.walk_id is None:
        report = session().get(Report, observation.id)
        if report is not None:
            given(observation, report)


def walked(walk: Walk, move: str, label: str) -> None:
    """Let the frister of a walk follow its move."""
    about = about_walk(walk)
    if move == "avsluta":
        for kind in (PROTOCOL, FEEDBACK):
            _begin(kind, about, walk.organiser_id)
    elif move == "justera":
        upkeep.meet_deadline(HOUSE, PROTOCOL, about, reason=label)
    elif move == "aterkoppla":
        upkeep.meet_deadline(HOUSE, FEEDBACK, about, reason=label)
        _begin(FOLLOW_UP, about, walk.organiser_id, walk.planned_at)
    elif move == "folja_upp":
        upkeep.meet_deadline(HOUSE, FOLLOW_UP, about, reason=label)


def about_walk(walk: Walk) -> Subject:
    """Return the walk as what a frist is about; where it has several places, the first of them."""
    place = walk.places[0].uid if walk.places else None
    return Subject("walk", walk.uid, walk.title, place=place, level=walk.level)


def deadlines_about(actor: Actor, walk: Walk) -> list[Deadline]:
    """Return the frister about a walk as a whole, open and closed."""
    return upkeep.deadlines_of(actor, "walk", walk.uid)


def _begin(kind: str, about: Subject, owner: int | None, starts_at: datetime | None = None) -> None:
    upkeep.plan_deadline(HOUSE, kind, rule=ONLY, subject=about, starts_at=starts_at or clock.now(), owner=owner)


@DEADLINE.guard("klarmarkera", "oppna_igen")
def _follows_the_walk(deadline: Deadline, actor: Actor) -> Iterable[Objection]:
    """A promise to answer is met by an answer."""
    if deadline.kind in OWN and actor.kind != "system":
        yield Objection(N_("Fristen följer vandringen. Den blir klar när det som den gäller är gjort."))
