"""The demo's contracts, and the orders under them: in every state, some of them late, by the people of the demo."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from core import clock, db, media
from core.access import Actor
from core.media import Listed
from core.people.services import organisation
from core.places.models import Place
from core.places.services import rows_of
from core.upkeep.demo import Story, on, somebody
from core.works import demo_control, services
from core.works.models import DEVIATION, LEGS, Penalty, Warranty, WorkOrder
from core.works.services import Said
from core.works.states import DO, ORDER

Photograph = Callable[[Actor, UUID, int], None]
"""Sends drawing so many as the photo with this uid: rooms above draw."""
STEP = re.compile(r"(?P<days>[\d.]+) (?P<what>\w+)(?:/(?P<which>\w+))? ?(?P<words>.*)")
"""What happens to an order, as the seed pack writes it: days after it was ordered, the move, and the words."""
SEEN = "Kontrollerat på plats."
MONTHS = 23
"""Months back of which there are usual orders."""
USUAL_SHARE = 8
"""There is a usual order for so many observations of the demo."""
LATE_SHARE = 0.2
PROPOSED = (-200, -30, -14, -1)
"""Days from today on which penalties are proposed."""
OWN = ("tk_drift", "fack_handlaggare")
"""Who of trafikkontoret does what its own people do, and who judges it."""
BOARD_COLLEAGUE = {"sdn_handlaggare": "sdn_samordnare"}
PENALTY_STEPS = (
    (-12, "bekrafta", "tk_drift", ""),
    (-10, "krava", "forv_chef", ""),
    (-8, "bestrid", "", "Vi fick inte tillträde förrän dagen efter."),
    (-4, "fakturera", "forv_chef", "Faktura skickad."),
    (-5, "efterge", "jurist", "Arbetet hindrades av ett ledningsbrott som entreprenören inte råder över."),
)
"""What is done with penalties of the demo, on which day, by whom (the contractor where nobody is named)."""
WEIGHED: Mapping[str, tuple[str, ...]] = {
    "foreslagen": (),
    "bekraftad": ("bekrafta",),
    "kravd": ("bekrafta", "krava"),
    "bestridd": ("bekrafta", "krava", "bestrid"),
    "fakturerad": ("bekrafta", "krava", "fakturera"),
    "eftergiven": ("bekrafta", "efterge"),
}
"""Which of these bring a penalty to a state."""


@dataclass(frozen=True)
class Sides:
    """Who orders, who does it and who judges it, under which contract."""

    orderer: Actor
    doer: Actor
    judge: Actor
    contract: UUID | None = None


def plan(story: Story, photograph: Photograph) -> None:
    """Lay up the contracts, and let what is ordered under them happen."""
    for row in rows_of("demo_contracts.csv"):
        story.add(on(-int(row["begun"]), time(7)), partial(_contract, row))
    for row in rows_of("demo_orders.csv"):
        _order(story, row, photograph)
    for usual in _usual():
        _order(story, usual, photograph)
    for days in PROPOSED:
        story.add(on(days, time(6, 30)), services.propose_penalties)
    story.add(on(-28), partial(_weigh_old, 60))
    demo_control.plan(story)
    demo_control.work_off(story, sides_of, partial(finish, photograph=photograph))


# --- Contracts ------------------------------------------------------------------------------------------------------


def _contract(row: Mapping[str, str]) -> None:
    orderer = somebody(row["role"], row["organisation"])
    first = clock.today()
    contract = services.add_contract(
        orderer,
        uid=_uid(row["title"]),
        organisation=row["organisation"],
        contractor=organisation(row["contractor"]).uid,
        title=row["title"],
        form=row["form"],
        roles=row["roles"].split(),
        valid_from=first,
        valid_to=first + timedelta(days=365 * int(row["years"])),
        controls_per_month=int(row["controls"]),
        control_minutes=int(row["minutes"]),
        penalty_cap_month=int(row["cap"]) if row["cap"] else None,
        warranty_months=int(row["warranty"]),
        note=row["note"],
    )
    for leg in (*LEGS, DEVIATION):
        facts = {"per": "dygn" if leg == "fix" else "tillfalle", "amount": int(row["penalty"]), "source": "Avtalet"}
        services.add_penalty_rule(orderer, contract.uid, leg=leg, priority="", valid_from=first, **facts)


def sides_of(contract: str, *, board: str = "", role: str = "") -> Sides:
    """Return the sides of the contract called so; where there is none, an organisation's own people."""
    if not contract:
        doer, judge = (role, BOARD_COLLEAGUE[role]) if board else OWN
        code = board or "trafik"
        return Sides(somebody(doer, code), somebody(doer, code), somebody(judge, code))
    row = next(row for row in rows_of("demo_contracts.csv") if row["title"] == contract)
    orderer = somebody(row["role"], row["organisation"])
    return Sides(orderer, somebody("entreprenor", row["contractor"]), orderer, _uid(contract))


def _uid(title: str) -> UUID:
    return db.uid_of(f"demo avtal {title}")


# --- Orders ---------------------------------------------------------------------------------------------------------


def _order(story: Story, row: Mapping[str, str], photograph: Photograph) -> None:
    """Let an order be made and everything happen to it that its row says."""
    begun = on(-float(row["days"]))
    order = db.uid_of(f"demo arbetsorder {row['title']} {row.get('begun', '')}")
    story.add(begun, partial(_make, order, row))
    for step in filter(None, (part.strip() for part in row["steps"].split(";"))):
        said = STEP.fullmatch(step)
        if said is None:
            raise ValueError(step)
        act = partial(_step, order, sides_of(row["contract"]), said, photograph)
        story.add(begun + timedelta(days=float(said["days"]), minutes=20), act)
    for days, key, role, words in PENALTY_STEPS:
        if key in WEIGHED.get(row["penalty"], ()):
            story.add(on(days, time(10)), partial(_weigh, order, row, key, role, words))


def _make(order: UUID, row: Mapping[str, str]) -> None:
    sides = sides_of(row["contract"])
    if row["part_of"]:
        whole = db.uid_of(f"demo arbetsorder {row['part_of']} ")
        services.divide_order(
            sides.orderer,
            whole,
            part=order,
            title=row["title"],
            description=row["description"],
            contract=sides.contract,
            priority=row["priority"],
        )
        return
    known = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
    contract = services.read_contract(sides.orderer, sides.contract) if sides.contract else None
    due_on = clock.today() + timedelta(days=int(row["due"])) if row["due"] else None
    wanted = services.Wanted(
        title=row["title"],
        description=row["description"],
        priority=row["priority"],
        category=row["kind"],
        place=known,
        contract=contract,
        due_on=due_on,
        due_source="Dagen som beställaren har satt" if due_on else "",
    )
    services.make_order(sides.orderer, uid=order, organisation=sides.orderer.organisation or 0, wanted=wanted)


def _step(order: UUID, sides: Sides, said: re.Match[str], photograph: Photograph) -> None:
    what, which, words = said["what"], said["which"] or "", said["words"]
    if what == "omprioritera":
        services.reprioritise(sides.orderer, order, priority=which, reason=words)
    elif what == "paminn":
        services.remind(sides.orderer, order)
    elif what == "besikta":
        _inspect(sides.judge, order, which, words)
    elif what == "fardiganmal":
        report(sides.doer, order, words, photograph)
    else:
        actor = sides.doer if ORDER.move(what).needs == DO else sides.judge
        services.move_order(actor, order, what, Said(words, pause=which))


def report(doer: Actor, order: UUID, words: str, photograph: Photograph) -> None:
    """Say that an order is done, with a photo of it, and what it cost."""
    chance = random.Random(str(order))  # noqa: S311 - a demo
    earlier = len(media.photos_of("order", [order])[order])  # done again it is shown by another picture
    after = db.uid_of(f"demo efter {order} {clock.now()}")
    services.add_photo(doer, order, Listed(after, role="efter", taken_at=clock.now()))
    photograph(doer, after, (chance.randrange(3) + earlier) % 3)
    services.move_order(doer, order, "fardiganmal", Said(words, cost=100 * chance.randint(8, 60)))


def finish(sides: Sides, order: UUID, *, photograph: Photograph) -> None:
    """Let an order that somebody has been given be done, shown and approved."""
    services.move_order(sides.doer, order, "kvittera")
    report(sides.doer, order, "Utfört enligt planen.", photograph)
    services.move_order(sides.judge, order, "godkann", Said(SEEN))


def _inspect(judge: Actor, order: UUID, result: str, words: str) -> None:
    rows = select(Warranty).join(WorkOrder, WorkOrder.id == Warranty.order_id).where(WorkOrder.uid == order)
    found = db.session().scalars(rows).one()
    services.inspect(judge, found.uid, inspected_on=clock.today(), result=result, note=words)


def _weigh_old(days: int) -> None:
    """Let what was proposed for the late orders of before be weighed: most of it is demanded, every third waived."""
    rows = select(Penalty).where(Penalty.state == "foreslagen", Penalty.late_since < on(-days))
    for number, penalty in enumerate(db.session().scalars(rows.order_by(Penalty.id)).all()):
        keys = WEIGHED["eftergiven" if number % 3 == 2 else "fakturerad"]  # noqa: PLR2004 - every third
        for _, key, role, words in PENALTY_STEPS:
            if key in keys:
                services.move_penalty(somebody(role, "trafik"), penalty.uid, key, reason=words)


def _weigh(order: UUID, row: Mapping[str, str], key: str, role: str, words: str) -> None:
    """Move the penalties of an order one step."""
    rows = select(Penalty).join(WorkOrder, WorkOrder.id == Penalty.order_id).where(WorkOrder.uid == order)
    actor = somebody(role, "trafik") if role else sides_of(row["contract"]).doer
    for penalty in db.session().scalars(rows.order_by(Penalty.id)).all():
        services.move_penalty(actor, penalty.uid, key, reason=words)


# --- What is ordered all the time -----------------------------------------------------------------------------------


def _usual() -> Iterator[Mapping[str, str]]:
    """Yield what has been ordered month by month for two years, done in time or late, and approved."""
    chance = random.Random("arbetsordrar")  # noqa: S311 - a demo
    jobs, places = rows_of("demo_jobs.csv"), [row["name"] for row in rows_of("demo_places.csv")]
    whole = db.settings().demo_observations // USUAL_SHARE
    ends = [35 + MONTHS * 30 * number // max(whole, 1) for number in range(whole + 1)]
    for number, (first, last) in enumerate(pairwise(ends)):
        job, is_late = chance.choice(jobs), chance.random() < LATE_SHARE
        done = chance.randint(33, 50) if is_late else chance.randint(3, 24)
        begun = max(chance.randint(first, max(first, last - 1)), done + 5)
        steps = f"1 kvittera; {done} fardiganmal Åtgärdat på plats.; {done + 2} godkann {SEEN}"
        facts = {"place": chance.choice(places), "priority": "p3", "days": str(begun), "steps": steps}
        yield {"due": "", "part_of": "", "penalty": "", "description": "", "begun": str(number)} | job | facts
