"""The parts of costs and of running it: lines, components, other funding, and the sums of all of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import flask

from core import db
from core.applications.models import COST_KINDS, WRITE, Application, Component, CostLine, OtherFunding
from core.applications.schemas.costs import (
    YEAR,
    YEARS,
    ComponentForm,
    CostForm,
    FundingForm,
    NewComponentForm,
    NewCostForm,
    NewFundingForm,
)
from core.applications.services import costs
from core.applications.services.parts import Read
from core.applications.views.blueprint import pages, sent
from core.applications.views.parts import PAGES, PartPage, draw
from core.applications.views.rows import ROWS, Row
from core.http import actor, see_other
from core.http.forms import Forms, fresh, none
from core.i18n import N_
from core.schema import Schema
from core.walks.services.reaching import organisations

NEW: Mapping[str, type[Schema]] = {"rad": NewCostForm, "komponent": NewComponentForm, "finansiering": NewFundingForm}
"""What is asked for each sort of row."""


def _cost_rows(found: Read) -> Forms:
    lines = costs.rows_of(found.application, "rad")
    year = lines[-1].year if lines else found.application.round.year if found.application.round else None
    forms = fresh(NewCostForm, "rad", uid=db.new_uid(), capital=True, year=year)
    forms |= fresh(NewComponentForm, "komponent", uid=db.new_uid())
    return forms | fresh(NewFundingForm, "finansiering", uid=db.new_uid())


def _costs_shown(found: Read) -> dict[str, Any]:
    lines = costs.rows_of(found.application, "rad")
    components = costs.rows_of(found.application, "komponent")
    rate = found.application.programme.rate
    return {
        "lines": lines,
        "years": costs.by_year(lines),
        "total": sum(line.amount for line in lines),
        "to_write_off": sum(line.amount for line in lines if line.capital),
        "components": components,
        "written_off": sum(one.amount for one in components),
        "capital": costs.capital_cost(components, rate),
        "rate": rate / 1000,
        "funding": costs.rows_of(found.application, "finansiering"),
        "kinds": COST_KINDS,
    }


PAGES["utgifter"] = PartPage(
    N_("Vad söker ni för varje år? Summan är det belopp ni söker. Skriv beloppen i hela kronor, utan moms."),
    "applications/part_costs.html",
    rows=_cost_rows,
    shown=_costs_shown,
)


@pages.post("/ansokningar/<uuid:uid>/utgifter/<any(rad, komponent, finansiering):sort>", needs=WRITE)
def add_cost(uid: UUID, sort: str) -> flask.Response:
    """Add a cost, a component or other funding."""
    known = sent(partial(draw, uid, "utgifter"), sort, NEW[sort])
    costs.add_row(actor(), uid, sort, **known)
    return see_other("applications.read_part", uid=uid, key="utgifter")


def _change(sort: str) -> Any:
    def change(who: Any, uid: UUID, **facts: Any) -> Application:
        row = costs.change_row(who, sort, uid, **facts)
        return db.session().get_one(Application, row.application_id)

    return change


def _take(sort: str) -> Any:
    return lambda who, uid: costs.remove_row(who, sort, uid, version=None)


ROWS["kostnader"] = Row("utgifter", CostLine, CostForm, N_("Ändra utgiften"), _change("rad"), _take("rad"))
ROWS["komponenter"] = Row(
    "utgifter", Component, ComponentForm, N_("Ändra avskrivningen"), _change("komponent"), _take("komponent")
)
ROWS["finansiering"] = Row(
    "utgifter", OtherFunding, FundingForm, N_("Ändra finansieringen"), _change("finansiering"), _take("finansiering")
)

# --- Running it ---------------------------------------------------------------------------------------------------


def payer_options() -> list[tuple[str, ...]]:
    """Return who can pay or look after something, or nobody yet."""
    return [none(N_("Inte bestämt")), *((str(row.uid), row.name) for row in organisations(actor()))]


def _running_shown(found: Read) -> dict[str, Any]:
    rows = costs.running_of(found.application)
    return {
        "running": [(year, rows.get(year)) for year in YEARS],
        "running_total": sum(row.amount for row in rows.values()),
        "lacks": costs.lacks_of_running(rows),
    }


PAGES["drift"] = PartPage(
    N_("Vad kostar det att driva varje år efteråt, och vem betalar? Investeringen ökar inte någons ram för drift."),
    "applications/part_running.html",
    options=lambda _: dict.fromkeys((f"{YEAR}{year}.payer" for year in YEARS), payer_options()),
    shown=_running_shown,
)
