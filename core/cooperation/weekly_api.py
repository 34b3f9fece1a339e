"""Weekly reports in the API: the groups that one reaches, their reports, and one's own as it is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.cooperation.models import EST_READ, EST_WRITE, WeeklyAction, WeeklyItem, WeeklyReport
from core.cooperation.schemas.weekly import (
    NewWeeklyItem,
    WeeklyActionPage,
    WeeklyActionQuery,
    WeeklyGroupList,
    WeeklyMove,
    WeeklyOut,
    WeeklyPage,
    WeeklyQuery,
)
from core.cooperation.services import weekly, weeks_shown
from core.cooperation.weeks import Week
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("weekly-api", __name__, description="Veckorapporter: grupper, rapporter och den egna medan den skrivs.")


@api.route("/weekly-groups", methods=["GET"], needs=EST_READ)
@api.response(200, WeeklyGroupList)
def list_weekly_groups() -> Any:
    """Grupper som skriver veckorapporter, och hur många av förra veckans rapporter som är inne."""
    return {
        "items": [
            {"uid": group.uid, "name": group.name, "area": group.area.uid, "organisation": group.organisation.uid}
            | {"begins_on": group.begins_on, "ended_on": group.ended_on, "handed_in": handed_in, "asked_for": asked_for}
            for group, handed_in, asked_for in weeks_shown.list_groups(actor())
        ]
    }


@api.route("/weekly-reports", methods=["GET"], needs=EST_READ)
@api.asks(WeeklyQuery)
@api.response(200, WeeklyPage)
def list_weekly_reports(asked: dict[str, Any]) -> Any:
    """Veckorapporter, den senast begärda först; vad som står i en rapport läses för sig. `next` är `after`."""
    after: Any = place(asked.get("after"), int)
    week = Week.read(asked["week"]) if asked["week"] else None
    wish = weeks_shown.Wish(asked.get("group"), asked.get("organisation"), week, asked["state"])
    rows, more = weeks_shown.list_reports(actor(), wish, after=after)
    return {"items": [_line(row) for row in rows], "next": mark(more)}


@api.route("/weekly-actions", methods=["GET"], needs=EST_READ)
@api.asks(WeeklyActionQuery)
@api.response(200, WeeklyActionPage)
def list_weekly_actions(asked: dict[str, Any]) -> Any:
    """Vad grupperna har bestämt ska göras, det senaste först, och vad det blev av det. `next` är `after`."""
    after: Any = place(asked.get("after"), int)
    week = Week.read(asked["week"]) if asked["week"] else None
    wish = weeks_shown.Wish(asked.get("group"), asked.get("organisation"), week, asked["state"])
    rows, more = weeks_shown.list_actions(actor(), wish, after=after)
    return {"items": [_action(row) for row in rows], "next": mark(more)}


@api.route("/weekly-reports/<uuid:uid>", methods=["GET"], needs=EST_READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, WeeklyOut)
def read_weekly_report(uid: UUID) -> Any:
    """En veckorapport med de rader som du får läsa: ett rykte läser bara gruppen, ett utkast bara den som skriver."""
    return _whole(uid)


@api.route("/weekly-reports/<uuid:uid>/moves", methods=["POST"], needs=EST_WRITE)
@api.doc(**{"x-version": "changes"})
@api.reads(WeeklyMove)
@api.response(200, WeeklyOut)
def move_weekly_report(known: dict[str, Any], uid: UUID) -> Any:
    """Lämna in den egna veckorapporten, eller skriv om den. Efter gruppens möte går det inte: 409."""
    weekly.move_report(actor(), uid, known["move"], version=expected_version())
    return _whole(uid)


@api.route("/weekly-items/<uuid:uid>", methods=["PUT"], needs=EST_WRITE)
@api.reads(NewWeeklyItem)
@api.response(200, WeeklyOut)
def add_weekly_item(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv en rad i den egna rapporten, som inte är inlämnad. Samma innehåll igen ger samma rad."""
    report = known.pop("report")
    weekly.add_item(actor(), report, item=uid, **known)
    return _whole(report)


@api.route("/weekly-items/<uuid:uid>", methods=["DELETE"], needs=EST_WRITE)
@api.response(204)
def remove_weekly_item(uid: UUID) -> None:
    """Ta bort en rad ur den egna rapporten, som inte är inlämnad."""
    weekly.remove_item(actor(), uid)


def _line(row: WeeklyReport) -> dict[str, Any]:
    week = Week(row.iso_year, row.iso_week)
    told = {name: getattr(row, name) for name in ("uid", "function", "state", "handed_in_at")}
    of = {"group": row.group.uid, "organisation": row.organisation.uid}
    return told | of | {"week": str(week), "due_at": week.reported_by}


def _action(row: WeeklyAction) -> dict[str, Any]:
    names = ("uid", "category", "text", "decided_on", "due_on", "state", "outcome", "version")
    of = {"group": row.group.uid, "organisation": row.organisation.uid, "week": str(Week(row.iso_year, row.iso_week))}
    return {name: getattr(row, name) for name in names} | of


def _whole(uid: UUID) -> Any:
    row, items = weekly.read_report(actor(), uid)
    told = {"items": [_item(one) for one in items], "version": row.version}
    return with_etag(_line(row) | told, row.version)


def _item(row: WeeklyItem) -> dict[str, Any]:
    names = ("uid", "category", "severity", "trend", "certainty", "day_part", "note")
    return {name: getattr(row, name) for name in names} | {"place": row.place.uid if row.place else None}
