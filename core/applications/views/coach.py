"""The coach beside an application or one of its parts, and as a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import flask

from core.applications.coach import NEVER, READY, Missing
from core.applications.models import READ, Application
from core.applications.parts import PARTS
from core.applications.services import applications, coach, neighbours
from core.applications.services.held import read_held
from core.applications.services.neighbours import Memory
from core.applications.views.blueprint import beside, pages
from core.cooperation.models import MEASURE_RESULTS
from core.http import actor, page

REMEMBERS = (None, "plats", "atgarder")
"""Beside which parts what was tried before is told; None is the whole application."""


@dataclass(frozen=True)
class Shown:
    """What templates/applications/coach.html draws; `left` is how many things are left in each part."""

    percent: int
    ready: int
    met: int
    applicable: int
    missing: list[dict[str, Any]]
    advice: list[dict[str, Any]]
    done: list[str]
    part: str
    memory: Memory
    left: dict[str, int] = field(default_factory=dict)
    results: Any = field(default_factory=lambda: MEASURE_RESULTS)

    @property
    def is_ready(self) -> bool:
        """Whether a review may be asked for."""
        return self.percent >= self.ready


@beside
def for_page(application: Application, part: str | None = None) -> dict[str, Any]:
    """Return the coach of an application, or of one of its parts, for a page; none once nothing is mended any more."""
    return {"coach": shown(application, part) if application.state in coach.TOLD_IN else None}


def shown(application: Application, part: str | None = None) -> Shown:
    """Return the coach of an application as it is drawn, cut to a part where one is named."""
    held = read_held(application)
    whole = coach.read_coach(actor(), application, held)
    told = whole.of_part(part) if part else whole
    left = {key: len(whole.of_part(key).missing) for key in PARTS}
    return Shown(
        percent=whole.percent,
        ready=READY,
        met=len(told.met),
        applicable=told.applicable,
        missing=lines(application, told.missing),
        advice=lines(application, told.advice),
        done=[rule.title for rule in told.met],
        part=part or "",
        memory=neighbours.remembered(actor(), application, held) if part in REMEMBERS else Memory(),
        left={key: count for key, count in left.items() if count},
    )


def lines(application: Application, missing: Iterable[Missing]) -> list[dict[str, Any]]:
    """Return what is missing as lines, each with why and the address of the field that mends it."""
    return [_line(application, one) for one in missing]


def _line(application: Application, one: Missing) -> dict[str, Any]:
    anchor = f"#del-{one.lack.field.replace('.', '-')}" if one.lack.field else ""
    href = f"/ansokningar/{application.uid}/{one.rule.part}{anchor}"
    known: dict[str, Any] = {"id": f"{one.rule.part}.{one.rule.key}", "text": one.lack.text, "why": one.rule.why}
    known |= {"href": href, "stops": one.rule.blocking != NEVER, "part": PARTS[one.rule.part].title}
    return known | {"about": [other for other in one.lack.about if other.link]}


@pages.get("/ansokningar/<uuid:uid>/coach", needs=READ)
def read_coach(uid: UUID) -> flask.Response:
    """Show how far an application has come, what it lacks, and what was tried before."""
    found = applications.read_application(actor(), uid)
    return page("applications/coach_page.html", application=found, coach=shown(found))
