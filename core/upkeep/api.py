"""Frister in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, moment, place
from core.journal import PROTECTED
from core.upkeep import narrowing, services
from core.upkeep.models import CalendarDay, Deadline
from core.upkeep.presenting import title_of
from core.upkeep.schemas import (
    WHOLE_DAY,
    DeadlineOut,
    DeadlinePage,
    DeadlineQuery,
    GoOn,
    MoveIn,
    NewDate,
    OwnDayIn,
    OwnDayList,
    OwnDayOut,
    Pause,
    closing,
)

api = Api("upkeep-api", __name__, description="Frister: vad som ska vara klart när, och varför just då.")


@api.route("/deadlines", methods=["GET"], needs="upkeep:deadline:read")
@api.asks(DeadlineQuery)
@api.response(200, DeadlinePage)
def list_deadlines(asked: dict[str, Any]) -> Any:
    """Öppna frister, den mest brådskande först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int, moment, int)
    names = ("organisation", "district", "kind", "urgency")
    known = {name: asked[name] for name in names if asked.get(name) is not None}
    narrowed = services.Narrowed(**known, by=narrowing.chosen(asked))
    found = services.list_open(actor(), narrowed, standing=asked["standing"], after=after)
    return {"items": [_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/deadlines/<uuid:uid>", methods=["GET"], needs="upkeep:deadline:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, DeadlineOut)
def read_deadline(uid: UUID) -> Any:
    """En frist, med förklaringen till datumet."""
    return _answer(services.read_deadline(actor(), uid))


@api.route("/deadlines/<uuid:uid>/moves", methods=["POST"], needs="upkeep:deadline:close")
@api.doc(**{"x-version": "changes"})
@api.reads(MoveIn)
@api.response(200, DeadlineOut)
def move_deadline(known: dict[str, Any], uid: UUID) -> Any:
    """Klarmarkera en frist, eller öppna den igen, med skäl."""
    services.move(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _answer(services.read_deadline(actor(), uid))


@api.route("/deadlines/<uuid:uid>/pause", methods=["POST"], needs="upkeep:deadline:pause")
@api.doc(**{"x-version": "changes"})
@api.reads(Pause)
@api.response(200, DeadlineOut)
def pause_deadline(known: dict[str, Any], uid: UUID) -> Any:
    """Låt en frist stå still från och med nu, med skäl."""
    services.pause(actor(), uid, reason=known["reason"], version=expected_version())
    return _answer(services.read_deadline(actor(), uid))


@api.route("/deadlines/<uuid:uid>/resume", methods=["POST"], needs="upkeep:deadline:pause")
@api.doc(**{"x-version": "changes"})
@api.reads(GoOn)
@api.response(200, DeadlineOut)
def resume_deadline(known: dict[str, Any], uid: UUID) -> Any:
    """Låt en pausad frist löpa igen; den räknas om från sin egen början med alla sina pauser."""
    services.resume(actor(), uid, reason=known["reason"], version=expected_version())
    return _answer(services.read_deadline(actor(), uid))


@api.route("/deadlines/<uuid:uid>/date", methods=["POST"], needs="upkeep:deadline:move")
@api.doc(**{"x-version": "changes"})
@api.reads(NewDate)
@api.response(200, DeadlineOut)
def move_date(known: dict[str, Any], uid: UUID) -> Any:
    """Flytta en frist till en annan dag, med skäl."""
    services.move_date(actor(), uid, on=known["on"], reason=known["reason"], version=expected_version())
    return _answer(services.read_deadline(actor(), uid))


@api.route("/calendar/days", methods=["GET"], needs="upkeep:deadline:read")
@api.response(200, OwnDayList)
def list_own_days() -> Any:
    """Dagar som kommer då den egna organisationen har stängt, utöver de röda."""
    return {"items": [_own_day(row) for row in services.own_days(actor())]}


@api.route("/calendar/days", methods=["POST"], needs="upkeep:calendar:edit")
@api.reads(OwnDayIn)
@api.response(201, OwnDayOut)
def add_own_day(known: dict[str, Any]) -> Any:
    """Lägg till en egen dag. Nya frister räknas med den; de som finns behåller sitt datum."""
    return _own_day(
        services.add_own_day(actor(), day=known["day"], name=known["name"], closes=closing(known["closes"]))
    )


@api.route("/calendar/days/<uuid:uid>", methods=["DELETE"], needs="upkeep:calendar:edit")
@api.response(204)
def remove_own_day(uid: UUID) -> None:
    """Ta bort en egen dag som kommer."""
    services.remove_own_day(actor(), uid)


def _own_day(row: CalendarDay) -> dict[str, Any]:
    told = {"uid": row.uid, "day": row.day, "name": row.name}
    return told | {"closes": f"{row.closes:%H:%M}" if row.closes else WHOLE_DAY}


def _line(row: Any) -> dict[str, Any]:
    names = ("uid", "kind", "urgency", "starts_at", "due_at", "due_on", "missed_at")
    line = {name: getattr(row, name) for name in names}
    named = {"title": title_of(row), "rule": row.rule["key"], "state": "oppen"}
    line |= named | {"place": row.place_uid, "organisation": row.organisation_uid}
    return line | _covered(row, "kind", "rule", "place")


def _answer(found: Deadline) -> Any:
    names = (
        "uid", "kind", "urgency", "starts_at", "due_at", "due_on", "missed_at", "state", "subject_kind", "subject_uid",
        "met_at", "moved_count", "paused_since", "reported_at", "version",
    )  # fmt: skip
    why = services.explained(actor(), found)
    body = {name: getattr(found, name) for name in names}
    body |= {
        "title": title_of(found),
        "rule": found.rule["key"],
        "place": found.place.uid if found.place else None,
        "organisation": found.organisation.uid if found.organisation else None,
        "why": why.sentence,
        "explained": _why(found.rule, why),
    }
    body |= _covered(found, "kind", "rule", "place", "subject_kind", "subject_uid", "why", "explained")
    return with_etag(body, found.version)


def _why(rule: dict[str, Any], why: services.Why) -> dict[str, Any]:
    return {
        "rule": rule["title"],
        "source": rule["source"],
        "rule_version": rule["version"],
        "calendar": why.calendar,
        "days": why.days,
        "pauses": why.pauses,
        "moves": why.moves,
    }


def _covered(deadline: Any, *names: str) -> dict[str, None]:
    """Return None for what would tell what a protected frist is about (design.md 9)."""
    return dict.fromkeys(names) if deadline.level >= PROTECTED else {}
