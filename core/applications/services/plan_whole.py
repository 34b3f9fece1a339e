"""Whether a new plan after a grant of a part is whole: measures, costs and what is written off are the same money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from core import db
from core.applications.models import (
    Application,
    ApplicationMeasure,
    ApplicationPart,
    Component,
    CostLine,
    GrantDecision,
    Promise,
)
from core.applications.services.costs import RUNNING, running_of
from core.applications.services.measures import measures_of
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema.amounts import grouped

SHORT = N_(
    "{short} kr av det beviljade hör inte till någon åtgärd. Ändra åtgärdernas belopp så att de blir {given} kr."
)
PARTED = N_("Delarna som skrivs av är {parted} kr, och utgifterna som skrivs av är {capital} kr. Ändra delarna.")
STILL_RUN = N_(
    "”{text}” utgår, men driftkostnaden är den som ni sökte med. Ändra delen Drift, eller spara den som den är."
)


def lacking(application: Application, row: GrantDecision | None, given: Mapping[int, int]) -> Iterable[Objection]:
    """Yield what does not add up in a plan of what is granted (`given`, kronor by year), once the costs do."""
    if not given:
        return
    kept = [one.amount for one in measures_of(application) if one.dropped_on is None]
    short = sum(given.values()) - sum(amount or 0 for amount in kept)
    if short > 0 and None not in kept:
        words = Text(SHORT, short=grouped(short), given=grouped(sum(given.values())))
        yield Objection(words, "dropped")
    parts = db.session().scalars(select(Component.amount).filter_by(application_id=application.id)).all()
    lines = select(CostLine.amount).filter_by(application_id=application.id, capital=True)
    capital = sum(db.session().scalars(lines))
    if parts and sum(parts) != capital:
        yield Objection(Text(PARTED, parted=grouped(sum(parts)), capital=grouped(capital)))
    if row is not None and (text := _still_run(application, row)):
        yield Objection(Text(STILL_RUN, text=text))


def _still_run(application: Application, row: GrantDecision) -> str:
    """Return what is not done and was to cost something a year, where nobody has looked at the running cost since."""
    gone = select(ApplicationMeasure.text).join(Promise, Promise.measure_id == ApplicationMeasure.id)
    gone = gone.where(ApplicationMeasure.application_id == application.id, ApplicationMeasure.dropped_on.is_not(None))
    text = db.session().scalar(gone.where(Promise.cost > 0).order_by(ApplicationMeasure.number).limit(1))
    if text is None or not any(one.amount for one in running_of(application).values()):
        return ""
    looked = select(ApplicationPart.changed_at).filter_by(application_id=application.id, part=RUNNING)
    at = db.session().scalar(looked)
    return "" if at is not None and row.confirmed_at is not None and at >= row.confirmed_at else text
