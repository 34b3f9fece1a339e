"""Several write an application: boards that apply together (E11), what is said about its parts, a board's own order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    AUDIENCES,
    READ,
    SUBMIT,
    WRITE,
    Application,
    ApplicationComment,
    ApplicationParty,
    Round,
)
from core.applications.parts import PARTS
from core.applications.services import applications
from core.applications.services.asking import applicants
from core.applications.states import APPLICATION
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.people.services import organisation_there
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

HOUSE = access.system("applications")
TOGETHER = "application_together"
"""The kind of thing that a letter names when a board has been asked to apply together."""
SHOWN = 200


# --- Boards that apply together -----------------------------------------------------------------------------------


def invite(actor: Actor, application: UUID, *, organisation: str) -> ApplicationParty:
    """Ask a board (its code) to apply together with the applicant; it reads the application, and answers.

    Raises Missing, Denied, Refused (not a draft), Invalid (no board, one that has ended, the applicant, already with).
    """
    found = _led(actor, application)
    board = organisation_there(organisation, "organisation")
    if board.kind not in applications.APPLIES:
        raise Invalid({"organisation": [N_("Bara nämnder kan söka tillsammans.")]})
    if board.id in applicants(found):
        raise Invalid({"organisation": [N_("Nämnden söker redan.")]})
    if any(one.organisation_id == board.id for one in applications.parties_of(found)):
        raise Invalid({"organisation": [N_("Nämnden är redan tillfrågad.")]})
    rows = select(ApplicationParty).filter_by(application_id=found.id, organisation_id=board.id)
    row = db.session().scalar(rows)
    if row is None:
        row = ApplicationParty(uid=db.new_uid(), application_id=found.id, organisation_id=board.id)
        db.session().add(row)
    row.joined_before = bool(row.joined_before or row.joined_on)
    row.joined_on, row.left_on = None, None
    db.session().flush()
    applications.note(actor, found, "medsokande", reason=board.name)
    journal.write(actor, "application:invite", "application", found.uid, level=found.level, organisation=organisation)
    upkeep.nudge_about(HOUSE, Subject(TOGETHER, found.uid, found.title, level=found.level), board.id)
    return row


def answer(actor: Actor, party: UUID, *, joins: bool, reason: str = "") -> Application:
    """Say for the board that was asked whether it applies together with the applicant; if so it writes from now on.

    Raises Missing, Denied (it is another that is asked), Refused (not a draft, it has answered), Invalid (no without
    why).
    """
    access.require(actor, WRITE)
    row = access.find(ApplicationParty, party, actor, READ, lock=True)
    if row.organisation_id not in actor.homes(WRITE):
        raise access.Denied(WRITE, N_("Bara den nämnd som är tillfrågad kan svara."))
    about = db.session().get_one(Application, row.application_id)
    found = access.find(Application, about.uid, actor, READ, lock=True)
    _refuse_unless_draft(found)
    if row.joined_on is not None or row.left_on is not None:
        raise flow.Refused([Objection(N_("Nämnden har redan svarat."))])
    if not joins and not reason.strip():
        raise Invalid({"reason": [N_("Skriv varför.")]})
    row.joined_on, row.left_on = (clock.today(), None) if joins else (None, clock.today())
    db.session().flush()
    board = db.session().get_one(Organisation, row.organisation_id)
    told = ": ".join(filter(None, [board.name, reason.strip()]))
    applications.note(actor, found, "medsokande_ja" if joins else "medsokande_nej", reason=told)
    done = "join" if joins else "decline"
    journal.write(actor, f"application:{done}", "application", found.uid, level=found.level, organisation=board.code)
    upkeep.forget_nudges(HOUSE, Subject(TOGETHER, found.uid, found.title), row.organisation_id)
    return found


def asked_of(actor: Actor, limit: int) -> list[tuple[ApplicationParty, Application]]:
    """Return where the actor's boards are asked to apply together, the oldest first."""
    rows = select(ApplicationParty, Application).join(Application, Application.id == ApplicationParty.application_id)
    rows = rows.options(joinedload(Application.organisation))
    rows = rows.where(ApplicationParty.joined_on.is_(None), ApplicationParty.left_on.is_(None))
    rows = rows.where(ApplicationParty.organisation_id.in_(actor.homes(WRITE)), access.rule_of(Application, actor))
    rows = rows.where(Application.state == APPLICATION.start).order_by(ApplicationParty.id).limit(limit)
    return [(party, about) for party, about in db.session().execute(rows)]


def leave(actor: Actor, party: UUID, *, reason: str) -> Application:
    """Let a board apply no longer: it leaves, or the applicant goes on without it, or takes back the question to it.

    Raises Missing, Denied, Refused (not a draft).
    """
    row = access.find(ApplicationParty, party, actor, WRITE, lock=True)
    found = access.find(Application, db.session().get_one(Application, row.application_id).uid, actor, WRITE, lock=True)
    homes = actor.homes(WRITE)
    if not {row.organisation_id, found.organisation_id} & homes:
        raise access.Denied(WRITE, N_("Det gör den nämnd som söker, eller den medsökande själv."))
    _refuse_unless_draft(found)
    if row.left_on is not None:
        raise flow.Refused([Objection(N_("Nämnden söker inte längre."))])
    row.left_on = clock.today()
    db.session().flush()
    whose = db.session().get_one(Organisation, row.organisation_id)
    kind, done = ("lamnat", "leave") if row.joined_on is not None else ("fraga_tillbaka", "uninvite")
    applications.note(actor, found, kind, reason=f"{whose.name}: {reason}")
    journal.write(actor, f"application:{done}", "application", found.uid, level=found.level, organisation=whose.code)
    upkeep.forget_nudges(HOUSE, Subject(TOGETHER, found.uid, found.title), row.organisation_id)
    return found


def leads(actor: Actor, application: Application) -> bool:
    """Whether the actor writes for the board that applies, and not only together with it."""
    return application.organisation_id in actor.homes(WRITE)


def _led(actor: Actor, uid: UUID) -> Application:
    found = access.find(Application, uid, actor, WRITE, lock=True)
    if not leads(actor, found):
        raise access.Denied(WRITE, N_("Det gör den nämnd som söker."))
    _refuse_unless_draft(found)
    return found


def _refuse_unless_draft(application: Application) -> None:
    if application.state != APPLICATION.start:
        raise flow.Refused([Objection(N_("Vilka som söker ändras bara medan ansökan är ett utkast."))])


def boards(actor: Actor, application: Application) -> list[tuple[str, str]]:
    """Return the boards that can be asked to apply together: code and name."""
    rows = select(Organisation).where(
        Organisation.kind.in_(applications.APPLIES), valid_on(Organisation, clock.today())
    )
    away = applicants(application) | {one.organisation_id for one in applications.parties_of(application)}
    found = db.session().scalars(access.visible(rows, actor).order_by(Organisation.name))
    return [(row.code, row.name) for row in found if row.id not in away]


# --- What is said about the parts ---------------------------------------------------------------------------------


def comment(
    actor: Actor, application: UUID, *, uid: UUID, text: str, audience: str, part: str = ""
) -> ApplicationComment:
    """Say something about a part of an application, or about all of it, once for each `uid`: to one's own
    organisation, or to all who read it.

    Raises Missing, Denied, Invalid, Conflict.
    """
    access.require(actor, READ)
    found = applications.read_application(actor, application)
    if actor.organisation is None:
        raise access.Denied(READ)
    if audience not in AUDIENCES or part not in ("", *PARTS):
        raise Invalid({"audience": [N_("Välj i listan.")]})
    known = db.session().scalar(select(ApplicationComment).where(ApplicationComment.uid == uid))
    if known is not None:
        if (known.application_id, known.person_id, known.text) != (found.id, actor.id, text):
            raise db.Conflict("application_comment", uid)
        return known
    row = ApplicationComment(
        uid=uid,
        application_id=found.id,
        part=part,
        organisation_id=actor.organisation,
        person_id=actor.id,
        at=clock.now(),
        audience=audience,
        text=text,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "application:comment", "application", application, level=found.level, part=part)
    return row


def comments_of(actor: Actor, application: Application, part: str | None = None) -> list[ApplicationComment]:
    """Return what the actor may read of what has been said about an application, or about one of its parts."""
    rows = select(ApplicationComment).options(
        joinedload(ApplicationComment.person), joinedload(ApplicationComment.organisation)
    )
    rows = rows.where(ApplicationComment.application_id == application.id)
    if part is not None:
        rows = rows.where(ApplicationComment.part == part)
    return list(db.session().scalars(access.visible(rows, actor).order_by(ApplicationComment.id).limit(SHOWN)))


# --- A board's own order ------------------------------------------------------------------------------------------


def own_order(actor: Actor, in_round: UUID) -> tuple[Round, list[Application]]:
    """Return a round, and the applications in it of the boards that the actor writes for, in each board's own order:
    those with no place yet come last.
    """
    access.require(actor, WRITE)
    about = access.find(Round, in_round, actor, "applications:round:read")
    rows = select(Application).options(joinedload(Application.organisation)).where(Application.round_id == about.id)
    rows = rows.where(Application.organisation_id.in_(actor.homes(WRITE) | actor.homes(SUBMIT)))
    rows = rows.where(Application.state != "aterkallad")
    order = (Application.organisation_id, Application.rank.nulls_last(), Application.id)
    return about, list(db.session().scalars(rows.order_by(*order)))


def put_in_order(actor: Actor, in_round: UUID, wanted: Sequence[UUID]) -> list[Application]:
    """Give a board's applications in a round their order: all of them, the most wanted first.

    Raises Missing, Denied, Invalid (not all of one board's), Refused (the round is not open).
    """
    about = access.find(Round, in_round, actor, "applications:round:read", lock=True)
    _, found = own_order(actor, in_round)
    named = {one.uid: one for one in found}
    if not wanted or not set(wanted) <= set(named):
        raise access.Missing("application", wanted[0] if wanted else in_round)
    board = named[wanted[0]].organisation_id
    mine = [one for one in found if one.organisation_id == board]
    if sorted(wanted) != sorted(one.uid for one in mine):
        raise Invalid({"": [N_("Ordningen ska ha nämndens alla ansökningar i omgången, var och en en gång.")]})
    if not is_open(about):
        raise flow.Refused([Objection(N_("Omgången är stängd. Ordningen ligger fast."))])
    for one in mine:
        one.rank = None
    db.session().flush()  # each place is taken once: all are free first
    for place, uid in enumerate(wanted, 1):
        named[uid].rank = place
    db.session().flush()
    journal.write(actor, "application:order", "round", in_round, order=[named[uid].number for uid in wanted])
    return [named[uid] for uid in wanted]


def last_round(actor: Actor) -> UUID | None:
    """Return the last round in which the boards that the actor writes for have applications."""
    rows = select(Round.uid).join(Application, Application.round_id == Round.id)
    rows = rows.where(Application.organisation_id.in_(actor.homes(WRITE)), access.rule_of(Application, actor))
    return db.session().scalar(rows.order_by(Round.closes_at.desc()).limit(1))


def is_open(about: Round) -> bool:
    """Whether a board may still change its own order in a round."""
    return about.state in ("planerad", "oppnad") and about.closes_at > clock.now()


def move_in_order(actor: Actor, application: UUID, *, by: int) -> list[Application]:
    """Move an application a step up (-1) or down (1) among its board's. Raises as `put_in_order`."""
    row = access.find(Application, application, actor, WRITE)
    if row.round_id is None:
        raise flow.Refused([Objection(N_("Ansökan är inte med i någon omgång."))])
    about = db.session().get_one(Round, row.round_id)
    _, found = own_order(actor, about.uid)
    order = [one.uid for one in found if one.organisation_id == row.organisation_id]
    if row.uid not in order:
        raise access.Denied(WRITE, N_("Det gör den nämnd som söker."))
    here = order.index(row.uid)
    there = max(0, min(len(order) - 1, here + by))
    order.insert(there, order.pop(here))
    return put_in_order(actor, about.uid, order)
