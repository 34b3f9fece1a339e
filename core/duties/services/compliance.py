"""The statement of the law's duties: each met, late or lacking, with its day and what shows it (Z10, domain.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core import access, clock
from core.access import Actor
from core.duties.law import DUTIES, LACKING, LATE, MET, PARTS, Duty
from core.duties.models import ActionPlan, CityReport
from core.duties.models.coordination import READ
from core.duties.services import clocks, coordination, plans, reports
from core.i18n import N_, Text, counted


@dataclass(frozen=True)
class Standing:
    """How one duty stands: met, late or lacking; since when, until when, what shows it and where that is."""

    key: str
    duty: Duty
    state: str
    told: str
    on: date | None = None
    until: date | None = None
    link: str = ""


def statement(actor: Actor) -> list[Standing]:
    """Return how each duty of the municipality stands today, in the order of the law page, in a few queries."""
    access.require(actor, READ)
    return [*_function(actor), *_report(actor), *_clocks(actor), *_coordinators(actor)]


def _stands(
    key: str, state: str, told: str, link: str = "", *, on: date | None = None, until: date | None = None
) -> Standing:
    return Standing(key, DUTIES[key], state, told, on, until, link)


def _function(actor: Actor) -> Iterator[Standing]:
    found = coordination.function_on(actor)
    link = "/lagkrav/samordnare"
    if found is None:
        before = next(iter(coordination.functions(actor)), None)
        ended = before.valid_to if before else None
        told = Text(N_("Den upphörde {day}."), day=ended.isoformat()) if ended else N_("Ingen funktion är beslutad.")
        yield _stands("funktion", LACKING, told, link, on=ended)
        return
    words = N_("{title}, {organisation}. Beslut: {by} {number}.")
    facts = {"title": found.title, "organisation": found.organisation.name, "by": found.decided_by}
    told = Text(words, number=found.decision or "–", **facts)
    yield _stands("funktion", MET, told, link, on=found.decided_on, until=found.valid_to)


def _report(actor: Actor) -> Iterator[Standing]:
    found = reports.approved_report(actor)
    if found is None:
        yield _stands("lagesbild", LACKING, N_("Ingen lägesbild är godkänd."), "/lagkrav/lagesbilder")
        yield _stands("innehall", LACKING, N_("Ingen lägesbild är godkänd."), "/lagkrav/lagesbilder")
        return
    link, missing = f"/lagkrav/lagesbilder/{found.uid}", reports.whole(found).missing
    words = N_("{number}, godkänd av {by}. Beslut: {decision}.")
    told = Text(words, number=found.number, by=found.decided_by, decision=found.decision)
    yield _stands("lagesbild", MET, told, link, on=found.decided_on)
    if missing:
        parts = ", ".join(PARTS[part] for part in missing)
        yield _stands("innehall", LACKING, Text(N_("Det här saknas: {parts}."), parts=parts), link)
    else:
        yield _stands("innehall", MET, N_("Alla delar som lagen frågar efter är skrivna."), link, on=found.decided_on)


def _clocks(actor: Actor) -> Iterator[Standing]:
    report, current, today = reports.approved_report(actor), plans.current_plan(actor), clock.today()
    plan = current.plan if current else None
    link = f"/lagkrav/atgardsplaner/{plan.uid}" if plan else "/lagkrav/atgardsplaner"
    if plan is None:
        yield _stands("plan", LACKING, N_("Ingen åtgärdsplan är beslutad."), link)
    else:
        words = N_("{number}, beslutad av {by}, {decision}.")
        told = Text(words, number=plan.number, by=plan.decided_by, decision=plan.decision)
        yield _stands("plan", MET, told, link, on=plan.decided_on)
    if report is None or plan is None:
        yield _stands("uppdatering", LACKING, N_("Det finns ingen godkänd lägesbild eller ingen beslutad plan."), link)
    else:
        either: list[CityReport | ActionPlan] = [report, plan]
        first = min(either, key=lambda row: row.valid_until or today)
        until = first.valid_until or today
        state = MET if until >= today else LATE
        words = N_("Lägesbilden gäller till {report}, åtgärdsplanen till {plan}.")
        told = Text(words, report=report.valid_until, plan=plan.valid_until)
        if (full := clocks.moved_from(first)) is not None:
            told = Text(N_("{told} Tiden går ut närmaste vardag efter {day} (lag 1930:173)."), told=told, day=full)
        yield _stands("uppdatering", state, told, link, on=first.decided_on, until=until)
    yield _follow_up(current, link, today)


def _follow_up(current: plans.Whole | None, link: str, today: date) -> Standing:
    if current is None:
        return _stands("uppfoljning", LACKING, N_("Det finns ingen plan att följa upp."), link)
    plan, until = current.plan, current.plan.valid_until
    if plan.followed_on is not None:
        if until is not None and plan.followed_on > until:
            told = Text(N_("Uppföljd, efter sista dagen {day}."), day=until)
            return _stands("uppfoljning", MET, told, link, on=plan.followed_on)
        return _stands("uppfoljning", MET, N_("Uppföljd i tid."), link, on=plan.followed_on, until=until)
    done, whole = sum(bool(one.result) for one in current.measures), len(current.measures)
    told = Text(N_("{done} av {whole} åtgärder har ett resultat."), done=done, whole=whole)
    state = LATE if until is not None and until < today else MET
    return _stands("uppfoljning", state, told, link, until=until)


def _coordinators(actor: Actor) -> Iterator[Standing]:
    whole, lacking = coordination.count_boards(actor)
    link = "/lagkrav/samordnare?visa=saknas" if lacking else "/lagkrav/samordnare"
    if lacking:
        one = N_("1 av {whole} nämnder och bolag saknar samordnare.")
        told = counted(lacking, one, N_("{n} av {whole} nämnder och bolag saknar samordnare."), whole=whole)
        yield _stands("samordnare", LACKING, told, link)
    else:
        yield _stands("samordnare", MET, Text(N_("Alla {whole} nämnder och bolag har en."), whole=whole), link)
