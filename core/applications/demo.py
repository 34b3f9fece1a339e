"""The demo's applications that are being written: one that lacks little, one that waits for others, one that has begun,
one with a title only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from functools import partial
from importlib import resources
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.applications import demo_grounds, demo_rounds, demo_whole
from core.applications.demo_whole import uid_of
from core.applications.models import Milestone
from core.applications.services import applications, evidence, measures, parts
from core.cooperation.models import Cause, Cycle, Goal, Problem
from core.places.models import Place
from core.reserve.services.programmes import programmes
from core.upkeep.demo import Story, on

Row = Mapping[str, Any]
BEGUN, WRITTEN = time(10), time(14)
"""When an application is begun, and when it is written."""
PROGRAMME = "TRYGG"
WORDS = ("plats", "problem", "orsaker", "mal", "perspektiv", "atgarder")
"""The parts whose form is told as it is in the seed pack."""


def plan(story: Story) -> None:
    """Let the rounds happen, and each draft of the seed pack be begun on its day, and written the day after."""
    demo_rounds.plan(story)
    for row in _applications():
        story.add(on(row["begun"], BEGUN), partial(_begin, row))
        story.add(on(row["begun"] + 1, WRITTEN), partial(_write, row))
        if "answered" in row:
            story.add(on(row["answered"], WRITTEN), partial(demo_whole.answer, row["key"]))


def _applications() -> list[Row]:
    path = resources.files("core") / "seeds" / db.settings().city / "demo_applications.toml"
    found: list[Row] = tomllib.loads(path.read_text("utf-8"))["application"] if path.is_file() else []
    return found


def _cycle(key: str) -> UUID:
    return db.uid_of(f"demo samverkan {key}")


def _begin(row: Row) -> None:
    programme = next(one for one in programmes() if one.code == PROGRAMME)
    facts = {"organisation": row["board"], "title": row["title"], "programme": programme.uid}
    if "round" in row:
        facts["in_round"] = demo_rounds.round_uid(row["round"])
    applications.begin_application(demo_grounds.actor_of(row["by"]), uid=uid_of(row["key"]), **facts)


def _write(row: Row) -> None:
    actor, uid = demo_grounds.actor_of(row["by"]), uid_of(row["key"])
    said = {key: dict(row[key]) for key in WORDS if key in row}
    if row["places"]:
        named = select(Place.uid).where(Place.name.in_(row["places"]), Place.state == "oppen")
        said["plats"] = said.get("plats", {}) | {"places": list(db.session().scalars(named))}
    if "cycle" in row:
        cycle = db.session().scalars(select(Cycle).where(Cycle.uid == _cycle(row["cycle"]))).one()
        said["orsaker"] = said.get("orsaker", {}) | {"cycle": cycle.uid}
        if "mal" in said:
            goals = select(Goal.uid).where(Goal.cycle_id == cycle.id, Goal.number.in_(said["mal"].pop("goals")))
            said["mal"]["goals"] = list(db.session().scalars(goals))
    for key in WORDS:
        if key in said:
            parts.write_part(actor, uid, key, done=key != "perspektiv", **said[key])
    _write_rows(actor, uid, row)


def _write_rows(actor: Actor, uid: UUID, row: Row) -> None:
    here = db.session().scalar(select(Place.uid).where(Place.name.in_(row["places"]), Place.state == "oppen"))
    for number, one in enumerate(row.get("measure", ()), 1):
        facts = {name: value for name, value in one.items() if name != "cause"}
        cause = {"cause": _cause(row["cycle"], one["cause"])} if "cause" in one else {}
        measures.add_measure(actor, uid, measure_uid=uid_of(row["key"], "åtgärd", number), place=here, **facts, **cause)
    for number, one in enumerate(row.get("evidence", ()), 1):
        evidence.add_evidence(actor, uid, evidence=uid_of(row["key"], "underlag", number), **one)
    today = clock.today()
    for number, one in enumerate(row.get("milestone", ()), 1):
        due = today + timedelta(days=one["due_in"])
        step = Milestone(
            uid=uid_of(row["key"], "milstolpe", number), title=one["title"], due_on=due, weight=one["weight"]
        )
        parts.add_row(actor, uid, "tidplan", step)
    if "amounts" in row:
        _write_money(actor, uid, row)
    if "tidplan" in row:
        known = row["tidplan"]
        said: Row = {
            "starts_on": today + timedelta(days=known["starts_in"]),
            "completes_on": today + timedelta(days=known["completes_in"]),
            "permits": known["permits"],
        }
        parts.write_part(actor, uid, "tidplan", **said)


def _write_money(actor: Actor, uid: UUID, row: Row) -> None:
    """Write what it costs, who looks after what is built, and ask those who are to be asked."""
    names = ("kind", "text", "quantity", "unit", "amount")
    whole = dict(row) | {"measures": [[one[name] for name in names] for one in row["measure"]]}
    begins = clock.today() + timedelta(days=row["tidplan"]["starts_in"] if "tidplan" in row else 0)
    demo_whole.write_money(actor, uid, whole, begins.year)
    for number, one in enumerate(row["measure"], 1):
        cost = row["running"] * one["amount"] // sum(row["amounts"])
        demo_whole.promise(actor, uid_of(row["key"], "åtgärd", number), whole, cost=cost, number=number)
    demo_whole.ask(actor, row["key"], row["title"])


def _cause(cycle: str, number: str) -> UUID:
    """Return the cause that is told by its problem's number and its own, as 1.3."""
    problem, _, own = number.partition(".")
    rows = select(Cause.uid).join(Problem, Problem.id == Cause.problem_id).join(Cycle, Cycle.id == Problem.cycle_id)
    rows = rows.where(Cycle.uid == _cycle(cycle))
    return db.session().scalars(rows.where(Problem.number == int(problem), Cause.number == int(own))).one()
