"""Tables of applications as spreadsheets: the list, the order of a round, the decisions of a meeting or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.documents.of_round import about_round, kept_order, lines_of
from core.applications.models import ASSESSED, DECISION_READ, MOTIVES, OUTCOMES, READ, Application, GrantDecision
from core.applications.schemas.applications import ListTable
from core.applications.services import applications, decisions, meetings, ranking, rounds
from core.applications.services.amounts import sought_by_year
from core.applications.states import APPLICATION, DECISION
from core.applications.told_of_rounds import called
from core.documents import About, Column, Content, kind, sheet
from core.i18n import N_, Text
from core.journal import PROTECTED

LIST, ORDER = "applications:lista", "applications:ordning"
DECISIONS, ALL_DECISIONS = "applications:sammantradets-beslut", "applications:beslutslista"
EVERY = 500
"""Rows that are read at a time."""


def _about_oneself(actor: Actor, uid: UUID) -> About:
    """A table of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/ansokningar")


# --- The list -----------------------------------------------------------------------------------------------------

LIST_COLUMNS = (
    Column(N_("Nummer"), width=14),
    Column(N_("Ansökan"), width=48),
    Column(N_("Nämnd"), width=32),
    Column(N_("Satsning"), width=28),
    Column(N_("Omgång"), width=12),
    Column(N_("Sökt"), "kronor", 16),
    Column(N_("Läge"), width=22),
    Column(N_("Påbörjad"), "moment", 18),
    Column(N_("Inskickad"), "moment", 18),
    Column(N_("Nämndens diarienummer"), width=20),
    Column(N_("Stadsledningskontorets diarienummer"), width=20),
)


@kind(LIST, title=N_("Ansökningar, som tabell"), needs=READ, about=_about_oneself, options=ListTable)
def list_as_table(actor: Actor, _uid: UUID, *, visa: str = "", **_: Any) -> Content:
    """Gather the applications that the actor reaches, the newest first, all or those in one state."""
    return Content(
        title=N_("Ansökningar"), filename=f"ansokningar {visa}".strip(), sheet=sheet(LIST_COLUMNS, _listed(actor, visa))
    )


def _listed(actor: Actor, visa: str) -> Iterator[tuple[Any, ...]]:
    rows = select(Application).options(*(joinedload(part) for part in applications.WHOLE))
    rows = rows.where(access.rule_of(Application, actor), Application.level < PROTECTED)
    if visa:
        rows = rows.where(Application.state == visa)
    found = db.session().scalars(rows.order_by(Application.id.desc()).execution_options(yield_per=EVERY))
    for one in found:
        about = f"{one.round.year}:{one.round.number}" if one.round else ""
        yield (
            one.number, one.title, one.organisation.name, one.programme.name, about, one.sought,
            APPLICATION.states[one.state].label, one.begun_at, one.submitted_at, one.diary_own, one.diary_city,
        )  # fmt: skip


# --- The order of a round -----------------------------------------------------------------------------------------


@kind(ORDER, title=N_("Ordning och streck, som tabell"), needs=ASSESSED, about=about_round)
def order_as_table(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather the order of a round, as it was frozen or as it stands, with where the money of each year ends."""
    round_ = rounds.read_round(actor, uid)
    kept = kept_order(actor, uid)
    years = ranking.years_of(kept)
    columns: list[Column | str] = [Column(N_("Plats"), "number"), N_("Nummer"), N_("Nämnd"), N_("Ansökan")]
    columns += [Column(N_("Poäng"), "number"), Column(N_("Sökt"), "kronor")]
    columns += [Column(Text(N_("Föreslås {year}"), year=year), "kronor") for year in years]
    columns += [Column(Text(N_("Kvar {year}"), year=year), "kronor") for year in years]
    columns += [Column(N_("Drift per år"), "kronor"), N_("Förslag"), N_("Ryms i ramen"), N_("Strecket")]
    hidden = ranking.hidden_in(actor, round_)
    return Content(
        title=Text(N_("Ordning och streck: {round}"), round=called(round_)),
        filename=f"ordning {round_.programme.code} {round_.year} {round_.number}",
        sheet=sheet(columns, _placed(kept, years, hidden)),
        level=about_round(actor, uid).level,
    )


def _placed(kept: dict[str, Any], years: list[str], hidden: Iterable[str]) -> Iterator[list[Any]]:
    lines = lines_of(kept)
    for place, one in enumerate(kept["rows"]):
        points = None if one["application"] in hidden else one["points"]
        told = [one["position"], one["number"], one["organisation"], one["title"], points, sum(one["sought"].values())]
        told += [one["proposed"].get(year) for year in years]
        told += [one["left"].get(year) for year in years]
        ends = ", ".join(lines.get(place, ()))
        told += [one["running"], OUTCOMES.get(one["outcome"], ""), N_("Ja") if one["fits"] else N_("Nej")]
        yield [*told, Text(N_("Ramen {years} tar slut före raden"), years=ends) if ends else ""]


# --- Decisions ----------------------------------------------------------------------------------------------------

DECISION_COLUMNS = (
    Column(N_("Sammanträde"), "date", 13),
    Column(N_("Beslutar"), width=36),
    Column(N_("Paragraf"), width=10),
    Column(N_("Nummer"), width=14),
    Column(N_("Ansökan"), width=48),
    Column(N_("Nämnd"), width=32),
    Column(N_("Utfall"), width=18),
    Column(N_("Sökt"), "kronor", 16),
    Column(N_("År"), "number"),
    Column(N_("Beviljat"), "kronor", 16),
    Column(N_("Motiv"), width=32),
    Column(N_("Villkor"), width=48),
    Column(N_("Läge"), width=22),
    Column(N_("Bokning"), width=14),
)


def _about_meeting(actor: Actor, uid: UUID) -> About:
    row = meetings.read_meeting(actor, uid)
    name = Text(N_("Sammanträde {day}"), day=row.held_on.isoformat())
    return About(name, f"/sammantraden/{row.uid}", row.level)


@kind(DECISIONS, title=N_("Sammanträdets beslut, som tabell"), needs=DECISION_READ, about=_about_meeting)
def meeting_as_table(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather what a meeting decided, one row for each decision and year."""
    row = meetings.read_meeting(actor, uid)
    found = decisions.of_meeting(actor, row)
    return Content(
        title=Text(N_("Beslut {day}"), day=row.held_on.isoformat()),
        filename=f"beslut {row.held_on.isoformat()}",
        sheet=sheet(DECISION_COLUMNS, _decided(found)),
        level=row.level,
    )


@kind(ALL_DECISIONS, title=N_("Beslut om ansökningar, som tabell"), needs=DECISION_READ, about=_about_oneself)
def decisions_as_table(actor: Actor, _uid: UUID, **_: Any) -> Content:
    """Gather every decision that the actor reaches, the latest first, a row for each year."""
    return Content(title=N_("Beslut om ansökningar"), filename="beslut", sheet=sheet(DECISION_COLUMNS, _all(actor)))


def _all(actor: Actor) -> Iterator[tuple[Any, ...]]:
    after: tuple[int] | None = None
    while True:
        page = decisions.list_decisions(actor, after=after, limit=EVERY)
        yield from _decided(page.rows)
        if page.after is None:
            return
        after = page.after


def _decided(rows: list[GrantDecision]) -> Iterator[tuple[Any, ...]]:
    open_ones = [one for one in rows if max(one.level, one.application.level) < PROTECTED]
    amounts = decisions.amounts_of(open_ones)
    sought = sought_by_year([one.application_id for one in open_ones])
    for one in open_ones:
        row, meeting = one.application, one.meeting
        asked: int | None = _asked(one) or sum(sought.get(one.application_id, {}).values())
        for year, kronor in amounts[one.id].items() or [(None, None)]:
            yield (
                meeting.held_on, meeting.organisation.name, one.paragraph, row.number, row.title,
                row.organisation.name, OUTCOMES[one.outcome], asked, year, kronor, MOTIVES.get(one.motive, ""),
                one.conditions, DECISION.states[one.state].label, one.booking.number if one.booking else "",
            )  # fmt: skip
            asked = None  # told once, so that a sum of the column is right


def _asked(one: GrantDecision) -> int:
    """Return what was sought as the order was frozen: a plan that follows a grant of a part seeks what was granted."""
    frozen = one.meeting.round.frozen if one.meeting.round else None
    rows = (frozen or {}).get("rows", ())
    found: dict[str, Any] = next((row for row in rows if row["application"] == str(one.application.uid)), {})
    return sum(found.get("sought", {}).values())
