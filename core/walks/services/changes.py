"""The moves of an observation: who gets it, what they answer, who confirms; each kept with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.walks.models import Observation, ObservationEvent, Report
from core.walks.services import promises
from core.walks.services.reaching import organisation_keys
from core.walks.states import ANSWERING, CALLED, DATED, LEFT_OUT, OBSERVATION, REVIEW, VERIFY


@dataclass(frozen=True)
class Answer:
    """What is said with a move: why, what residents are told, the day when it will be done.

    `receiver` is who gets it (fordela; whoever has rådighet when not given) or who should have it (hanvisa_vidare);
    `kept` is the observation that a duplicate is the same as, which is reason enough. What is ordered without a time
    to mend it in (P4) is planned and `undated`.
    """

    reason: str = ""
    answer: str = ""
    done_on: date | None = None
    receiver: UUID | None = None
    kept: UUID | None = None
    undated: bool = False


SILENT = Answer()


def move_observation(
    actor: Actor, uid: UUID, key: str, said: Answer = SILENT, *, version: int | None = None
) -> Observation:
    """Make a move of an observation, with what is said about it. Raises Missing, Denied, Stale, Invalid, Refused."""
    observation = access.find(Observation, uid, actor, OBSERVATION.move(key).needs, lock=True)
    db.refuse_stale("observation", uid, observation.version, version)
    stays = _kept(actor, observation, said.kept) if key == "markera_dubblett" and said.kept else None
    if stays is not None and not said.reason.strip():
        said = replace(said, reason=Text(N_("Samma som iakttagelse {n}."), n=stays.number))
    chosen = organisation_keys(actor, [said.receiver], "receiver")[0] if said.receiver else None
    needed = [*_about_the_day(key, said), *_about_the_words(observation, key, said, chosen)]
    if needed and observation.state in OBSERVATION.move(key).sources:
        raise flow.Refused(needed, key)
    flow.move(OBSERVATION, observation, key, actor, reason=said.reason)
    _keep(observation, key, said)
    if key == "fordela":
        observation.organisation_id = chosen or observation.proposed_id or observation.organisation_id
        observation.proposed_id, observation.done_by_id = None, None
    elif key == "hanvisa_vidare":
        observation.proposed_id = chosen
    elif key in ("markera_dubblett", "ta_upp_igen"):
        observation.kept_id = stays.id if stays is not None else None
    elif key in ("atgarda", "andra_svar"):
        observation.done_by_id = actor.id if key == "atgarda" else None
    db.session().flush()
    gets = observation.organisation_id if key == "fordela" else chosen
    words = {"reason": said.reason, "answer": said.answer, "done_on": said.done_on}
    _note(actor, observation, key, receiver_id=gets, **words)
    promises.moved(observation, key, OBSERVATION.move(key).label)
    return observation


def _kept(actor: Actor, observation: Observation, uid: UUID) -> Observation:
    """Return what a duplicate goes into, locked too. Raises Invalid for itself, a duplicate, or one written off.

    Of two that are marked as the same as each other at once one wins; the other is tried again (decision 0007).
    """
    rows = select(Observation).where(Observation.uid == uid, access.rule_of(Observation, actor, REVIEW))
    stays = db.session().scalar(rows.with_for_update(of=Observation).execution_options(populate_existing=True))
    if stays is None or stays.id == observation.id or stays.state in LEFT_OUT:
        raise Invalid({"kept": [N_("Välj en annan iakttagelse, som inte själv är en dubblett eller avskriven.")]})
    return stays


def _about_the_day(key: str, said: Answer) -> Iterable[Objection]:
    done_on = said.done_on
    if key in DATED and done_on is None and not said.undated:
        yield Objection(N_("Skriv när det ska vara klart."), "done_on")
    elif key in DATED and done_on is not None and done_on < clock.today():
        yield Objection(N_("Dagen har redan varit. Skriv en dag som kommer."), "done_on")
    elif key == "atgarda" and done_on is not None and done_on > clock.today():
        yield Objection(
            N_("Dagen har inte varit än. Skriv dagen då det blev klart, eller svara att ni planerar in det."), "done_on"
        )


def _about_the_words(observation: Observation, key: str, said: Answer, chosen: int | None) -> Iterable[Objection]:
    """Return what is missing in what was written about a move, beside the day."""
    if key == "atgarda_inte" and not said.answer.strip():
        yield Objection(N_("Skriv ett svar som en boende förstår."), "answer")
    expected = observation.proposed_id or observation.organisation_id
    if key == "fordela" and observation.state == "fel_mottagare" and not (chosen or observation.proposed_id):
        yield Objection(N_("Välj vem som ska få iakttagelsen. Den som fick den förra gången var fel."), "receiver")
    if key == "hanvisa_vidare" and chosen is not None and chosen == observation.organisation_id:
        yield Objection(N_("Välj någon annan än er själva, eller lämna fältet tomt."), "receiver")
    if OBSERVATION.move(key).reason and not said.reason.strip():
        yield Objection(N_("Skriv varför."), "reason")
    elif key == "fordela" and chosen not in (None, expected) and not said.reason.strip():
        yield Objection(N_("Skriv varför någon annan än den som har rådighet får iakttagelsen."), "reason")


def _keep(observation: Observation, key: str, said: Answer) -> None:
    """Keep the receiver's last words and day with the observation; what is done is no longer promised."""
    if key == "atgarda":
        observation.answer, observation.done_on = "", clock.today()
    if key in ("oppna_igen", "andra_svar"):
        observation.done_on = None
    if said.done_on is not None:
        observation.done_on = said.done_on
    if said.answer.strip():
        observation.answer = said.answer.strip()


def _note(actor: Actor, observation: Observation, kind: str, **facts: object) -> None:
    said = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    db.session().add(
        ObservationEvent(
            observation_id=observation.id,
            at=clock.now(),
            kind=kind,
            state=observation.state,
            person_id=actor.id,
            organisation_id=actor.organisation,
            **said,
        )
    )
    db.session().flush()


def note_call(actor: Actor, uid: UUID, *, called: str) -> Observation:
    """Keep that somebody has called about a danger, when, and whom; the promise to call is met.

    Raises Missing, Denied, and Refused for what is no danger.
    """
    observation = access.find(Observation, uid, actor, "walks:observation:edit", lock=True)
    if not observation.is_danger:
        raise flow.Refused([Objection(N_("Iakttagelsen är inte märkt som fara."))])
    _note(actor, observation, CALLED, called=called)
    promises.called(observation, called)
    journal.write(actor, "observation:ring", "observation", uid, level=observation.level, called=called)
    return observation


def is_called(actor: Actor, observation: Observation) -> bool:
    """Whether somebody has called about it."""
    rows = select(ObservationEvent.id).where(ObservationEvent.observation_id == observation.id)
    rows = rows.where(ObservationEvent.kind == CALLED, access.rule_of(ObservationEvent, actor))
    return db.session().scalars(rows.limit(1)).first() is not None


def changes_of(actor: Actor, observations: Iterable[Observation]) -> list[ObservationEvent]:
    """Return what has happened to observations, the newest first."""
    keys = [observation.id for observation in observations]
    rows = select(ObservationEvent).options(
        joinedload(ObservationEvent.organisation), joinedload(ObservationEvent.receiver)
    )
    rows = rows.where(ObservationEvent.observation_id.in_(keys)).order_by(ObservationEvent.id.desc())
    return list(db.session().scalars(access.visible(rows, actor))) if keys else []


def to_confirm(actor: Actor, limit: int = 20) -> list[Observation]:
    """Return what somebody has said is done and the actor can confirm, the first of them first, in one query."""
    if not actor.may(VERIFY):
        return []
    own = select(ObservationEvent.observation_id).where(
        ObservationEvent.person_id == actor.id, ObservationEvent.kind.in_(ANSWERING)
    )
    rows = select(Observation).where(Observation.state == "atgardad", access.rule_of(Observation, actor, VERIFY))
    elsewhere = select(Report.observation_id).where(Report.closed_at.is_not(None))
    rows = rows.where(Observation.level < journal.PROTECTED, Observation.id.not_in(own))
    rows = rows.where(or_(Observation.done_by_id.is_not(None), Observation.id.not_in(elsewhere)))
    return list(db.session().scalars(rows.order_by(Observation.id).limit(limit)))


@OBSERVATION.guard("verifiera")
def _not_ones_own_work(observation: Observation, actor: Actor) -> Iterable[Objection]:
    """Who did the work, or answered for it, does not confirm it (domain.md 2.3)."""
    if observation.done_by_id is not None and observation.done_by_id == actor.id:
        yield Objection(N_("Du har markerat iakttagelsen som åtgärdad. Någon annan bekräftar den."))
        return
    answered = select(ObservationEvent.id).where(
        ObservationEvent.observation_id == observation.id,
        ObservationEvent.person_id == actor.id,
        ObservationEvent.kind.in_(ANSWERING),
    )
    if actor.id is not None and db.session().scalars(answered.limit(1)).first() is not None:
        yield Objection(N_("Du har svarat på iakttagelsen. Någon annan bekräftar den."))
