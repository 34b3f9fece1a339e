"""Kommunstyrelsen's one view over all boards (Z25): money, rounds, work, effect, and what waits for whom.

Every sum is made in the database, by organisation; the number of queries does not depend on how much there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.applications.models import INSIDE as AT_BOARD
from core.applications.models import Application, ApplicationMeasure, Milestone, Promise, Round
from core.applications.states import AT_CITY, UNDERWAY
from core.cooperation.models import LIFT_READ, Lift
from core.cooperation.states import LIFT
from core.followup.effect import VERDICTS
from core.followup.models import CarryOver, Claim, Effect, GrantReport, Reallocation
from core.followup.services.asked import Asked, folded
from core.i18n import N_
from core.people.models import Organisation
from core.reserve.models import BOOKED, COMMITTED, FORECAST, GRANTED, Entry, Frame, Programme
from core.upkeep.models import Deadline

SHOWN = 10
"""How many rows of a list stand on the view itself."""
GROUPS = {
    "hos_staden": (N_("Hos staden"), AT_CITY),
    "beviljad": (N_("Beviljade, inte började"), ("beviljad", "delvis_beviljad")),
    "pagar": (N_("Genomförs"), UNDERWAY),
    "fardig": (N_("Färdiga"), ("fardig", "slutredovisad", "effekt_uppfoljd", "avslutad")),
    "nej": (N_("Avslag, avstådda och avbrutna"), ("avslag", "utgar", "avstadd", "avbruten")),
}
"""How applications are grouped by state on the view."""
SLK, BOARD, COMMITTEE = N_("Stadsledningskontoret"), N_("Nämnden"), N_("Det organ som beslutar")


@dataclass(frozen=True)
class Money:
    """A programme's year, in kronor; of a board there is no frame."""

    programme: Programme
    frame: int | None
    granted: int
    committed: int
    used: int
    forecast: int | None


@dataclass(frozen=True)
class RoundLine:
    """A round with how many applications have come in, and what they seek."""

    round: Round
    programme: str
    applications: int
    sought: int


@dataclass
class BoardLine:
    """A board: how many applications stand where, and its money of the year; nothing is nothing."""

    organisation: int
    name: str
    uid: UUID
    counts: dict[str, int] = field(default_factory=dict)
    sought: int = 0
    granted: int = 0
    used: int = 0


@dataclass(frozen=True)
class Work:
    """Something that is underway: how much of its weight is done, how much is late, and since when."""

    uid: UUID
    number: str
    title: str
    organisation_id: int
    state: str
    done: int | None
    late: int
    late_since: date | None


@dataclass(frozen=True)
class Waits:
    """Something that waits: for whom, for what, how many."""

    whom: str
    what: str
    number: int
    link: str


def total(which: Any, amount: Any = Entry.amount) -> Any:
    """Return the sum of what meets a condition; nothing is nought."""
    return func.coalesce(func.sum(case((which, amount), else_=0)), 0)


def money_of(actor: Actor, asked: Asked) -> list[Money]:
    """Return the frame of the year, what is granted, used and foreseen, by programme, in one query."""
    entries = and_(Entry.frame_id == Frame.id, access.rule_of(Entry, actor), asked.of_board(Entry.organisation_id))
    foreseen = func.sum(case((Entry.account == FORECAST, Entry.amount)))
    sums = [total(Entry.account == account) for account in (GRANTED, COMMITTED, BOOKED)]
    rows = select(Programme, Frame.amount, *sums, foreseen).select_from(Frame)
    rows = rows.join(Programme, Programme.id == Frame.programme_id).outerjoin(Entry, entries)
    rows = rows.where(Frame.year == asked.year, access.rule_of(Frame, actor), asked.of_programme(Frame.programme_id))
    rows = rows.group_by(Programme.id, Frame.id).order_by(Programme.name)
    whole = asked.keys is None
    return [
        Money(one, frame if whole else None, int(granted), int(bound), int(used), None if fore is None else int(fore))
        for one, frame, granted, bound, used, fore in db.session().execute(rows)
    ]


def rounds_of(actor: Actor, asked: Asked) -> list[RoundLine]:
    """Return the rounds of the year with what has come in, the first on top, in one query."""
    came = and_(
        Application.round_id == Round.id,
        Application.state.not_in(AT_BOARD),
        access.rule_of(Application, actor),
        asked.of_board(Application.organisation_id),
    )
    sought = func.coalesce(func.sum(Application.sought), 0)
    rows = select(Round, Programme.name, func.count(Application.id), sought).select_from(Round)
    rows = rows.join(Programme, Programme.id == Round.programme_id).outerjoin(Application, came)
    rows = rows.where(Round.year == asked.year, asked.of_programme(Round.programme_id))
    rows = rows.group_by(Round.id, Programme.name).order_by(Round.opens_at, Round.id)
    return [RoundLine(row[0], row[1], row[2], int(row[3])) for row in db.session().execute(rows)]


def boards_of(actor: Actor, asked: Asked) -> list[BoardLine]:
    """Return every board of the year with where its applications stand and its money: two queries, and the names."""
    group = case(*((Application.state.in_(states), key) for key, (_, states) in GROUPS.items()), else_="").label(
        "stands"
    )
    sought = func.sum(Application.sought).label("sought")
    told = select(Application.organisation_id, group, func.count().label("n"), sought)
    told = told.join(Round, Round.id == Application.round_id).where(Round.year == asked.year)
    told = _wanted(told.where(access.rule_of(Application, actor)), asked)
    told = told.where(Application.state.not_in(AT_BOARD)).group_by(Application.organisation_id, group)
    lines = {key: _line(asked, key) for key in asked.listed()}
    for key, rows in folded(asked, db.session().execute(told)).items():
        line = lines.setdefault(key, _line(asked, key))
        for row in rows:
            line.counts[row.stands] = line.counts.get(row.stands, 0) + row.n
            line.sought += int(row.sought or 0)
    for key, rows in folded(asked, db.session().execute(_granted(actor, asked))).items():
        line = lines.setdefault(key, _line(asked, key))
        line.granted += sum(int(row.granted) for row in rows)
        line.used += sum(int(row.used) for row in rows)
    return sorted(lines.values(), key=lambda line: line.name)


def _line(asked: Asked, key: int) -> BoardLine:
    return BoardLine(key, asked.boards.name(key), asked.boards.rows[key].uid)


def _granted(actor: Actor, asked: Asked) -> Select[Any]:
    sums = total(Entry.account == GRANTED).label("granted"), total(Entry.account == BOOKED).label("used")
    rows = select(Entry.organisation_id, *sums).join(Frame, Frame.id == Entry.frame_id)
    rows = rows.where(Frame.year == asked.year, Entry.organisation_id.is_not(None), access.rule_of(Entry, actor))
    rows = rows.where(asked.of_board(Entry.organisation_id), asked.of_programme(Frame.programme_id))
    found: Select[Any] = rows.group_by(Entry.organisation_id)
    return found


def _wanted(rows: Any, asked: Asked) -> Any:
    """Narrow rows of applications to the board and programme that are asked about."""
    return rows.where(asked.of_board(Application.organisation_id), asked.of_programme(Application.programme_id))


def work_underway(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Work], int]:
    """Return what is underway whatever its year, the latest first, and how much of it there is: two queries."""
    today = clock.today()
    late = and_(Milestone.done_on.is_(None), Milestone.due_on < today)
    each = case((Milestone.weight > 0, Milestone.weight), else_=0)
    done = total(Milestone.done_on.is_not(None), each)
    weight = func.coalesce(func.sum(each), 0)
    plain = total(Milestone.done_on.is_not(None), 1)
    since = func.min(case((late, Milestone.due_on)))
    names = (Application.uid, Application.number, Application.title, Application.organisation_id, Application.state)
    rows = select(*names, weight, done, func.count(Milestone.id), plain, total(late, 1), since)
    rows = rows.outerjoin(Milestone, Milestone.application_id == Application.id)
    rows = rows.where(Application.state.in_(UNDERWAY), access.rule_of(Application, actor))
    rows = _wanted(rows, asked).group_by(Application.id)
    rows = rows.order_by(case((since.is_(None), 1), else_=0), since, Application.id).limit(limit)
    found = [
        Work(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            _share(int(row[5]), int(row[6]), row[7], int(row[8])),
            int(row[9]),
            row[10],
        )
        for row in db.session().execute(rows)
    ]
    counted = select(func.count()).select_from(Application)
    counted = counted.where(Application.state.in_(UNDERWAY), access.rule_of(Application, actor))
    return found, db.session().scalar(_wanted(counted, asked)) or 0


def _work(row: Any) -> Work:
    uid, number, title, board, state, weight, done, milestones, plain, late, since = row
    return Work(
        uid, number, title, board, state, _share(int(weight), int(done), milestones, int(plain)), int(late), since
    )


def _share(weight: int, done: int, milestones: int, plain: int) -> int | None:
    """Return how much is done in percent of the weight; without weights each milestone weighs the same."""
    if weight:
        return done * 100 // weight
    return plain * 100 // milestones if milestones else None


def effect_counts(actor: Actor, asked: Asked) -> tuple[dict[str, int], int]:
    """Return how many measurings have shown what, and how many are late, in one query."""
    late = and_(Effect.state == "planerad", Effect.due_on < clock.today())
    shown = case((Effect.state == "matt", Effect.verdict), (late, "sen"), else_="").label("shown")
    rows = select(shown, func.count()).join(Application, Application.id == Effect.application_id)
    rows = rows.where(Effect.compares.is_(False), Effect.phase != "fore", access.rule_of(Effect, actor))
    found = {row[0]: row[1] for row in db.session().execute(_wanted(rows, asked).group_by(shown))}
    return {key: found.get(key, 0) for key in VERDICTS}, found.get("sen", 0)


def late_promises(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Any], int]:
    """Return the maintenance promises whose inspection is overdue, the oldest first, and how many: two queries."""
    due = and_(Deadline.subject_uid == Promise.uid, Deadline.subject_kind == "maintenance_promise")
    rows = select(
        ApplicationMeasure.text, Application.uid, Application.number, Organisation.name.label("owner"), Deadline.due_on
    )
    rows = rows.select_from(Promise).join(Deadline, due).join(Application, Application.id == Promise.application_id)
    rows = rows.join(ApplicationMeasure, ApplicationMeasure.id == Promise.measure_id)
    rows = rows.outerjoin(Organisation, Organisation.id == Promise.owner_id)
    rows = rows.where(Deadline.state == "oppen", Deadline.is_late(clock.now()), access.rule_of(Application, actor))
    rows = _wanted(rows, asked)
    count = db.session().scalar(rows.with_only_columns(func.count(Promise.id))) or 0
    return list(db.session().execute(rows.order_by(Deadline.due_on, Promise.id).limit(limit))), count


def open_lifts(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Lift], int]:
    """Return the obstacles that are lifted and not answered, the oldest first, and how many: two queries."""
    if not actor.may(LIFT_READ):
        return [], 0
    rows = select(Lift).options(joinedload(Lift.organisation)).where(Lift.state.in_(LIFT.open_states()))
    rows = rows.where(access.rule_of(Lift, actor), asked.of_board(Lift.organisation_id))
    count = db.session().scalar(rows.with_only_columns(func.count(Lift.id))) or 0
    return list(db.session().scalars(rows.order_by(Lift.lifted_at, Lift.id).limit(limit))), count


# --- What waits for whom ------------------------------------------------------------------------------------------

OF_APPLICATIONS = {
    "inskickad": (SLK, N_("Börja bedöma ansökningar"), "/ansokningar?visa=inskickad"),
    "komplettering": (BOARD, N_("Komplettera ansökningar"), "/ansokningar?visa=komplettering"),
    "under_bedomning": (SLK, N_("Bedöm ansökningar"), "/ansokningar?visa=under_bedomning"),
    "forslag": (COMMITTEE, N_("Besluta om ansökningar"), "/ansokningar?visa=forslag"),
    "delvis_beviljad": (BOARD, N_("Svara på det som är delvis beviljat"), "/ansokningar?visa=delvis_beviljad"),
    "beviljad": (BOARD, N_("Starta genomförandet"), "/ansokningar?visa=beviljad"),
    "fardig": (BOARD, N_("Slutredovisa det som är färdigt"), "/ansokningar?visa=fardig"),
}
OTHERS: tuple[tuple[Any, str, str, str, str], ...] = (
    (Claim, "inskickad", SLK, N_("Granska rekvisitioner"), "/rekvisitioner?visa=inskickad"),
    (Claim, "granskad", SLK, N_("Betala rekvisitioner"), "/rekvisitioner?visa=granskad"),
    (CarryOver, "begard", SLK, N_("Yttra sig om ombudgetering"), "/uppfoljning/ombudgetering?visa=begard"),
    (CarryOver, "yttrad", COMMITTEE, N_("Besluta om ombudgetering"), "/uppfoljning/ombudgetering?visa=yttrad"),
    (CarryOver, "registrerad", SLK, N_("Bekräfta ombudgetering"), "/uppfoljning/ombudgetering?visa=registrerad"),
    (Reallocation, "begard", COMMITTEE, N_("Besluta om omdisponering"), "/uppfoljning/omdisponering"),
    (GrantReport, "inlamnad", SLK, N_("Granska rapporter"), "/rapporter?visa=inlamnad"),
)
LATE_REPORTS = (BOARD, N_("Lämna rapporter som är försenade"), "/rapporter?visa=planerad")
LATE_EFFECTS = (BOARD, N_("Mät effekter som är försenade"), "/uppfoljning/effekt")


def waiting(actor: Actor, asked: Asked) -> list[Waits]:
    """Return what waits for whom, and how many of each, in one query; what nobody waits for is left out."""
    parts = [_counted(Application, key, Application.state == key, actor, asked) for key in OF_APPLICATIONS]
    told = dict(OF_APPLICATIONS)
    for model, state, whom, what, link in OTHERS:
        key = f"{model.__tablename__}:{state}"
        told[key] = (whom, what, link)
        parts.append(_counted(model, key, model.state == state, actor, asked))
    today = clock.today()
    for model, words in ((GrantReport, LATE_REPORTS), (Effect, LATE_EFFECTS)):
        key = f"{model.__tablename__}:late"
        told[key] = words
        late = and_(model.state == "planerad", model.due_on < today)
        parts.append(_counted(model, key, late, actor, asked))
    found = {row[0]: row[1] for row in db.session().execute(union_all(*parts))}
    return [Waits(whom, what, found[key], link) for key, (whom, what, link) in told.items() if found.get(key)]


def _counted(model: Any, key: str, which: Any, actor: Actor, asked: Asked) -> Select[Any]:
    rows: Any = select(literal(key).label("what"), func.count(model.id)).select_from(model)
    if model is not Application:
        rows = rows.join(Application, Application.id == model.application_id)
    return _wanted(rows.where(which, access.rule_of(model, actor)), asked)  # type: ignore[no-any-return]
