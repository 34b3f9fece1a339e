"""What agreements say through the contract: their frister, what waits for whom, their part of a place's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from core import access, clock
from core.access import Actor
from core.agreements import demo, documents  # noqa: F401 - what can be asked for
from core.agreements.limits import ANSWER_DRAFT, COMMITTED, DECIDED, KINDS, SIGN
from core.agreements.models import (
    Agreement,
    AgreementEvent,
    AgreementParty,
    AgreementPlace,
    AgreementReview,
    Collaboration,
    CollaborationPlace,
    Commitment,
    CommitmentTime,
    Council,
    CouncilPlan,
    Meeting,
    MeetingDecision,
)
from core.agreements.models.together import LEAD, PARTS, READ, WRITE, homes
from core.agreements.services import collaborations, commitments, councils, coverage, decisions, signing
from core.agreements.services.keeping import OWNERS
from core.agreements.states import AGREEMENT, COLLABORATION, COUNCIL, HAPPENED
from core.db import session
from core.flow import Flow
from core.hookspecs import DeadlineKind, Event, Job, Section, Todo, hookimpl
from core.i18n import N_, Text
from core.people import services as people
from core.places.models import places_behind
from core.refs import PlaceRef, Subject
from core.upkeep.naming import About, names
from core.upkeep.news import stands

MOST = 20


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """Meetings, decisions, commitments, evaluations, answers, signatures, reviews, last days."""
    return KINDS


@hookimpl
def tryggplats_demo(city: str) -> None:  # noqa: ARG001 - the seed pack that the settings name
    """Fill the demo city's collaborations, agreements and councils."""
    demo.fill()


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Every hour what is near gets its frist, and what is over ends."""
    return [
        Job("agreements:ataganden", N_("Planera åtaganden som närmar sig"), 3600, commitments.make_commitment_times),
        Job("agreements:arsplaner", N_("Planera frister för lokala råds årsplaner"), 3600, councils.plan_what_lacks),
        Job("agreements:slut", N_("Låt överenskommelser gå ut och ta över"), 3600, signing.end_what_is_over),
    ]


# --- What a merger means ------------------------------------------------------------------------------------------


def _follow(title: str, model: Any, moves: Flow) -> None:
    """Tell, before a merger, how many organisations lead or are parties of that are not over: they go on as theirs."""
    over = [key for key, state in moves.states.items() if state.closed]
    column, party = OWNERS[model]

    @people.follows(title)
    def _count(organisations: frozenset[int]) -> int:
        taking = select(getattr(party, column)).where(party.organisation_id.in_(organisations), party.left_on.is_(None))
        theirs = or_(model.organisation_id.in_(organisations), model.id.in_(taking))
        rows = select(func.count()).select_from(model).where(theirs, model.state.not_in(over))
        return session().scalar(rows) or 0


_follow(N_("Överenskommelser som de är med i"), Agreement, AGREEMENT)
_follow(N_("Platssamverkan som de är med i"), Collaboration, COLLABORATION)
_follow(N_("Lokala råd som de är med i"), Council, COUNCIL)


# --- What frister are about ---------------------------------------------------------------------------------------


@names("collaboration")
def _collaborations(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Collaboration.uid, Collaboration.name, Collaboration.number).where(Collaboration.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(Collaboration, actor)))
    return {row.uid: About(row.name, f"/platssamverkan/{row.uid}", row.number) for row in found}


@names("council")
def _councils(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Council.uid, Council.name, Council.number).where(Council.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(Council, actor)))
    return {row.uid: About(row.name, f"/lokala-rad/{row.uid}", row.number) for row in found}


@names("council_plan")
def _council_plans(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """The next plan is a matter of what the last one was of: its page leads to the council's."""
    rows = select(CouncilPlan.uid, Council.uid.label("council"), Council.name, Council.number)
    rows = rows.join(Council, Council.id == CouncilPlan.council_id).where(CouncilPlan.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(Council, actor)))
    return {row.uid: About(row.name, f"/lokala-rad/{row.council}#arsplaner", row.number) for row in found}


@names("meeting")
def _meetings(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """The next meeting is a matter of what the last one was of: its page leads to the form that calls one."""
    rows = select(Meeting.uid, Collaboration.uid, Collaboration.name, Council.uid, Council.name)
    rows = rows.outerjoin(Collaboration, Collaboration.id == Meeting.collaboration_id)
    rows = rows.outerjoin(Council, Council.id == Meeting.council_id).where(Meeting.uid.in_(uids))
    found: dict[UUID, About] = {}
    for uid, place, place_name, council, council_name in session().execute(rows.where(access.rule_of(Meeting, actor))):
        link = f"/platssamverkan/{place}" if place else f"/lokala-rad/{council}"
        found[uid] = About(place_name or council_name, link)
    return found


@names("meeting_decision")
def _decisions(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(MeetingDecision.uid, MeetingDecision.text, Meeting.uid.label("meeting"))
    rows = rows.join(Meeting, Meeting.id == MeetingDecision.meeting_id).where(MeetingDecision.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(MeetingDecision, actor)))
    return {row.uid: About(row.text, f"/moten/{row.meeting}") for row in found}


@names("commitment_time")
def _times(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(CommitmentTime.uid, Commitment.what, Commitment.uid.label("commitment"))
    rows = rows.join(Commitment, Commitment.id == CommitmentTime.commitment_id).where(CommitmentTime.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(CommitmentTime, actor)))
    return {row.uid: About(row.what, f"/ataganden/{row.commitment}") for row in found}


def _of_agreements(actor: Actor, model: Any, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(model.uid, Agreement.title, Agreement.number, Agreement.uid.label("agreement"))
    rows = rows if model is Agreement else rows.join(Agreement, Agreement.id == model.agreement_id)
    found = session().execute(rows.where(model.uid.in_(uids), access.rule_of(model, actor)))
    return {row.uid: About(row.title, f"/overenskommelser/{row.agreement}", row.number) for row in found}


@names("agreement")
def _agreements(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return _of_agreements(actor, Agreement, uids)


@names("agreement_party")
def _agreement_parties(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return _of_agreements(actor, AgreementParty, uids)


@names("agreement_review")
def _reviews(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return _of_agreements(actor, AgreementReview, uids)


# --- On a place, and what waits -----------------------------------------------------------------------------------


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place the platssamverkan about it; on an organisation what it has promised."""
    if page == "place" and actor.may(READ):
        found = collaborations.collaborations_at(actor, subject.uid)
        shown = {"collaborations": [(one, COLLABORATION.states[one.state]) for one in found]}
        if found:
            yield Section("core:platssamverkan", N_("Platssamverkan"), "agreements/on_place.html", shown, 16)
    if page == "organisation" and actor.may(READ):
        promised = commitments.promised_by(actor, subject.uid)
        told = {"times": promised, "today": clock.today()}
        if promised:
            yield Section(
                "core:ataganden", N_("Det här har vi åtagit oss"), "agreements/on_organisation.html", told, 16
            )


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """What happened in the collaborations and agreements about a place."""
    if not actor.may(READ):
        return
    spots = places_behind(place.uid)
    together = select(CollaborationPlace.collaboration_id).where(CollaborationPlace.place_id.in_(spots))
    agreed = select(AgreementPlace.agreement_id).where(AgreementPlace.place_id.in_(spots))
    rows = select(AgreementEvent, Collaboration.uid, Collaboration.name, Agreement.uid, Agreement.title)
    rows = rows.outerjoin(Collaboration, Collaboration.id == AgreementEvent.collaboration_id)
    rows = rows.outerjoin(Agreement, Agreement.id == AgreementEvent.agreement_id)
    rows = rows.where(
        AgreementEvent.collaboration_id.in_(together) | AgreementEvent.agreement_id.in_(agreed),
        AgreementEvent.kind.in_(("startad", "steg", "mote", "hallet", "ej_hallet")),
        AgreementEvent.at < before,
        access.rule_of(AgreementEvent, actor),
    ).order_by(AgreementEvent.at.desc(), AgreementEvent.id.desc())
    for event, uid, name, agreement, title in session().execute(rows.limit(limit)):
        flow = COLLABORATION if uid else AGREEMENT
        label = flow.states[event.target].label if event.target else ""
        words = Text(HAPPENED[event.kind], text=event.text, target=label, about="")
        link = f"/platssamverkan/{uid}" if uid else f"/overenskommelser/{agreement}"
        kind = N_("Platssamverkan") if uid else N_("Överenskommelse")
        yield Event(event.at, kind, Text(N_("{name}: {what}"), name=name or title, what=words), link)


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """What a board lacks; and for who closes no frister, what is theirs to answer, sign, do and keep.

    Who closes frister is told of the rest by upkeep.
    """
    if not actor.may(WRITE):
        return
    for row in coverage.own_lacks(actor) if actor.may(LEAD) else ():
        for part in row.lacks:
            yield Todo(
                key=f"agreements:saknar:{part}:{row.board.uid}",
                title=Text(N_("Saknas: {what}"), what=PARTS[part]),
                link="/platssamverkan/tackning",
                context=row.board.name,
                tone="warning",
                shape="missing",
                state=N_("Saknas"),
                level=1,
            )
    if actor.may("upkeep:deadline:close"):
        return
    yield from _own(actor, min(limit, MOST))


def _own(actor: Actor, limit: int) -> Iterable[Todo]:
    own = homes(actor)
    parties = signing.to_sign(actor, own, limit)
    stand = stands([party.uid for party, _ in parties], ANSWER_DRAFT, SIGN)
    for party, about in parties:
        title = N_("Signera överenskommelsen") if about.state == "signeras" else N_("Svara på utkastet")
        yield Todo(
            f"agreements:{party.uid}",
            title,
            f"/overenskommelser/{about.uid}",
            detail=about.title,
            level=about.level,
            **stand.get(party.uid, {}),
        )
    decided = decisions.own_open(actor, own, limit)
    stand = stands([decision.uid for decision in decided], DECIDED)
    for decision in decided:
        yield Todo(
            f"agreements:{decision.uid}",
            N_("Gör det som mötet beslutade"),
            f"/moten/{decision.meeting.uid}",
            detail=decision.text,
            level=decision.level,
            **stand.get(decision.uid, {}),
        )
    promised = commitments.own_times(actor, own, limit)
    stand = stands([time.uid for time in promised], COMMITTED)
    for time in promised:
        yield Todo(
            f"agreements:{time.uid}",
            N_("Håll åtagandet"),
            f"/ataganden/{time.commitment.uid}",
            detail=time.commitment.what,
            level=time.commitment.level,
            **stand.get(time.uid, {}),
        )
