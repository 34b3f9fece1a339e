"""What a cycle leaves on paper (domain.md 5.5): pictures, the analysis of causes, the plan for decision, the follow-up.

An own picture is for who may read it: while it is sealed nobody else can ask for it, nor fetch what was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from core import clock, db
from core.access import Actor
from core.cooperation import services
from core.cooperation.drawing import triangle, triangle_on_paper
from core.cooperation.models import (
    APPROACHES,
    DRAWN_KINDS,
    EVIDENCE_KINDS,
    HORIZONS,
    LEVELS,
    MEASURE_RESULTS,
    OWN,
    RESULTS,
    SIDES,
    Cycle,
)
from core.cooperation.models.cycles import READ
from core.cooperation.services.pictures import SECTIONS
from core.cooperation.services.pictures_shown import Picture, is_afterwards
from core.cooperation.states import CAUSE, GOAL, MEASURE
from core.cooperation.states import PICTURE as PICTURE_FLOW
from core.documents import About, Column, Content, kind, sheet
from core.documents.drawn_map import DrawnMap
from core.documents.ground import ground_of
from core.i18n import N_, Text
from core.places import services as places
from core.schema.amounts import quantity

PICTURE, CAUSES, PLAN, FOLLOW_UP, GOALS, MEASURES = (
    f"cooperation:{name}" for name in ("lagesbild", "orsaksanalys", "atgardsplan", "uppfoljning", "mal", "atgarder")
)
MAP, DRAWING = "map", "drawing"
"""Names of the parts of a document that are drawn here."""


def _about_cycle(actor: Actor, uid: UUID) -> About:
    cycle = services.read_cycle(actor, uid)
    return About(cycle.title, f"/samverkan/{uid}", cycle.level)


def _about_picture(actor: Actor, uid: UUID) -> About:
    """Return a picture by its cycle and its party, for who may read it now."""
    report = services.read_picture(actor, uid).report
    return About(_called(report), f"/lagesbilder/{uid}", report.level)


def _about_problem(actor: Actor, uid: UUID) -> About:
    problem = services.read_problem(actor, uid)
    return About(problem.what, f"/samverkan/problem/{uid}", problem.level)


def _letterhead(cycle: Cycle, sender: str = "") -> dict[str, Any]:
    city = places.city(db.settings().city)
    head = {"city": city.get("organisation", city["name"]), "sender": sender or cycle.organisation.name}
    where = cycle.place.name if cycle.place else cycle.area.name if cycle.area else ""
    return head | {"today": clock.today(), "cycle": cycle, "where": where, "measured": quantity}


# --- Pictures -------------------------------------------------------------------------------------------------------


@kind(PICTURE, title=N_("Lägesbild"), needs=READ, about=_about_picture, template="documents/situation.html")
def picture(actor: Actor, uid: UUID) -> Content:
    """Gather a party's own picture, or the common one."""
    found = services.read_picture(actor, uid)
    report, cycle = found.report, services.read_cycle(actor, found.report.cycle.uid)
    drawn = _map(found, cycle)
    ground = ground_of(drawn.box, db.settings())
    own = report.kind == OWN
    told: dict[str, Any] = {
        "picture": found,
        "sections": [(title, found.sections[key].text) for key, title in SECTIONS[report.kind].items()],
        "kinds": EVIDENCE_KINDS,
        "drawn": DRAWN_KINDS,
        "map_alt": _in_words(found) if found.drawings else "",
        "attribution": ground.attribution,
        "own": own,
        "afterwards": own and is_afterwards(cycle, report),
        "parties": [] if own else services.handed_in(actor, cycle, services.parties_of(actor, cycle)),
        "picture_states": {key: state.label for key, state in PICTURE_FLOW.states.items()},
    }
    return Content(
        title=_called(report),
        filename=f"lagesbild {cycle.number} {report.organisation.name if own else 'gemensam'}",
        context=_letterhead(cycle, report.organisation.name if own else "") | told,
        drawings={MAP: drawn.svg(ground.pictures)} if found.drawings else {},
        files=ground.files if found.drawings else {},
        level=report.level,
    )


def _called(report: Any) -> str:
    if report.kind != OWN:
        return Text(N_("Gemensam lägesbild: {title}"), title=report.cycle.title)
    words = N_("Egen lägesbild från {name}: {title}")
    return Text(words, name=report.organisation.name, title=report.cycle.title)


def _map(found: Picture, cycle: Cycle) -> DrawnMap:
    """Return what is drawn, numbered in the order of the list beside the map."""
    stops = [(number, one.geom.representative_point()) for number, one in enumerate(found.drawings, 1)]
    borders = [cycle.place.geom] if cycle.place else []
    return DrawnMap(shapes=[one.geom for one in found.drawings], stops=stops, borders=borders)


def _in_words(found: Picture) -> str:
    named = (f"{number} {one.label}" for number, one in enumerate(found.drawings, 1))
    return Text(N_("Karta över det som är ritat: {named}."), named=", ".join(named))


# --- The analysis of causes -----------------------------------------------------------------------------------------


@kind(CAUSES, title=N_("Orsaksanalys"), needs=READ, about=_about_problem, template="documents/causes.html")
def causes(actor: Actor, uid: UUID) -> Content:
    """Gather the analysis of a problem on one sheet: the causes in words, and drawn."""
    problem = services.read_problem(actor, uid)
    cycle = services.read_cycle(actor, services.cycle_of_row(problem).uid)
    tree = services.tree_of(actor, problem)
    labels = {key: state.label for key, state in CAUSE.states.items()}
    numbers = {one.cause.id: one.cause.number for one in tree}
    drawn = triangle_on_paper(triangle([one.cause for one in tree]), labels, SIDES)
    named = "; ".join(f"{one.cause.number} {one.cause.text}: {labels[one.cause.state]}" for one in tree)
    told = {
        "problem": problem,
        "tree": [(one, labels[one.cause.state], numbers.get(one.cause.parent_id or 0)) for one in tree],
        "sides": SIDES,
        "levels": LEVELS,
        "drawing_alt": Text(N_("Triangel över orsakerna. {causes}. Underlaget står i tabellen."), causes=named),
    }
    return Content(
        title=Text(N_("Orsaksanalys: {problem}"), problem=problem.what),
        filename=f"orsaksanalys {cycle.number} {problem.number}",
        context=_letterhead(cycle) | told,
        drawings={DRAWING: drawn} if tree else {},
        level=problem.level,
    )


# --- The plan and the follow-up -------------------------------------------------------------------------------------


@kind(PLAN, title=N_("Åtgärdsplan"), needs=READ, about=_about_cycle, template="documents/plan.html")
def plan(actor: Actor, uid: UUID) -> Content:
    """Gather the plan of a cycle for decision: what was chosen and why, goals, measures with who does them."""
    cycle = services.read_cycle(actor, uid)
    told = _worked_out(actor, cycle) | {
        "parties": services.parties_of(actor, cycle),
        "problems": services.problems_of(actor, cycle),
    }
    return Content(
        title=Text(N_("Åtgärdsplan: {title}"), title=cycle.title),
        filename=f"atgardsplan {cycle.number}",
        context=_letterhead(cycle) | told,
        level=cycle.level,
    )


@kind(FOLLOW_UP, title=N_("Uppföljningsrapport"), needs=READ, about=_about_cycle, template="documents/outcome.html")
def follow_up(actor: Actor, uid: UUID) -> Content:
    """Gather what came of a cycle: each goal, each measure, what was learnt."""
    cycle = services.read_cycle(actor, uid)
    told = _worked_out(actor, cycle)
    outcome = {key: sum(one.goal.result == key for one in told["goals"]) for key in RESULTS}
    return Content(
        title=Text(N_("Uppföljning: {title}"), title=cycle.title),
        filename=f"uppfoljning {cycle.number}",
        context=_letterhead(cycle) | told | {"outcome": outcome, "carried": services.carried(actor, cycle)},
        level=cycle.level,
    )


def _worked_out(actor: Actor, cycle: Cycle) -> dict[str, Any]:
    return {
        "goals": services.goals_of(actor, cycle),
        "measures": services.measures_of(actor, cycle),
        "goal_states": {key: state.label for key, state in GOAL.states.items()},
        "results": RESULTS,
        "measure_results": MEASURE_RESULTS,
        "approaches": APPROACHES,
        "horizons": HORIZONS,
    }


# --- Tables ---------------------------------------------------------------------------------------------------------


GOAL_COLUMNS = (
    Column(N_("Nr"), "number"),
    Column(N_("Mål"), width=48),
    Column(N_("Mätning"), width=40),
    Column(N_("Enhet"), width=14),
    Column(N_("Läget då"), "number"),
    Column(N_("Mättes"), "date", 13),
    Column(N_("Ska bli"), "number"),
    Column(N_("Senast"), "date", 13),
    Column(N_("Svarar"), width=32),
    Column(N_("Sikt"), width=14),
    Column(N_("Läge"), width=12),
    Column(N_("Har godtagit"), width=48),
    Column(N_("Resultat"), width=16),
    Column(N_("Blev"), "number"),
    Column(N_("Mättes igen"), "date", 13),
    Column(N_("Varför"), width=48),
)
MEASURE_COLUMNS = (
    Column(N_("Nr"), "number"),
    Column(N_("Åtgärd"), width=48),
    Column(N_("Sort"), width=14),
    Column(N_("Mot orsaken"), width=40),
    Column(N_("För målen"), width=14),
    Column(N_("Gör det"), width=32),
    Column(N_("Börjar"), "date", 13),
    Column(N_("Klart"), "date", 13),
    Column(N_("Timmar"), "number"),
    Column(N_("Pengar"), "kronor", 14),
    Column(N_("Läge"), width=14),
    Column(N_("Resultat"), width=18),
    Column(N_("Vad det gav"), width=48),
)


@kind(GOALS, title=N_("Mål som tabell"), needs=READ, about=_about_cycle)
def goals(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather the goals of a cycle."""
    cycle = services.read_cycle(actor, uid)
    title = Text(N_("Mål: {title}"), title=cycle.title)
    return Content(title=title, filename=f"mal {cycle.number}", sheet=sheet(GOAL_COLUMNS, _goals(actor, cycle)))


def _goals(actor: Actor, cycle: Cycle) -> Iterator[Sequence[Any]]:
    for one in services.goals_of(actor, cycle):
        goal = one.goal
        accepted = ", ".join(sorted(row.organisation.name for row in one.accepted))
        yield (
            goal.number, goal.text, goal.indicator, goal.unit, goal.baseline, goal.baseline_on, goal.target,
            goal.due_on, goal.owner.name if goal.owner else "", HORIZONS[goal.horizon], GOAL.states[goal.state].label,
            accepted, RESULTS.get(goal.result, ""), goal.result_value, goal.result_on, goal.result_why,
        )  # fmt: skip


@kind(MEASURES, title=N_("Åtgärder som tabell"), needs=READ, about=_about_cycle)
def measures(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather the measures of a cycle."""
    cycle = services.read_cycle(actor, uid)
    title = Text(N_("Åtgärder: {title}"), title=cycle.title)
    rows = _measures(actor, cycle)
    return Content(title=title, filename=f"atgarder {cycle.number}", sheet=sheet(MEASURE_COLUMNS, rows))


def _measures(actor: Actor, cycle: Cycle) -> Iterator[Sequence[Any]]:
    for one in services.measures_of(actor, cycle):
        row, numbers = one.measure, ", ".join(str(goal.number) for goal in one.goals)
        yield (
            row.number, row.text, APPROACHES[row.approach], one.cause.text, numbers,
            row.owner.name if row.owner else "", row.starts_on, row.ends_on, row.hours, row.budget,
            MEASURE.states[row.state].label, MEASURE_RESULTS.get(row.result, ""), row.result_why,
        )  # fmt: skip
