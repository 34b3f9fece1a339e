"""The demo's contracts: what trafiknämnden has ordered of the demo's contractor, with what being late costs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.people.models import DEMO_ADDRESS, Person
from core.people.services import actor_of, organisation
from core.places.services import rows_of
from core.works import services
from core.works.models import LEGS


def fill() -> None:
    """Lay up the contracts of the seed pack, begun a year ago and running for some more."""
    today = clock.today()
    for row in rows_of("demo_contracts.csv"):
        email = f"{row['role']}.{row['organisation']}{DEMO_ADDRESS}"
        orderer = actor_of(db.session().scalars(select(Person).where(Person.email == email)).one())
        contract = services.add_contract(
            orderer,
            uid=db.uid_of(f"demo avtal {row['title']}"),
            organisation=row["organisation"],
            contractor=organisation(row["contractor"]).uid,
            title=row["title"],
            form=row["form"],
            roles=row["roles"].split(),
            valid_from=today - timedelta(days=365),
            valid_to=today + timedelta(days=3 * 365),
            controls_per_month=int(row["controls"]),
            control_minutes=int(row["minutes"]),
            penalty_cap_month=int(row["cap"]),
            warranty_months=int(row["warranty"]),
        )
        _penalties(orderer, contract.uid, int(row["penalty"]))


def _penalties(orderer: Actor, contract: UUID, amount: int) -> None:
    for leg in LEGS:
        per = "dygn" if leg == "fix" else "tillfalle"
        services.add_penalty_rule(orderer, contract, leg=leg, priority="", per=per, amount=amount, source="Demo")
