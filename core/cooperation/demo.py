"""The demo's cycles: in different steps, by the parties themselves, each thing at its own time (`demo_cycles.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.cooperation import services
from core.cooperation.models import CRITERIA, Cycle, Goal, Measure, Problem
from core.cooperation.services.pictures import open_when_time_is_out
from core.people.services import organisation
from core.places.models import Place
from core.roles import ROLES
from core.upkeep.demo import Story, on, somebody
from core.walks.models import Observation

Row = Mapping[str, Any]
DRIVER = ROLES["sdn_samordnare"]
OPENING = time(16)
"""When own pictures open, on their day."""
FIRST, LATER = time(9), time(10, 30)
"""When a cycle takes a step, and when all else happens that day."""
DRAWN_M = 14
EVIDENCE_FACTS = (
    "kind", "what", "value", "unit", "compared_value", "compared_with", "source", "first_on", "last_on",
)  # fmt: skip
GOAL_FACTS = (
    "text", "indicator", "unit", "baseline", "baseline_on", "baseline_source", "target", "due_on", "realistic",
    "horizon",
)  # fmt: skip


def plan(story: Story) -> None:
    """Let every cycle of the seed pack happen."""
    for row in _cycles():
        actor = partial(_actor, row["by"])
        opens = on(row["opens"], OPENING) if "opens" in row else None
        story.add(on(row["started"], FIRST), partial(_begin, row, opens))
        if opens is not None:
            story.add(opens, open_when_time_is_out)
        for days, key, *why in row.get("moves", ()):
            story.add(on(days, FIRST), partial(_move, actor, row["key"], key, *why))
        for days, by, audience, text in row.get("comments", ()):
            story.add(on(days, LATER), partial(_say, row["key"], days, by, audience, text))
        for part, tell in PARTS.items():
            for one in row.get(part, ()):
                tell(story, row, _dated(one))
        if "common" in row:
            story.add(on(row["common"]["day"], LATER), partial(_write_common, row, row["common"]["sections"]))
        if "follow_up" in row:
            story.add(on(row["moves"][-1][0] - 1, LATER), partial(_follow_up, row))


def _cycles() -> list[Row]:
    path = resources.files("core") / "seeds" / db.settings().city / "demo_cycles.toml"
    found: list[Row] = tomllib.loads(path.read_text("utf-8"))["cycle"] if path.is_file() else []
    return found


def _actor(by: str) -> Actor:
    role, _, code = by.partition("@")
    return somebody(role, code)


def _uid(*parts: object) -> UUID:
    return db.uid_of(" ".join(("demo samverkan", *map(str, parts))))


def _dated(row: Row) -> Row:
    """Return a row with its days as dates, counted before anything happens: acts have times of their own."""
    named = {"baseline_day": "baseline_on", "due": "due_on"}
    found = dict(row) | {name: _day(row[key]) for key, name in named.items() if key in row}
    if "days" in row:
        found |= zip(("first_on", "last_on"), map(_day, row["days"]), strict=True)
    if "sections" in row:
        found["evidence"] = [_dated(one) for one in row.get("evidence", ())]
    return found


def _day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _found(model: Any, key: str, number: int) -> Any:
    """Return what has a number in a cycle, written down there or carried from the one before."""
    rows = select(model).join(Cycle, Cycle.id == model.cycle_id).where(Cycle.uid == _uid(key), model.number == number)
    return db.session().scalars(rows).one()


# --- Cycles and parties ---------------------------------------------------------------------------------------------


def _begin(row: Row, opens_at: datetime | None) -> None:
    driver, uid = _actor(row["by"]), _uid(row["key"])
    opens: dict[str, Any] = {"opens_at": opens_at} if opens_at is not None else {}
    decided: dict[str, Any] = {"decision": row["decision"], "decided_on": clock.today()} if "decision" in row else {}
    if "follows" in row:
        services.begin_next(driver, _uid(row["follows"]), uid=uid)
        services.change_cycle(driver, uid, version=None, **opens, **decided)
        return
    place = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
    facts = {name: row[name] for name in ("title", "purpose")} | {"started_on": clock.today(), "mandate": DRIVER}
    code = row["by"].partition("@")[2]
    services.begin_cycle(driver, uid=uid, organisation=code, place=place.uid, **facts, **opens, **decided)
    for party in row.get("party", ()):
        known = {name: party[name] for name in ("role", "mandate", "substitute", "hours", "budget") if name in party}
        whose = organisation(party["by"].partition("@")[2]).uid
        services.add_party(driver, uid, organisation=whose, **known)


def _move(actor: Callable[[], Actor], key: str, move: str, why: str = "") -> None:
    services.move_cycle(actor(), _uid(key), move, reason=why)


def _say(key: str, days: int, by: str, audience: str, text: str) -> None:
    services.comment(_actor(by), _uid(key), uid=_uid(key, "sagt", days), audience=audience, text=text)


def _follow_up(row: Row) -> None:
    services.write_follow_up(_actor(row["by"]), _uid(row["key"]), text=row["follow_up"].strip())


# --- Pictures -------------------------------------------------------------------------------------------------------


def _tell_picture(story: Story, row: Row, picture: Row) -> None:
    """Let a party write its own picture, and hand it in, keep it as a draft, or go without one."""
    key, actor = row["key"], partial(_actor, picture["by"])
    if "waived" in picture:
        days, why = picture["waived"]
        story.add(on(days, LATER), partial(_hand_in, actor, key, "avsta", why))
        return
    days = picture.get("done") or picture["written"]
    story.add(on(days - 1, LATER), partial(_write, key, picture))
    if "done" in picture:
        story.add(on(days, LATER), partial(_hand_in, actor, key, "lamna_in"))


def _own(actor: Actor, key: str) -> UUID:
    found = services.own_picture(actor, services.read_cycle(actor, _uid(key)))
    if found is None:
        raise LookupError(key)
    return found.report.uid


def _write(key: str, picture: Row) -> None:
    actor = _actor(picture["by"])
    report = _own(actor, key)
    for section, text in picture["sections"].items():
        services.write_section(actor, report, section, text=text, done="done" in picture)
    for number, one in enumerate(picture.get("evidence", ())):
        facts = {name: one[name] for name in EVIDENCE_FACTS if name in one}
        services.add_evidence(actor, report, evidence=_uid(report, "underlag", number), **facts)
    for number, one in enumerate(picture.get("drawing", ())):
        shape = _part_of(services.read_cycle(actor, _uid(key)).place, one["part"])
        drawn = {"drawing": _uid(report, "ritat", number), "geom": shape}
        services.draw(actor, report, kind=one["kind"], label=one["label"], **drawn)


def _part_of(place: Place | None, part: str) -> MultiPolygon:
    """Return a round spot in the west or the south of a place."""
    if place is None:
        raise LookupError(part)
    west, south, east, north = place.geom.bounds
    x = west + (east - west) / (4 if part == "west" else 2)
    y = south + (north - south) / (4 if part == "south" else 2)
    return MultiPolygon([Point(x, y).buffer(DRAWN_M, quad_segs=4)])


def _hand_in(actor: Callable[[], Actor], key: str, move: str, why: str = "") -> None:
    services.move_picture(actor(), _own(actor(), key), move, reason=why)


def _write_common(row: Row, sections: Mapping[str, str]) -> None:
    driver = _actor(row["by"])
    report = services.begin_common(driver, _uid(row["key"]))
    for section, text in sections.items():
        services.write_section(driver, report.uid, section, text=text, done=True)
    services.move_picture(driver, report.uid, "lamna_in")


# --- Problems and causes --------------------------------------------------------------------------------------------


def _tell_problem(story: Story, row: Row, problem: Row) -> None:
    """Let a problem be written down, scored by parties, chosen or left out if that is decided, its causes tested."""
    key, number, days = row["key"], problem["number"], problem["day"]
    if not problem.get("carried"):
        story.add(on(days, LATER), partial(_add_problem, key, problem))
    for by, points in problem.get("scores", {}).items():
        story.add(on(days + 2, LATER), partial(_score, key, number, by, points))
    if "move" in problem:
        at, move, why = problem["move"]
        story.add(on(at, LATER), partial(_decide, row["by"], key, number, move, why))
    for cause in problem.get("cause", ()):
        _tell_cause(story, row, number, cause)


def _add_problem(key: str, problem: Row) -> None:
    words = {name: problem[name] for name in ("what", "where", "when", "how", "whom", "consequence") if name in problem}
    actor = _actor(problem["by"])
    seen = _seen(actor, key, "")
    made: dict[str, Any] = {"uid": _uid(key, "problem", problem["number"]), "observations": [seen.uid] if seen else []}
    services.add_problem(actor, _uid(key), **made, **words)


def _score(key: str, number: int, by: str, points: list[int]) -> None:
    scores: dict[str, Any] = dict(zip(CRITERIA, points, strict=True))
    services.score(_actor(by), _found(Problem, key, number).uid, **scores)


def _decide(by: str, key: str, number: int, move: str, why: str) -> None:
    services.move_problem(_actor(by), _found(Problem, key, number).uid, move, reason=why)


def _tell_cause(story: Story, row: Row, problem: int, cause: Row) -> None:
    key = row["key"]
    story.add(on(cause["day"], LATER), partial(_add_cause, key, problem, cause))
    told = cause.get("tested", cause["day"] + 1)
    if "test" in cause:
        story.add(on(told, LATER), partial(_test, key, problem, cause))
    uid = _cause_uid(key, problem, cause["number"])
    for number, said in enumerate(cause.get("evidence", ())):
        story.add(on(told, LATER) + timedelta(minutes=5), partial(_give_evidence, key, uid, number, said))
    if "settled" in cause:
        days, move, why = cause["settled"]
        at = on(days, LATER) + timedelta(minutes=30)
        story.add(at, partial(_settle, cause["by"], uid, move, why))


def _cause_uid(key: str, problem: int, number: int) -> UUID:
    return _uid(key, "orsak", problem, number)


def _add_cause(key: str, problem: int, cause: Row) -> None:
    above = {"parent": _cause_uid(key, problem, cause["parent"])} if "parent" in cause else {}
    facts = {name: cause[name] for name in ("text", "side", "causal_level", "prediction")}
    about = _found(Problem, key, problem).uid
    services.add_cause(_actor(cause["by"]), about, uid=_cause_uid(key, problem, cause["number"]), **above, **facts)


def _test(key: str, problem: int, cause: Row) -> None:
    tested = {"test": cause["test"], "tested_on": clock.today()}
    services.change_cause(_actor(cause["by"]), _cause_uid(key, problem, cause["number"]), **tested)


def _give_evidence(key: str, uid: UUID, number: int, said: list[str]) -> None:
    """Say what speaks for a cause or against it, and, where a kind is named, in which observation it was seen."""
    stance, by, text, *kinds = said
    actor = _actor(by)
    seen = _seen(actor, key, kinds[0]) if kinds else None
    known: dict[str, Any] = {"evidence": _uid(uid, "underlag", number), "observation": seen.uid if seen else None}
    services.tell(actor, uid, stance=stance, text=text, **known)


def _seen(actor: Actor, key: str, kind: str) -> Observation | None:
    """Return what was seen last on the place of a cycle, of a kind if there is such."""
    if not actor.may("walks:observation:read"):
        return None
    rows = services.seen_at(actor, services.read_cycle(actor, _uid(key)))
    return next((row for row in rows if row.kind == kind), rows[0] if rows else None)


def _settle(by: str, uid: UUID, move: str, why: str) -> None:
    services.move_cause(_actor(by), uid, move, reason=why)


# --- Goals and measures ---------------------------------------------------------------------------------------------


def _tell_goal(story: Story, row: Row, goal: Row) -> None:
    """Let a goal be written down, accepted and said to be SMART, and tell what came of it."""
    key, number, days = row["key"], goal["number"], goal["day"]
    story.add(on(days, LATER), partial(_write_goal, key, goal))
    parties = [party["by"] for party in row.get("party", ())] + [row["by"]]
    for by in goal.get("accepted", parties):
        story.add(on(days + 2, LATER), partial(_accept, key, number, by))
    if goal.get("smart", True):
        story.add(on(days + 4, LATER), partial(_make_smart, key, number, goal["by"]))
    if "result" in goal:
        story.add(on(goal["result"][0], LATER), partial(_give_result, key, goal))


def _write_goal(key: str, goal: Row) -> None:
    actor = _actor(goal["by"])
    facts = {name: goal[name] for name in GOAL_FACTS if name in goal}
    if "owner" in goal:
        facts["owner"] = organisation(goal["owner"]).uid
    if goal.get("carried"):
        services.change_goal(actor, _found(Goal, key, goal["number"]).uid, **facts)
        return
    about = _found(Problem, key, goal.get("problem", 1)).uid
    services.add_goal(actor, _uid(key), uid=_uid(key, "mål", goal["number"]), problem=about, **facts)


def _accept(key: str, number: int, by: str) -> None:
    services.accept(_actor(by), _found(Goal, key, number).uid)


def _make_smart(key: str, number: int, by: str) -> None:
    services.move_goal(_actor(by), _found(Goal, key, number).uid, "markera_smart")


def _give_result(key: str, goal: Row) -> None:
    _, result, value, why = goal["result"]
    measured: dict[str, Any] = {"value": value, "on": clock.today()} if value != "" else {}
    services.give_result(_actor(goal["by"]), _found(Goal, key, goal["number"]).uid, result=result, why=why, **measured)


def _tell_measure(story: Story, row: Row, measure: Row) -> None:
    """Let a measure be proposed, assigned and done, and tell what it gave."""
    key, number = row["key"], measure["number"]
    story.add(on(measure["day"], LATER), partial(_propose, key, measure))
    for days, move in measure.get("steps", ()):
        story.add(on(days, LATER), partial(_move_measure, key, number, measure["by"], move))
    if "result" in measure:
        days, result, why = measure["result"]
        story.add(on(days, LATER), partial(_measure_result, key, number, measure["by"], result, why))


def _propose(key: str, measure: Row) -> None:
    facts = {name: measure[name] for name in ("text", "approach", "hours", "budget") if name in measure}
    if "days" in measure:
        facts |= {"starts_on": measure["first_on"], "ends_on": measure["last_on"]}
    if "owner" in measure:
        facts["owner"] = organisation(measure["owner"]).uid
    goals = [_found(Goal, key, number).uid for number in measure["goals"]]
    made: dict[str, Any] = {"uid": _uid(key, "åtgärd", measure["number"]), "goals": goals}
    made["cause"] = _cause_uid(key, *measure["cause"])
    services.add_measure(_actor(measure["by"]), _uid(key), **made, **facts)


def _move_measure(key: str, number: int, by: str, move: str) -> None:
    services.move_measure(_actor(by), _found(Measure, key, number).uid, move)


def _measure_result(key: str, number: int, by: str, result: str, why: str) -> None:
    services.give_measure_result(_actor(by), _found(Measure, key, number).uid, result=result, why=why)


PARTS: Mapping[str, Callable[[Story, Row, Row], None]] = {
    "picture": _tell_picture,
    "problem": _tell_problem,
    "goal": _tell_goal,
    "measure": _tell_measure,
}
"""What a cycle of the seed pack holds beside its steps."""
