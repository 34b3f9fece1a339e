"""More reports on grants: money that follows to later years, money per inhabitant, what it did, costs to run, where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from core import access, clock, db
from core.access import Actor
from core.applications.models import (
    Application,
    ApplicationMeasure,
    ApplicationPlace,
    RunningCost,
    costs_reached,
)
from core.applications.states import APPLICATION
from core.cooperation.catalogue import measure_kinds
from core.documents import Column
from core.figures.models import VALUE, Figure, Indicator
from core.figures.services.reading import holding
from core.followup import safety
from core.followup.effect import BETTER, UNTOLD, VERDICTS, WORSE
from core.followup.figures_of import Link, Table, count, kronor, report
from core.followup.models import CARRY_CAUSES, CarryOver, Effect
from core.followup.services.asked import Asked, folded
from core.followup.services.city import (
    is_late,
    is_shown,
    late_promises,
    of_asked,
    open_lifts,
    total,
    wanted,
    work_underway,
)
from core.followup.states import CARRY_OVER
from core.i18n import N_
from core.journal import PROTECTED
from core.places.models import DISTRICT, Area, Place
from core.reserve.models import GRANTED, Entry, Frame

AGES = (30, 90, 180)
"""Days that a wish to let money follow has waited."""
LIVES = "folkmangd"
"""The indicator: how many live in a district."""


@report(
    "ombudgeteringar",
    N_("Ombudgeteringars ålder"),
    N_("Pengar som någon har begärt ska följa med till ett senare år: hur länge begäran har väntat, och varför."),
    of_year=False,
)
def _carried(actor: Actor, asked: Asked) -> list[Table]:
    starts = [clock.now() - timedelta(days=days) for days in AGES]
    ages = [func.count(case((CarryOver.asked_at > start, 1))) for start in starts]
    mine = (access.rule_of(CarryOver, actor), CarryOver.state.in_(CARRY_OVER.open_states()))
    rows = select(CarryOver.cause, func.sum(CarryOver.amount), func.count(), *ages)
    rows = rows.join(Application, Application.id == CarryOver.application_id).where(*mine)
    found = db.session().execute(wanted(rows, asked).group_by(CarryOver.cause).order_by(CarryOver.cause))
    by_age = [(CARRY_CAUSES[row[0]], int(row[1]), row[2], *_apart([*row[3:], row[2]])) for row in found]
    columns = (
        Column(N_("Orsak"), width=40), kronor(N_("Belopp")), count(N_("Väntar")), count(N_("Högst 30 dagar")),
        count(N_("31–90 dagar")), count(N_("91–180 dagar")), count(N_("Mer än 180 dagar")),
    )  # fmt: skip
    each = select(CarryOver, Application.title, Application.organisation_id)
    each = each.join(Application, Application.id == CarryOver.application_id).where(*mine)
    each = wanted(each, asked).order_by(CarryOver.asked_at, CarryOver.id).limit(asked.most + 1)
    listed = [
        (
            Link(row.number, f"/ombudgetering/{row.uid}"),
            title,
            asked.boards.name(key),
            f"{row.from_year}–{row.to_year}",
            row.amount,
            (clock.now() - row.asked_at).days,
            CARRY_OVER.states[row.state].label,
        )
        for row, title, key in db.session().execute(each)
    ]
    names = (
        Column(N_("Ombudgetering")), Column(N_("Ansökan"), width=40), Column(N_("Nämnd"), width=40), Column(N_("År")),
        kronor(N_("Belopp")), count(N_("Dagar")), Column(N_("Läge")),
    )  # fmt: skip
    nothing = N_("Ingen begäran väntar.")
    return [
        Table(N_("Per orsak"), columns, by_age, nothing),
        _first(asked, N_("De som väntar, den äldsta överst"), names, listed, nothing),
    ]


def _first(asked: Asked, title: str, columns: Sequence[Column], rows: Sequence[Any], nothing: str) -> Table:
    """Return a table of the first rows of a list, of which one more than are told has been looked for."""
    return Table(title, columns, rows[: asked.most], nothing, more=len(rows) > asked.most)


def _apart(up_to: Sequence[int]) -> list[int]:
    """Return what was counted up to each age, each age by itself."""
    return [number - younger for younger, number in zip([0, *up_to], up_to, strict=False)]


@report(
    "per-invanare",
    N_("Beviljat per invånare"),
    N_("Kronor som beviljats för året, per invånare i nämndens område, och per invånare som är otrygg på kvällen."),
)
def _per_head(actor: Actor, asked: Asked) -> list[Table]:
    rows = select(Entry.organisation_id, func.sum(Entry.amount).label("granted"))
    rows = rows.join(Frame, Frame.id == Entry.frame_id).where(Frame.year == asked.year, Entry.account == GRANTED)
    rows = rows.where(Entry.organisation_id.is_not(None), access.rule_of(Entry, actor))
    rows = rows.where(asked.of_board(Entry.organisation_id), asked.of_programme(Frame.programme_id))
    granted = folded(asked, db.session().execute(rows.group_by(Entry.organisation_id)))
    lives, safe = _of_districts(actor, asked, LIVES), _of_districts(actor, asked, safety.SAFE)
    keys = [key for key in asked.listed() if asked.boards.rows[key].kind == "stadsdelsnamnd"]
    lines = []
    for key in keys:
        amount = sum(int(row.granted) for row in granted.get(key, ()))
        people = round(sum(lives.get(key, ())))
        unsafe = round(100 - sum(safe[key]) / len(safe[key]), 1) if safe.get(key) else None
        per_unsafe = amount / (people * unsafe / 100) if people and unsafe else None
        per_head = round(amount / people, 1) if people else None
        rounded = round(per_unsafe, 1) if per_unsafe is not None else None
        lines.append((asked.boards.name(key), amount, people or None, per_head, unsafe, rounded))
    columns = (
        Column(N_("Nämnd"), width=40), kronor(N_("Beviljat")), count(N_("Invånare")), count(N_("Kr per invånare")),
        count(N_("Otrygga på kvällen, procent")), count(N_("Kr per otrygg invånare")),
    )  # fmt: skip
    return [Table(N_("Per stadsdelsnämnd"), columns, lines)]


def _of_districts(actor: Actor, asked: Asked, indicator: str) -> dict[int, list[float]]:
    """Return the newest figure before the end of the year of each board's district, by who carries on for it."""
    there = and_(Area.kind == Figure.area_kind, Area.code == Figure.area_code)
    nth = func.row_number().over(partition_by=Figure.area_code, order_by=(Figure.last_on.desc(), Area.id.desc()))
    rows = select(Area.organisation_id, Figure.value, nth.label("nth")).select_from(Figure).join(Area, there)
    rows = rows.join(Indicator, Indicator.id == Figure.indicator_id).where(Indicator.key == indicator)
    rows = rows.where(Figure.area_kind == DISTRICT, Figure.part == "", Figure.status == VALUE)
    rows = rows.where(Figure.last_on <= date(asked.year, 12, 31), Area.organisation_id.is_not(None), *holding(actor))
    newest = rows.subquery()
    found: dict[int, list[float]] = {}
    kept = select(newest.c.organisation_id, newest.c.value).where(newest.c.nth == 1)
    for key, value in db.session().execute(kept):
        found.setdefault(asked.heir(key), []).append(float(value))
    return found


@report(
    "effekt",
    N_("Effekt per slag av åtgärd"),
    N_("Vad mätningarna visar, för varje slag av åtgärd. Det som inte går att skilja från före räknas för sig."),
    of_year=False,
)
def _effects(actor: Actor, asked: Asked) -> list[Table]:
    kind = ApplicationMeasure.kind
    each = select(kind, Effect.id, Effect.application_id, Effect.verdict).distinct().select_from(Effect)
    each = each.join(ApplicationMeasure, ApplicationMeasure.application_id == Effect.application_id)
    each = each.where(kind > "", ApplicationMeasure.dropped_on.is_(None))  # by the index of kinds
    one = of_asked(each, Effect, asked).where(is_shown(), access.rule_of(Effect, actor)).subquery()
    shown = [total(one.c.verdict == key, 1) for key in (BETTER, WORSE, UNTOLD)]
    rows = select(one.c.kind, func.count(one.c.application_id.distinct()), *shown)
    rows = rows.group_by(one.c.kind).order_by(one.c.kind)
    titles = measure_kinds()
    lines = [
        (titles[kind].title if kind in titles else kind, n, int(better), int(worse), int(untold))
        for kind, n, better, worse, untold in db.session().execute(rows)
    ]
    columns = (
        Column(N_("Slag av åtgärd"), width=40),
        count(N_("Ansökningar")),
        *(count(VERDICTS[k]) for k in VERDICTS),
    )
    overdue = select(Application.uid, Application.title, Application.organisation_id, func.min(Effect.due_on))
    overdue = overdue.join(Application, Application.id == Effect.application_id).where(is_late(Effect))
    overdue = wanted(overdue.where(access.rule_of(Effect, actor)), asked).group_by(Application.id)
    overdue = overdue.order_by(func.min(Effect.due_on), Application.id).limit(asked.most + 1)
    waits = [
        (Link(title, f"/ansokningar/{uid}/effekt"), asked.boards.name(key), due)
        for uid, title, key, due in db.session().execute(overdue)
    ]
    names = (Column(N_("Ansökan"), width=40), Column(N_("Nämnd"), width=40), Column(N_("Sista dag"), "date"))
    return [
        Table(N_("Per slag av åtgärd"), columns, lines, N_("Ingen effekt är mätt än.")),
        _first(asked, N_("Mätningar som är försenade"), names, waits, N_("Ingen mätning är försenad.")),
    ]


@report(
    "drift",
    N_("Driftkostnad som följer"),
    N_("Vad det som beviljats kostar att sköta, år för år, och vem som betalar. Ansökningarna berättar om fem år."),
    of_year=False,
)
def _running(actor: Actor, asked: Asked) -> list[Table]:
    falls, cost = RunningCost.falls_in, RunningCost
    rows = select(falls, cost.payer_id, func.sum(cost.amount), func.count())  # one a year of each
    rows = rows.where(falls.is_not(None), costs_reached(actor))
    rows = of_asked(rows.select_from(cost), cost, asked).group_by(falls, cost.payer_id)
    sums: dict[int, int] = {}
    paid: dict[tuple[int, str], tuple[int, int]] = {}
    for when, payer, amount, n in db.session().execute(rows):
        key = when, asked.boards.name(payer) if payer is not None else ""
        before = paid.get(key, (0, 0))
        paid[key] = before[0] + int(amount), before[1] + n
        sums[when] = sums.get(when, 0) + int(amount)
    per_year = [(str(when), sums[when]) for when in sorted(sums)]
    each = [(str(when), name or N_("Ingen är angiven"), *paid[when, name]) for when, name in sorted(paid)]
    nothing = N_("Inget som är beviljat har en driftkostnad.")
    return [
        Table(N_("Per år"), (Column(N_("År")), kronor(N_("Driftkostnad"))), per_year, nothing),
        Table(
            N_("Per år och den som betalar"),
            (
                Column(N_("År")),
                Column(N_("Betalas av"), width=40),
                kronor(N_("Driftkostnad")),
                count(N_("Ansökningar")),
            ),
            each,
            nothing,
        ),
    ]


@report(
    "genomforande",
    N_("Det som genomförs"),
    N_("Alla arbeten som pågår, de mest försenade överst, det som inte sköts som det lovades och de hinder som lyfts."),
    of_year=False,
)
def _underway(actor: Actor, asked: Asked) -> list[Table]:
    work, _ = work_underway(actor, asked, limit=asked.most + 1)
    lines = [
        (
            Link(one.title, f"/ansokningar/{one.uid}/genomforande"),
            one.number,
            asked.boards.name(one.organisation_id),
            APPLICATION.states[one.state].label,
            one.done,
            one.late,
            one.late_since,
        )
        for one in work
    ]
    columns = (
        Column(N_("Ansökan"), width=40), Column(N_("Nummer")), Column(N_("Nämnd"), width=40), Column(N_("Läge")),
        count(N_("Klart, procent")), count(N_("Försenade milstolpar")), Column(N_("Försenat sedan"), "date"),
    )  # fmt: skip
    promises, _ = late_promises(actor, asked, limit=asked.most + 1)
    kept = [(Link(one.text, f"/ansokningar/{one.uid}"), one.number, one.owner or "", one.due_on) for one in promises]
    names = (
        Column(N_("Vad"), width=40), Column(N_("Ansökan")), Column(N_("Sköts av"), width=40),
        Column(N_("Skulle ha varit gjort"), "date"),
    )  # fmt: skip
    lifts, _ = open_lifts(actor, asked, limit=asked.most + 1)
    lifted = [
        (Link(one.title, f"/samverkan/lyft/{one.uid}"), one.organisation.name, clock.local(one.lifted_at).date())
        for one in lifts
    ]
    titles = (Column(N_("Hinder"), width=40), Column(N_("Lyft av"), width=40), Column(N_("Lyft"), "date"))
    return [
        _first(asked, N_("Arbeten som pågår"), columns, lines, N_("Inget arbete pågår.")),
        _first(asked, N_("Skötsellöften som är försenade"), names, kept, N_("Inget skötsellöfte är försenat.")),
        _first(asked, N_("Hinder som väntar på svar"), titles, lifted, N_("Inget hinder väntar på svar.")),
    ]


MAP = "karta"
"""The report that is also drawn."""


@report(
    MAP,
    N_("Karta över beviljade medel"),
    N_("Platserna som fick pengar för året, på en karta över hur trygga invånarna är på kvällen."),
)
def _places(actor: Actor, asked: Asked) -> list[Table]:
    return tables_of_map(actor, asked, safety.safety_of(actor))


def tables_of_map(actor: Actor, asked: Asked, shades: safety.Safety | None) -> list[Table]:
    """Return all that the map draws, as tables: the places with money, and the areas that it shades, if it does."""
    found, after = granted_places(actor, asked, limit=asked.most)
    lines = [
        (Link(one.row.place, f"/platser/{one.row.place_uid}"),
         Link(one.row.title, f"/ansokningar/{one.row.uid}/genomforande"),
         asked.boards.name(asked.heir(one.row.organisation_id)), one.granted)
        for one in found
    ]  # fmt: skip
    columns = (
        Column(N_("Plats"), width=40), Column(N_("Ansökan"), width=40), Column(N_("Nämnd"), width=40),
        kronor(N_("Beviljat till ansökan")),
    )  # fmt: skip
    nothing = N_("Ingen plats har fått pengar för året.")
    told = Table(N_("Platser"), columns, lines, nothing, more=after is not None)
    return [told, safety.table(shades)] if shades else [told]


Given = tuple[int, UUID]
"""Where an application stands among those that have money of a year: kronor, and its uid."""


@dataclass(frozen=True)
class Spot:
    """A place (a row of `_places_of`) of an application that has been granted so many kronor."""

    row: Any
    granted: int


def granted_places(
    actor: Actor, asked: Asked, *, limit: int, after: Given | None = None
) -> tuple[list[Spot], Given | None]:
    """Return the places of the applications that have most money of the year, the most first, and where the next begin.

    In two queries, of at most `limit` applications: those that the actor reaches.
    """
    amount = func.sum(Entry.amount)
    rows = select(Entry.matter, amount).join(Frame, Frame.id == Entry.frame_id).group_by(Entry.matter)
    rows = rows.where(Frame.year == asked.year, Entry.account == GRANTED, access.rule_of(Entry, actor))
    if asked.keys is not None or asked.programme is not None:
        rows = wanted(rows.join(Application, Application.uid == Entry.matter), asked)
    rows = rows.where(Entry.matter.is_not(None)).having(amount > 0)
    if after is not None:
        rows = rows.having(or_(amount < after[0], and_(amount == after[0], Entry.matter > after[1])))
    given = db.session().execute(rows.order_by(amount.desc(), Entry.matter).limit(limit + 1)).all()
    granted: dict[UUID, int] = {row[0]: int(row[1]) for row in given[:limit] if row[0] is not None}
    last = next(((kept, uid) for uid, kept in reversed(granted.items())), None) if len(given) > limit else None
    order = {uid: nth for nth, uid in enumerate(granted)}
    found = sorted(_places_of(actor, list(granted)), key=lambda row: order[row.uid])
    return [Spot(row, granted[row.uid]) for row in found], last


def _places_of(actor: Actor, applications: Sequence[UUID]) -> list[Any]:
    """Return the places of some applications that the actor reaches, with their shapes."""
    rows = select(
        Place.uid.label("place_uid"),
        Place.name.label("place"),
        Place.geom,
        Application.uid,
        Application.title,
        Application.organisation_id,
    )
    rows = rows.select_from(Application).join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
    rows = rows.join(Place, Place.id == ApplicationPlace.place_id).where(Application.uid.in_(applications))
    rows = rows.where(Place.level < PROTECTED, access.rule_of(Application, actor)).order_by(Place.id)
    return list(db.session().execute(rows))
