"""The tables of kommunstyrelsen's one view, as files have them: the same rows, each table by itself."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.access import Actor
from core.applications.states import ROUND
from core.documents import Column
from core.followup.effect import VERDICTS
from core.followup.figures_of import FORECAST_COLUMNS, Link, Table, count, kronor, report, told_forecast
from core.followup.services.asked import Asked
from core.followup.services.city import (
    COUNTED,
    GROUPS,
    Book,
    boards_of,
    book_of,
    money_of,
    rounds_of,
)
from core.followup.services.waiting import BOARD, COMMITTEE, SLK
from core.followup.services.whose_turn import IN_SHORT, Counted, Waits, counted
from core.i18n import N_, Text

VIEW = "oversikt"
MORE = Text(N_("fler än {n}"), n=COUNTED)


@report(
    VIEW,
    N_("Översikt"),
    N_("Pengarna, omgångarna, var varje nämnds ansökningar står, effekten, och vad som väntar på vem."),
)
def tables(actor: Actor, asked: Asked) -> list[Table]:
    """Return the tables of the view, in its order."""
    found, book = counted(actor, asked), book_of(actor, asked)
    return [
        _waits(asked, found),
        _waits_of_boards(asked, found),
        _money(actor, asked, book),
        _boards(actor, asked, book),
        _rounds(actor, asked),
        _shown(found),
    ]


def _waits(asked: Asked, found: Counted) -> Table:
    ordered = sorted(found.waits, key=lambda one: TURNS.index(one.whom))
    rows = [(_whom(asked, one), Link(one.what, one.link), _number(one.number)) for one in ordered]
    columns = (Column(N_("Väntar på"), width=40), Column(N_("Vad"), width=40), count(N_("Antal")))
    return Table(N_("Vad som väntar på vem"), columns, rows, N_("Inget väntar på någon."))


TURNS = (SLK, COMMITTEE, BOARD)
"""In whose order it is told."""


def _whom(asked: Asked, one: Waits) -> str:
    """Return whom something waits for: the board, where it is one; else how many boards."""
    if len(one.boards) > 1:
        return Text(N_("{n} nämnder"), n=len(one.boards))
    return next((asked.boards.name(key) for key in one.boards), one.whom)


def _waits_of_boards(asked: Asked, found: Counted) -> Table:
    """Return which board has how many of what waits for the boards; what is more than is counted stands above alone."""
    whats = [one for one in found.waits if one.boards]
    keys = sorted({key for one in whats for key in one.boards}, key=asked.boards.name)
    rows = [
        (
            _board(asked, asked.boards.name(key), asked.boards.rows[key].uid),
            *(one.boards.get(key) for one in whats),
            sum(one.boards.get(key, 0) for one in whats),
        )
        for key in keys
    ]
    columns = (Column(N_("Nämnd"), width=40), *(count(IN_SHORT[one.key]) for one in whats), count(N_("Alla")))
    return Table(N_("Vad som väntar på varje nämnd"), columns, rows, N_("Inget väntar på någon nämnd."))


def _board(asked: Asked, name: str, uid: UUID) -> Link:
    return Link(name, f"/uppfoljning?ar={asked.year}&namnd={uid}")


def _number(counted: int) -> int | Text:
    return counted if counted <= COUNTED else MORE


def _money(actor: Actor, asked: Asked, book: Book) -> Table:
    rows = [
        (one.programme.name, one.frame, one.granted, one.committed, one.used, *told_forecast(one.forecast))
        for one in money_of(actor, asked, book)
    ]
    columns = (
        Column(N_("Satsning"), width=40), kronor(N_("Ram")), kronor(N_("Beviljat")), kronor(N_("Bundet i avtal")),
        kronor(N_("Använt")), *FORECAST_COLUMNS,
    )  # fmt: skip
    return Table(N_("Pengarna"), columns, rows, N_("Ingen ram är bokförd för året."))


def _boards(actor: Actor, asked: Asked, book: Book) -> Table:
    rows = [
        (
            _board(asked, one.name, one.uid),
            *(one.counts.get(key, 0) for key in GROUPS),
            one.sought,
            one.granted,
            one.used,
        )
        for one in boards_of(actor, asked, book)
    ]
    groups = (count(title) for title, _ in GROUPS.values())
    money = (kronor(N_("Sökt")), kronor(N_("Beviljat")), kronor(N_("Använt")))
    columns = (Column(N_("Nämnd"), width=40), *groups, *money)
    return Table(N_("Nämnderna"), columns, rows)


def _rounds(actor: Actor, asked: Asked) -> Table:
    rows = [
        (
            f"{one.programme} {one.round.year}:{one.round.number}",
            ROUND.states[one.round.state].label,
            clock.local(one.round.opens_at).date(),
            clock.last_day(one.round.closes_at),
            one.round.meets_on,
            one.applications,
            one.sought,
        )
        for one in rounds_of(actor, asked)
    ]
    columns = (
        Column(N_("Omgång"), width=40), Column(N_("Läge")), Column(N_("Öppnar"), "date"),
        Column(N_("Sista dag"), "date"), Column(N_("Beslut"), "date"), count(N_("Ansökningar")), kronor(N_("Sökt")),
    )  # fmt: skip
    return Table(N_("Omgångarna"), columns, rows, N_("Ingen omgång är planerad för året."))


def _shown(found: Counted) -> Table:
    rows: list[tuple[str, int | Text]] = [(title, found.effects[key]) for key, title in VERDICTS.items()]
    rows.append((N_("Försenade mätningar"), _number(found.late)))
    return Table(
        N_("Effekten av det som är färdigt"), (Column(N_("Vad mätningarna visar"), width=40), count(N_("Antal"))), rows
    )
