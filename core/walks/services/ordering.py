"""From observation to order: made by the city's rules, or joined to one that is open beside it; then what came of it.

Works know no walks: an order is told what it is about, and tells by the hook `after_order` how it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely import Point

from core import access, clock, db, flow, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.places.models import Place
from core.refs import MoveRef, OrderRef
from core.walks.kinds import kind_of, radius_of
from core.walks.models import Observation
from core.walks.services.changes import Answer, move_observation
from core.walks.services.inbox import ANSWERS
from core.walks.states import OBSERVATION
from core.works import services as works
from core.works.models import Contract, WorkOrder
from core.works.states import APPROVED, MAKE, OPEN, ORDER

HOUSE = access.system("walks")
ORDERABLE = ("fordelad", "mottagen", "atgardas", "planerad")
"""States in which the receiver of an observation may order work about it."""
TURNS = ("godkann", "aterkalla", "oppna_igen", "ta_upp_igen")
"""Moves of an order after which what it is about may be mended, or no longer be."""
MENDED_FROM = ("mottagen", "atgardas", "planerad")


@dataclass(frozen=True)
class Proposal:
    """What the city's rules make of an observation, and the open orders about the same thing beside it."""

    title: str
    priority: str
    contract: Contract | None
    source: str
    near: list[WorkOrder]


@dataclass(frozen=True)
class Order:
    """What is ordered about an observation: as the rules say where nothing else is said.

    `join` is the uid of an open order that it belongs to, `own` that one's own people do it whatever contract there is.
    """

    title: str = ""
    description: str = ""
    priority: str = ""
    contract: UUID | None = None
    own: bool = False
    join: UUID | None = None
    due_on: date | None = None
    reply: str = ""


def propose_order(actor: Actor, uid: UUID) -> Proposal:
    """Return what would be ordered about an observation that the actor answers for. Raises Missing, Denied."""
    observation = access.find(Observation, uid, actor, ANSWERS)
    role = kind_of(observation.kind).control_role if plugins.is_running(observation.kind) else ""
    place = db.session().get(Place, observation.place_id) if observation.place_id else None
    found = works.route(
        observation.organisation_id or 0, role=role, place=place, kind=observation.kind, text=observation.description
    )
    priority = "p0" if observation.is_danger else found.priority
    near = works.open_near(
        actor, category=observation.kind, point=_spot(observation), place=place, metres=radius_of(observation.kind)
    )
    return Proposal(observation.kind_title, priority, found.contract, found.source, near)


def order_work(actor: Actor, uid: UUID, order: UUID, said: Order, *, version: int | None = None) -> WorkOrder:
    """Order work about an observation under the order's own uid, or join it to an open one; that is the answer to it.

    The same uid, or the same one to join, again is the first order. Raises Missing, Denied, Stale, Invalid, Conflict,
    Refused.
    """
    observation = access.find(Observation, uid, actor, ANSWERS, lock=True)
    known = [one for one in works.orders_about("observation", [uid])[uid] if one.uid == (said.join or order)]
    if known:
        return known[0]
    db.refuse_stale("observation", uid, observation.version, version)
    if observation.state not in ORDERABLE:
        words = N_("Det går inte att beställa nu: läget är ”{state}”.")
        raise flow.Refused([Objection(Text(words, state=OBSERVATION.states[observation.state].label))])
    about = observation.ref().ref
    if said.join is not None:
        words = Text(N_("Iakttagelse {n}: {kind}"), n=observation.number, kind=observation.kind_title)
        made = works.join_order(actor, said.join, about, words=words)
    else:
        wanted = _wanted(actor, observation, said)
        made = works.make_order(
            actor,
            uid=order,
            organisation=observation.organisation_id or 0,
            wanted=wanted,
            about=about,
            reply=said.reply or works.replies().get("bestalld", ""),
        )
    _answer(actor, observation, made, said)
    return made


def _wanted(actor: Actor, observation: Observation, said: Order) -> works.Wanted:
    found = propose_order(actor, observation.uid)
    contract = None if said.own else found.contract
    if said.contract is not None:
        contract = works.chosen_contract(actor, said.contract, MAKE)
    return works.Wanted(
        title=said.title or observation.kind_title,
        priority=said.priority or found.priority,
        description=said.description or observation.description,
        category=observation.kind,
        place=db.session().get(Place, observation.place_id) if observation.place_id else None,
        point=_spot(observation),
        contract=contract,
        source="iakttagelse",
        due_on=said.due_on,
        due_source=N_("Dagen som beställaren har satt") if said.due_on else "",
        level=observation.level,
    )


def _spot(observation: Observation) -> Point | None:
    return observation.point if isinstance(observation.point, Point) else None


def _answer(actor: Actor, observation: Observation, order: WorkOrder, said: Order) -> None:
    """Answer the observation with the order."""
    if observation.state == "fordelad":
        move_observation(actor, observation.uid, "ta_emot")
    if observation.state in ("mottagen", "planerad"):
        _promise(actor, observation, order, said.reply.strip())


def _promise(actor: Actor, observation: Observation, order: WorkOrder, words: str = "") -> None:
    """Say that it is being mended, by the day that the order's clock says; without one (P4) that it is planned."""
    [legs] = works.legs_of(HOUSE, [order]).values()
    days = [frist.due_on for frist in legs if frist.leg == "fix" and frist.state != "utgar"]
    if days:
        words = words or works.replies().get("bestalld", "")
        answer = Answer(answer=words, done_on=max(*days, clock.today()))
        move_observation(actor, observation.uid, "borja_atgarda", answer)
    elif observation.state == "mottagen":
        words = words or works.replies().get("planerad", "")
        move_observation(actor, observation.uid, "planera", Answer(answer=words, undated=True))


def follow_order(move: MoveRef, order: OrderRef) -> None:
    """Let the observations that an order is about follow it: what who reported them is told, and that it is mended.

    Only what is approved is mended. What something else stands in the way of waits for its receiver.
    """
    for uid in works.things_of(HOUSE, order.uid, "observation"):
        observation = access.find(Observation, uid, HOUSE, "walks:observation:read", lock=True)
        if order.reply and observation.state in (*ORDERABLE, "atgardad"):
            observation.answer = order.reply
            db.session().flush()
        if move.key in TURNS:
            try:
                with db.savepoint():
                    _turn(observation, works.orders_about("observation", [uid])[uid], order.reply, move)
            except flow.Refused:
                continue


def _turn(observation: Observation, orders: list[WorkOrder], reply: str, move: MoveRef) -> None:
    """Let an observation stand as its orders do, all of them: open, done, or none of them to be done any more."""
    open_ones = [one for one in orders if one.state in OPEN]
    if open_ones:
        _take_back(observation, ("atgardad",), move)
        if observation.state == "verifierad":
            move_observation(HOUSE, observation.uid, "oppna_igen", Answer(reason=_why(move)))
        elif observation.state == "mottagen":
            _promise(HOUSE, observation, open_ones[0], reply)
    elif any(one.state in APPROVED for one in orders):
        if observation.state in MENDED_FROM:
            move_observation(HOUSE, observation.uid, "atgarda", Answer(answer=reply))
    else:
        _take_back(observation, ("atgardas", "planerad"), move)


def _take_back(observation: Observation, states: tuple[str, ...], move: MoveRef) -> None:
    if observation.state in states:
        move_observation(HOUSE, observation.uid, "andra_svar", Answer(reason=_why(move)))


def _why(move: MoveRef) -> str:
    """Return why an observation goes back: the reason of the order's move, which always has one."""
    return move.reason or ORDER.move(move.key).label
