"""From draft to what applies, and to its end: the gates, the frozen text, each party's signature, reviews, editions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.limits import ANSWER_DRAFT, EXPIRES, REVIEW, SIGN
from core.agreements.models import (
    Agreement,
    AgreementArea,
    AgreementChapter,
    AgreementGoal,
    AgreementParty,
    AgreementPlace,
    AgreementPriority,
    AgreementReview,
    Commitment,
    CommitmentTime,
)
from core.agreements.models.together import LEAD, POLICE_KINDS, READ, WRITE
from core.agreements.services.checks import needs_check, standing_checks
from core.agreements.services.commitments import decline_all, end_all, take_on_all
from core.agreements.services.keeping import (
    HOUSE,
    acts_for,
    dropped,
    kept,
    note,
    on_day,
    promise,
    reaches,
    subject,
)
from core.agreements.services.parties import joins, leaves, owner_of
from core.agreements.services.texts import digest_of, gathered, lacking
from core.agreements.states import AGREEMENT, APPLIES
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.refs import Subject
from core.schema import Invalid

MOST = 500
UNSIGNED: dict[str, Any] = {
    "signed_on": None, "signed_by": "", "signed_how": "", "signed_reference": "", "signed_digest": "",
}  # fmt: skip


def move_agreement(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Agreement:
    """Send a draft out, take it back, let it be signed, give notice. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Agreement, uid, actor, READ, lock=True)
    db.refuse_stale("agreement", uid, row.version, version)
    flow.move(AGREEMENT, row, key, actor, reason=reason)
    note(actor, row, "steg", target=row.state, reason=reason)
    if key == "skicka_pa_remiss":
        _ask_for_answers(row)
    elif key == "lat_signera":
        _freeze(row)
    elif key == "andra_utkastet":
        _take_back(row, reason)
    elif key == "lagg_ned":
        _lay_down(row, reason)
    elif key == "sag_upp":
        _ended(row, clock.today(), reason)
    db.session().flush()
    return row


def _parties(row: Agreement) -> list[AgreementParty]:
    rows = select(AgreementParty).options(joinedload(AgreementParty.organisation)).order_by(AgreementParty.id)
    return list(
        db.session().scalars(rows.where(AgreementParty.agreement_id == row.id, AgreementParty.left_on.is_(None)))
    )


def _about(row: Agreement, party: AgreementParty) -> Subject:
    return subject("agreement_party", party, row.title, row)


def _ask_for_answers(row: Agreement) -> None:
    for party in _parties(row):
        _ask_for_an_answer(row, party)


@joins
def _ask_for_an_answer(row: Any, party: Any) -> None:
    """Ask a party about the draft that is out: what it has answered before was about another text."""
    if not isinstance(row, Agreement) or row.state != "remiss":
        return
    party.answer, party.answered_at = "", None
    if party.organisation_id != row.organisation_id:
        terms = on_day(ANSWER_DRAFT, row.answer_by or clock.today())
        promise(ANSWER_DRAFT, _about(row, party), party.organisation_id, starts_at=clock.now(), terms=terms)


@leaves
def _ask_no_more(row: Any, organisation: int, reason: str) -> None:
    if isinstance(row, Agreement):
        for party in db.session().scalars(select(AgreementParty).filter_by(agreement_id=row.id)):
            if party.organisation_id == organisation:
                dropped(ANSWER_DRAFT, _about(row, party), reason)


def _freeze(row: Agreement) -> None:
    """Keep the text as it is: what the parties sign is this, whatever becomes of goals and places."""
    row.frozen = gathered(row)
    row.digest = digest_of(row.frozen)
    for party in _parties(row):
        dropped(ANSWER_DRAFT, _about(row, party), N_("Remissen är slut"))
        promise(SIGN, _about(row, party), party.organisation_id, starts_at=clock.now())


def _take_back(row: Agreement, reason: str) -> None:
    """Let a text be written on: what anybody has signed was another one."""
    row.frozen, row.digest = None, ""
    for party in _parties(row):
        for name, value in UNSIGNED.items():
            setattr(party, name, value)
        for kind in (ANSWER_DRAFT, SIGN):
            dropped(kind, _about(row, party), reason)


# --- The gates ----------------------------------------------------------------------------------------------------


@AGREEMENT.guard("skicka_pa_remiss", "lat_signera")
def _is_written(row: Agreement, _actor: Actor) -> Iterable[Objection]:
    """All fourteen chapters say something, and one with the police has the police in it."""
    for number in lacking(gathered(row)):
        yield Objection(Text(N_("Kapitel {number} är tomt."), number=number), f"kapitel-{number}")
    police = any(party.organisation.kind in POLICE_KINDS for party in _parties(row))
    if row.kind.startswith("polis") and not police:
        yield Objection(N_("Lägg till polisen som part."), "parter")


@AGREEMENT.guard("skicka_pa_remiss")
def _has_a_day(row: Agreement, _actor: Actor) -> Iterable[Objection]:
    if row.answer_by is None or row.answer_by < clock.today():
        yield Objection(N_("Skriv när parterna ska ha svarat, en dag som kommer."), "answer_by")


@AGREEMENT.guard("lat_signera")
def _is_answered(row: Agreement, _actor: Actor) -> Iterable[Objection]:
    """Each party has answered or had its time; associations and businesses meet democratic conditions (Z41)."""
    parties = _parties(row)
    silent = [one for one in parties if one.answered_at is None and one.organisation_id != row.organisation_id]
    if silent and (row.answer_by is None or row.answer_by >= clock.today()):
        names = ", ".join(one.organisation.name for one in silent)
        yield Objection(Text(N_("Vänta på svar från {names}, eller tills remissen är slut."), names=names), "parter")
    if row.valid_to is not None and row.valid_to < clock.today():
        yield Objection(N_("Sista dagen har redan varit."), "valid_to")
    checks = standing_checks([one.organisation_id for one in parties])
    for party in parties:
        check = checks.get(party.organisation_id)
        if needs_check(party.organisation) and (check is None or check.result == "uppfyller_inte"):
            words = N_("{name}: demokrativillkoren är inte prövade de senaste 12 månaderna.")
            if check is not None:
                words = N_("{name} uppfyller inte demokrativillkoren.")
            yield Objection(Text(words, name=party.organisation.name), "parter")


@AGREEMENT.guard("borja_galla")
def _all_have_signed(row: Agreement, _actor: Actor) -> Iterable[Objection]:
    for party in _parties(row):
        if party.signed_on is None or party.signed_digest != row.digest:
            yield Objection(Text(N_("{name} har inte signerat."), name=party.organisation.name))


# --- What the parties do ------------------------------------------------------------------------------------------


def _own_part(actor: Actor, uid: UUID) -> tuple[AgreementParty, Agreement]:
    """Return a party and its agreement, both locked: of two that sign last at once, one sees that all have."""
    about = access.find(Agreement, owner_of(actor, AgreementParty, uid), actor, READ, lock=True)
    return access.find(AgreementParty, uid, actor, READ, lock=True), about


def answer(actor: Actor, party: UUID, *, text: str, version: int | None = None) -> AgreementParty:
    """Answer a draft for one's own party. Raises Missing, Denied, Stale, Refused."""
    row, about = _own_part(actor, party)
    access.require(actor, WRITE, about)
    db.refuse_stale("agreement_party", party, row.version, version)
    if not acts_for(actor, row.organisation_id):
        raise flow.Refused([Objection(N_("Det gör parten själv."))])
    if about.state != "remiss":
        raise flow.Refused([Objection(N_("Utkastet är inte på remiss."))])
    row.answer, row.answered_at = text, clock.now()
    db.session().flush()
    kept(ANSWER_DRAFT, _about(about, row), N_("Har svarat"))
    note(actor, about, "svarat", about_id=row.organisation_id)
    journal.write(actor, "agreement:answer", "agreement", about.uid, party=str(party))
    return row


def sign(
    actor: Actor, party: UUID, *, by: str, on: date, how: str, reference: str, version: int | None = None
) -> AgreementParty:
    """Keep a party's signature: the function with its mandate, the day, how and where it is found.

    By the party itself; one that was scanned also by who leads. When all have signed the agreement applies.
    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    row, about = _own_part(actor, party)
    access.require(actor, WRITE, about)
    db.refuse_stale("agreement_party", party, row.version, version)
    if not acts_for(actor, row.organisation_id) and not (how == "inskannad" and reaches(actor, about, LEAD)):
        raise flow.Refused([Objection(N_("Parten signerar själv. En inskannad underskrift skriver den som leder in."))])
    if about.state != "signeras":
        raise flow.Refused([Objection(N_("Det går att signera när texten ligger fast."))])
    if row.signed_on is not None:
        raise flow.Refused([Objection(N_("Parten har redan signerat."))])
    if on > clock.today():
        raise Invalid({"on": [N_("Dagen har inte varit än.")]})
    said = {"signed_on": on, "signed_by": by, "signed_how": how, "signed_reference": reference}
    for name, value in (said | {"signed_digest": about.digest}).items():
        setattr(row, name, value)
    db.session().flush()
    kept(SIGN, _about(about, row), N_("Signerat"))
    note(actor, about, "signerat", about_id=row.organisation_id, text=by)
    journal.write(actor, "agreement:sign", "agreement", about.uid, party=str(party), how=how, digest=about.digest)
    if all(one.signed_on is not None for one in _parties(about)):
        _apply(about)
    return row


def _apply(row: Agreement) -> None:
    """Let an agreement apply that all have signed: its commitments, its yearly review, its last day."""
    flow.move(AGREEMENT, row, "borja_galla", HOUSE)
    today = clock.today()
    row.applies_on = max(today, row.valid_from or today)
    note(HOUSE, row, "steg", target=row.state)
    take_on_all(HOUSE, row)
    _plan_review(row, row.applies_on)
    last = row.valid_to or today
    promise(
        EXPIRES,
        subject("agreement", row, row.title),
        row.organisation_id,
        starts_at=clock.now(),
        terms=on_day(EXPIRES, last, row.number),
    )
    db.session().flush()
    if row.applies_on <= today:
        _replace(row)


def _plan_review(row: Agreement, since: date) -> None:
    review = AgreementReview(agreement_id=row.id)
    db.session().add(review)
    db.session().flush()
    about = subject("agreement_review", review, row.title, row)
    review.due_on = row.review_on = promise(REVIEW, about, row.organisation_id, starts_at=clock.first_moment(since))
    db.session().flush()


def record_review(actor: Actor, agreement: UUID, *, result: str, version: int | None = None) -> AgreementReview:
    """Write down what the yearly review came to; the next is counted from today. Raises Missing, Denied, Refused."""
    row = access.find(Agreement, agreement, actor, LEAD, lock=True)
    db.refuse_stale("agreement", agreement, row.version, version)
    if row.state not in APPLIES:
        raise flow.Refused([Objection(N_("Bara det som gäller ses över."))])
    waiting = select(AgreementReview).where(AgreementReview.agreement_id == row.id, AgreementReview.done_on.is_(None))
    review = db.session().scalars(waiting).one()
    review.done_on, review.result = clock.today(), result
    db.session().flush()
    kept(REVIEW, subject("agreement_review", review, row.title, row), N_("Översynen är gjord"))
    note(actor, row, "oversyn", reason=result[:1000])
    journal.write(actor, "agreement:review", "agreement", row.uid)
    _plan_review(row, clock.today())
    return review


# --- Its end, and the next edition --------------------------------------------------------------------------------


def _ended(row: Agreement, on: date, why: str) -> None:
    """Close what waits for an agreement that no longer applies."""
    row.ended_on, row.ended_why, row.review_on = on, why, None
    db.session().flush()
    end_all(HOUSE, row, why)
    waiting = select(AgreementReview).where(AgreementReview.agreement_id == row.id, AgreementReview.done_on.is_(None))
    for review in db.session().scalars(waiting).all():
        dropped(REVIEW, subject("agreement_review", review, row.title, row), why)
    dropped(EXPIRES, subject("agreement", row, row.title), why)


def _replace(row: Agreement) -> None:
    """Let the edition before end when this one begins to apply."""
    before = db.session().get(Agreement, row.previous_id) if row.previous_id else None
    if before is None or before.state not in APPLIES:
        return
    kept(EXPIRES, subject("agreement", before, before.title), N_("Förnyad"))
    flow.move(AGREEMENT, before, "ga_ut", HOUSE)
    note(HOUSE, before, "steg", target=before.state)
    _ended(before, row.applies_on or clock.today(), Text(N_("Ersatt av utgåva {edition}"), edition=row.edition))


def end_what_is_over() -> None:
    """Let agreements run out after their last day, and new editions take over on their first."""
    today = clock.today()
    rows = select(Agreement).where(Agreement.state.in_(APPLIES)).order_by(Agreement.id).with_for_update()
    before = aliased(Agreement)
    still = select(before.id).where(before.state.in_(APPLIES))
    begun = rows.where(Agreement.previous_id.in_(still), Agreement.applies_on <= today).limit(MOST)
    for row in db.session().scalars(begun).all():
        _replace(row)
    for row in db.session().scalars(rows.where(Agreement.valid_to < today).limit(MOST)).all():
        flow.move(AGREEMENT, row, "ga_ut", HOUSE)
        note(HOUSE, row, "steg", target=row.state)
        _ended(row, row.valid_to or today, N_("Gick ut"))


def begin_next(actor: Actor, agreement: UUID, *, uid: UUID) -> Agreement:
    """Begin the next edition of an agreement that applies, with its text; the old one applies until that does.

    Once for each agreement. Raises Missing, Denied, Refused.
    """
    row = access.find(Agreement, agreement, actor, LEAD, lock=True)
    known = db.session().scalar(select(Agreement).where(Agreement.previous_id == row.id))
    if known is not None:
        return known
    flow.move(AGREEMENT, row, "revidera", actor)
    facts = {name: getattr(row, name) for name in ("number", "kind", "title", "organisation_id", "collaboration_id")}
    content = db.fingerprint(previous=row.uid)
    last = db.session().scalars(select(func.max(Agreement.edition)).where(Agreement.number == row.number)).one()
    after = Agreement(
        uid=uid, content=content, edition=last + 1, previous_id=row.id, cycle_id=row.cycle_id,
        state=AGREEMENT.start, level=row.level, **facts,
    )  # fmt: skip
    db.session().add(after)
    db.session().flush()
    _copy(row, after)
    note(actor, row, "steg", target=row.state)
    note(actor, after, "startad")
    journal.write(actor, "agreement:next", "agreement", uid, previous=str(agreement))
    return after


def _lay_down(row: Agreement, reason: str) -> None:
    """Let a draft be: what waits for it lapses, and the edition before goes on as it was; another may be begun."""
    _take_back(row, reason)
    decline_all(HOUSE, row, reason)
    before = db.session().get(Agreement, row.previous_id, with_for_update=True) if row.previous_id else None
    row.previous_id, row.ended_on, row.ended_why = None, clock.today(), reason
    db.session().flush()
    if before is not None and before.state == "revideras":
        flow.move(AGREEMENT, before, "avbryt_revidering", HOUSE, reason=reason)
        note(HOUSE, before, "steg", target=before.state, reason=reason)


COPIED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (AgreementChapter, ("number", "text")),
    (AgreementPlace, ("place_id",)),
    (AgreementArea, ("area_id",)),
    (AgreementGoal, ("goal_id",)),
    (AgreementPriority, ("number", "title", "text")),
    (AgreementParty, ("organisation_id", "role", "mandate", "substitute", "resources")),
)
"""What the next edition begins with."""
PROMISED = (
    "goal_id", "place_id", "number", "kind", "what", "location", "organisation_id", "function", "indicator",
    "starts_on", "due_on", "rrule", "level",
)  # fmt: skip


def _copy(row: Agreement, after: Agreement) -> None:
    for model, names in COPIED:
        found = select(model).where(model.agreement_id == row.id)
        found = found.where(model.left_on.is_(None)) if model is AgreementParty else found
        for one in db.session().scalars(found).all():
            facts = {name: getattr(one, name) for name in names}
            facts |= {"joined_on": clock.today()} if model is AgreementParty else {}
            db.session().add(model(agreement_id=after.id, **facts))
    answered = select(CommitmentTime.commitment_id).where(CommitmentTime.kept.is_not(None))
    going_on = (Commitment.rrule != "") | Commitment.id.not_in(answered)  # what was to be done once has been told of
    promised = select(Commitment).where(Commitment.agreement_id == row.id, Commitment.state == "atagit", going_on)
    for one in db.session().scalars(promised).all():
        facts = {name: getattr(one, name) for name in PROMISED}
        content = db.fingerprint(carried=one.uid)
        db.session().add(Commitment(agreement_id=after.id, content=content, state="foreslaget", **facts))
    db.session().flush()


def to_sign(actor: Actor, organisations: Any, limit: int) -> list[tuple[AgreementParty, Agreement]]:
    """Return what some organisations have yet to answer or to sign."""
    rows = select(AgreementParty, Agreement).join(Agreement, Agreement.id == AgreementParty.agreement_id)
    rows = rows.where(AgreementParty.organisation_id.in_(organisations), AgreementParty.left_on.is_(None))
    answers = (Agreement.state == "remiss") & AgreementParty.answered_at.is_(None)
    answers &= AgreementParty.organisation_id != Agreement.organisation_id
    signs = (Agreement.state == "signeras") & AgreementParty.signed_on.is_(None)
    rows = rows.where(answers | signs, access.rule_of(Agreement, actor, WRITE)).order_by(AgreementParty.id)
    return [(party, about) for party, about in db.session().execute(rows.limit(limit))]
