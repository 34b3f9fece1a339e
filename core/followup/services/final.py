"""The final report of a grant: due when the work is finished, what it cost against what was granted, handed over.

When it is approved the application is accounted for; opened again, it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core import clock, db, flow
from core.access import Actor
from core.applications.models import Application
from core.applications.services import applications
from core.applications.states import APPLICATION
from core.followup.limits import FINAL, FINAL_WITHIN
from core.followup.models import GrantReport
from core.followup.services import keeping
from core.followup.services.money import Year, years_of
from core.followup.services.reporting import END, new
from core.followup.states import REPORTS
from core.hookspecs import Objection
from core.i18n import N_, Text

WORDS = {
    "goals": N_("Skriv hur det gick med målen."),
    "lessons": N_("Skriv vad ni har lärt er."),
    "handover": N_("Skriv vem som har tagit över skötseln."),
}
"""What a final report must tell before it is handed in."""
LARGE = 10
"""Percent of what was granted; a larger deviation needs a reason."""
WHOLE = 100


@dataclass(frozen=True)
class Cost:
    """What a grant cost, in kronor, against what was granted; what is paid and not yet in the outturn is a cost too."""

    granted: int
    used: int
    unused: int

    @property
    def deviation(self) -> int:
        """How much more it cost than was granted; less is negative."""
        return self.used - self.granted

    @property
    def percent(self) -> int | None:
        """The deviation in percent of what was granted."""
        return round(self.deviation * WHOLE / self.granted) if self.granted else None

    @property
    def left(self) -> int:
        """What is granted and neither used nor about to be paid, to be handed back."""
        return max(self.unused, 0)


def cost_of(actor: Actor, application: Application) -> Cost:
    """Return what an application has cost in all. Raises Denied."""
    return _cost(years_of(actor, application))


def cost_in(figures: Mapping[str, Any]) -> Cost:
    """Return what an application had cost by the figures of an edition, or of today (`reporting.figures`)."""
    return _cost([Year(**one) for one in figures["money"]])


def _cost(years: Sequence[Year]) -> Cost:
    granted, used = sum(one.granted for one in years), sum(one.spent for one in years)
    return Cost(granted, used, sum(one.unused for one in years))


def _report(application: Application) -> GrantReport | None:
    return db.session().scalar(select(GrantReport).filter_by(application_id=application.id, kind=END))


@applications.follows("fardigstall")
def ask_for_it(_actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Plan the final report, within three months from the day when it was finished."""
    finished = facts.get("finished_on") or application.finished_on or clock.today()
    report = _report(application) or new(application, END, "", finished)
    if report.state == "overhoppad":
        flow.move(REPORTS, report, "ta_med", keeping.HOUSE, reason=N_("Arbetet är färdigt"))
        report.skipped_why = ""
    owner = application.organisation_id
    report.due_on = keeping.promise(FINAL, report, application, owner=owner, terms=FINAL_WITHIN, start=finished)
    db.session().flush()


@applications.follows("ratta_fardig")
def not_yet(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """What is not finished is not accounted for."""
    report, why = _report(application), N_("Arbetet är inte färdigt")
    if report is None or report.state not in (REPORTS.start, "inlamnad"):
        return
    if report.state == "inlamnad":
        flow.move(REPORTS, report, "lamna_tillbaka", keeping.HOUSE, reason=why)
    flow.move(REPORTS, report, "hoppa_over", keeping.HOUSE, reason=why)
    report.skipped_why = why
    keeping.lapsed(FINAL, report, application, why)


@applications.follows("ratta_redovisning")
def open_again(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """Let the final report be written anew when the accounting is opened."""
    report = _report(application)
    if report is not None and report.state == "godkand":
        flow.move(REPORTS, report, "oppna_igen", keeping.HOUSE, reason=N_("Slutredovisningen öppnas igen"))
        owner, start = application.organisation_id, application.finished_on
        report.due_on = keeping.promise(FINAL, report, application, owner=owner, terms=FINAL_WITHIN, start=start)


@APPLICATION.guard("slutredovisa")
def _approved(application: Application, _actor: Actor) -> Iterable[Objection]:
    report = _report(application)
    if report is None or report.state != "godkand":
        yield Objection(N_("Slutredovisningen ska vara inlämnad och godkänd först."), "#rapporter")


@REPORTS.guard("hoppa_over")
def _is_needed(report: GrantReport, actor: Actor) -> Iterable[Objection]:
    if report.kind == END and actor.kind != "system":
        yield Objection(N_("Slutredovisningen kan inte hoppas över."))


@REPORTS.guard("lamna_in")
def _tells_all(report: GrantReport, actor: Actor) -> Iterable[Objection]:
    if report.kind != END:
        return
    for name, lacks in WORDS.items():
        if not getattr(report, name):
            yield Objection(lacks, name)
    application = db.session().get_one(Application, report.application_id)
    cost = cost_of(actor, application)
    if abs(cost.percent or 0) >= LARGE and not report.money:
        told = N_("Kostnaden avviker {percent} procent från det som beviljades. Skriv varför.")
        yield Objection(Text(told, percent=abs(cost.percent or 0)), "money")
