"""The cycles that the demo's applications build on: two parties, one problem, one cause that is likely, one goal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.cooperation import services
from core.cooperation.models import CRITERIA
from core.people.services import organisation
from core.places.models import Place
from core.roles import ROLES
from core.upkeep.demo import Story, on, somebody

Row = Mapping[str, Any]
OTHER = "fack_handlaggare@trafik"
"""The party beside the board in each of them."""
WAIVED = "Det finns en lägesbild sedan förra året. Vi utgår från den."
DAYS = 20
"""Days that it takes them from the beginning to a goal."""


def plan(story: Story, rows: list[Row]) -> None:
    """Let each cycle begin, and come to its goal."""
    for row in rows:
        story.add(on(row["begun"], time(9)), partial(_begin, row))
        story.add(on(row["begun"] + DAYS, time(9)), partial(_go_on, row))


def uid_of(key: str, *what: object) -> UUID:
    """Return the uid of the cycle called so, or of its "problem", "orsak" or "mål"."""
    return db.uid_of(" ".join(("demo underlag", key, *map(str, what))))


def actor_of(by: str) -> Any:
    """Return who is meant by role@organisation."""
    role, _, code = by.partition("@")
    return somebody(role, code)


def _begin(row: Row) -> None:
    driver, uid = actor_of(row["by"]), uid_of(row["key"])
    place = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
    services.begin_cycle(
        driver,
        uid=uid,
        organisation=row["by"].partition("@")[2],
        mandate=ROLES["sdn_samordnare"],
        place=place.uid,
        title=row["title"],
        purpose=row["purpose"],
        started_on=clock.today(),
        decision=f"Stadsdelsnämnden, samverkan om {row['place']}, § 9",
        decided_on=clock.today(),
        opens_at=clock.now() + timedelta(days=DAYS),
    )
    other = organisation(OTHER.partition("@")[2]).uid
    services.add_party(driver, uid, organisation=other, role="medverkande", mandate="Driftchef")
    services.move_cycle(driver, uid, "begar_lagesbilder")


def _go_on(row: Row) -> None:
    """Let both go on from what is known: a problem, its cause tested, and a goal that can be measured."""
    key, uid = row["key"], uid_of(row["key"])
    driver, other = actor_of(row["by"]), actor_of(OTHER)
    both = (driver, other)
    for party in both:
        found = services.own_picture(party, services.read_cycle(party, uid))
        if found is None:
            raise LookupError(key)
        services.move_picture(party, found.report.uid, "avsta", reason=WAIVED)
    services.move_cycle(driver, uid, "borja_prioritera")
    problem, cause, goal = (uid_of(key, what) for what in ("problem", "orsak", "mål"))
    services.add_problem(driver, uid, uid=problem, what=row["problem"], whom=row["whom"])
    for points, party in enumerate(both, 3):
        scores: dict[str, Any] = dict.fromkeys(CRITERIA, points)
        services.score(party, problem, **scores)
    services.move_problem(driver, problem, "prioritera", reason="Det här kan vi påverka tillsammans.")
    facts = {"text": row["cause"], "side": "plats_kontroll", "causal_level": "situation"}
    services.add_cause(driver, problem, uid=cause, prediction="Problemet ska vara störst just där.", **facts)
    services.change_cause(driver, cause, test=row["test"], tested_on=clock.today())
    services.tell(driver, cause, evidence=uid_of(key, "talar för"), stance="for", text=row["seen"])
    services.move_cause(driver, cause, "behall", reason=row["seen"])
    services.move_cycle(driver, uid, "satt_mal")
    services.add_goal(
        driver,
        uid,
        uid=goal,
        problem=problem,
        owner=organisation(row["by"].partition("@")[2]).uid,
        text=row["goal"],
        indicator=row["indicator"],
        unit=row.get("unit", "procent"),
        baseline=float(row["baseline"]),
        baseline_on=clock.today(),
        baseline_source=row["indicator"].partition(":")[0],
        target=float(row["target"]),
        due_on=clock.today() + timedelta(days=700),
        realistic="Liknande åtgärder har gett så mycket på andra platser.",
    )
    for party in both:
        services.accept(party, goal)
    services.move_goal(driver, goal, "markera_smart")
