"""The moves of an order: who does it says how it goes, who ordered it judges; each kept with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, flow, media, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_
from core.media import Listed, Photo
from core.places.models import Place
from core.refs import MoveRef
from core.schema import Invalid
from core.works.models import PAUSES, OrderEvent, OrderSource, WorkOrder
from core.works.services import legs
from core.works.services.contracts import chosen_contract, is_running
from core.works.services.control import begin_warranty
from core.works.services.interests import interest_in_order
from core.works.services.listing import reaches
from core.works.services.orders import draw_terms, note, open_parts
from core.works.services.proposing import settle_penalties
from core.works.services.replies import replies
from core.works.states import APPROVE, JUDGING, MAKE, ORDER, WITH_THE_EXECUTOR

SAMPLE = 5
"""One order in so many is looked at where it is before it is approved, and every danger (domain.md 10.3).

It is drawn when the order is said to be done, so that nobody knows it before; once drawn it stays drawn.
"""
DANGER = "p0"


@dataclass(frozen=True)
class Said:
    """What is said with a move: why, what who reported it is told, for what it stands still, what it cost in kronor.

    `contract` is who gets it instead (tilldela).
    """

    reason: str = ""
    reply: str = ""
    pause: str = ""
    cost: int | None = None
    contract: UUID | None = None


SILENT = Said()


def move_order(actor: Actor, uid: UUID, key: str, said: Said = SILENT, *, version: int | None = None) -> WorkOrder:
    """Make a move of an order, with what is said about it. Raises Missing, Denied, Stale, Invalid, Refused."""
    order = access.find(WorkOrder, uid, actor, ORDER.move(key).needs, lock=True)
    db.refuse_stale("order", uid, order.version, version)
    needed = list(_about_the_words(actor, order, key, said))
    if needed and order.state in ORDER.move(key).sources:
        raise flow.Refused(needed, key)
    if key == "tilldela" and said.contract is not None:
        _give(actor, order, said.contract)
    said = said if key == "pausa" else replace(said, pause="")
    source, why = order.state, _in_full(said)
    flow.move(ORDER, order, key, actor, reason=why)
    _keep(actor, order, key, said)
    note(actor, order, key, pause=said.pause, reason=said.reason, reply=order.reply)
    legs.moved(order, key, why or ORDER.move(key).label)
    ref = MoveRef(ORDER.key, key, source, order.state, why)
    plugins.told("after_order", actor, move=ref, order=order.told())
    return order


def _in_full(said: Said) -> str:
    """Return why in one text in the city's language, for those who know no keys of works: journal, frist, hooks."""
    return ". ".join(filter(None, (PAUSES.get(said.pause, ""), said.reason.strip())))


def _about_the_words(actor: Actor, order: WorkOrder, key: str, said: Said) -> Iterable[Objection]:
    """Return what is missing in what was said."""
    if key == "pausa" and said.pause not in pauses_for(actor, order):
        yield Objection(N_("Tidskravet låter inte arbetet stå still av det skälet. Fråga beställaren."), "pause")
    if key == "godkann" and order.on_site and not said.reason.strip():
        yield Objection(N_("Den här ingår i stickprovet. Skriv vad du såg på plats."), "reason")


def _give(actor: Actor, order: WorkOrder, contract: UUID) -> None:
    """Let a contract's contractor do an order: the same one goes on by its clocks, another begins by its own terms.

    What the former contract was late until it was handed back is counted first.
    """
    found = chosen_contract(actor, contract, MAKE)
    if found is None or found.organisation_id != order.organisation_id or not is_running(found):
        raise Invalid({"contract": [N_("Avtalet gäller inte i dag. Välj ett annat.")]})
    if found.id == order.contract_id:
        return
    settle_penalties(order, _handed_back(order))
    order.contract_id, order.executor_id, order.starts_at = found.id, found.contractor_id, clock.now()
    draw_terms(order)
    legs.begin_anew(order, ORDER.move("tilldela").label)


def _handed_back(order: WorkOrder) -> datetime:
    """Return when an order was last handed back, else now."""
    rows = select(OrderEvent.at).where(OrderEvent.order_id == order.id, OrderEvent.kind == "overlamna")
    return db.session().scalars(rows.order_by(OrderEvent.id.desc()).limit(1)).first() or clock.now()


def _keep(actor: Actor, order: WorkOrder, key: str, said: Said) -> None:
    """Keep with the order what a move says of it."""
    now = clock.now()
    order.reply = said.reply.strip() or replies().get(key, "") or order.reply
    if key == "kvittera":
        order.acknowledged_at = now
    elif key == "fardiganmal":
        order.done_at, order.done_by_id = now, actor.id
        order.on_site = order.on_site or order.priority == DANGER or randbelow(SAMPLE) == 0
        order.cost = said.cost if said.cost is not None else order.cost
    elif key == "godkann":
        order.approved_at, order.approved_by_id = now, actor.id
        begin_warranty(order)
    elif key == "ta_upp_igen":
        order.starts_at = now
    elif key in ("underkann", "oppna_igen"):
        order.rejected_at, order.approved_at, order.approved_by_id = now, None, None
    db.session().flush()


# --- Proof --------------------------------------------------------------------------------------------------------


def add_photo(actor: Actor, uid: UUID, listed: Listed) -> Photo:
    """Tie a photo to an order, once: of before or after. Raises Missing, Denied, Conflict, Refused, PhotoRefused.

    Only as long as somebody works with it: what it was approved by stays what it was.
    """
    order = access.find(WorkOrder, uid, actor, "media:photo:add", lock=True)
    known = {photo.uid for photo in media.photos_of("order", [uid])[uid]}
    if order.state not in WITH_THE_EXECUTOR and listed.uid not in known:
        raise flow.Refused([Objection(N_("Ingen arbetar med arbetsordern nu, så foton läggs inte till."), "photo")])
    return media.expect_one(actor, "order", uid, listed, level=order.level)


def proofs_of(order: WorkOrder) -> list[Photo]:
    """Return the photos that show what was done: of after, come since it was last judged, and none that shows before.

    A picture that was there when it was judged, sent again, is no new one.

    A camera's clock may be hours off, so one that was taken a day before the order counts.
    """
    photos = media.photos_of("order", [order.uid])[order.uid]
    before = {photo.received_sha256 for photo in photos if photo.role != "efter"} | _seen_before(order)
    since = order.rejected_at or order.starts_at
    before |= {photo.received_sha256 for photo in photos if photo.received_at and photo.received_at < since}
    oldest = order.starts_at - timedelta(days=1)
    return [
        photo
        for photo in photos
        if photo.role == "efter"
        and photo.received_at is not None
        and photo.received_at >= since
        and (photo.taken_at or since) >= oldest
        and photo.received_sha256 not in before
    ]


def _seen_before(order: WorkOrder) -> set[str | None]:
    """Return the hashes of the photos of what an order is about."""
    rows = select(OrderSource.subject_kind, OrderSource.subject_uid).where(OrderSource.order_id == order.id)
    found: set[str | None] = set()
    for kind, uid in db.session().execute(rows):
        found |= {photo.received_sha256 for photo in media.photos_of(kind, [uid])[uid] if photo.role != "efter"}
    return found


@ORDER.guard("fardiganmal")
def _shown(order: WorkOrder, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    """What is done is shown, except where nobody may photograph."""
    place = db.session().get(Place, order.place_id) if order.place_id else None
    if place is not None and place.photo_policy == media.FORBIDDEN:
        return
    if not proofs_of(order):
        yield Objection(N_("Lägg till ett nytt foto, taget efter arbetet."), "photo")


@ORDER.guard("godkann")
def _whole(order: WorkOrder, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if open_parts(order):
        yield Objection(N_("En del av arbetsordern är inte godkänd än. Bedöm delarna först."))


@ORDER.guard(*JUDGING)
def _nobody_judges_her_own(order: WorkOrder, actor: Actor) -> Iterable[Objection]:
    if (why := why_not_judging(actor, order)) is not None:
        yield Objection(why)


def why_not_judging(actor: Actor, order: WorkOrder) -> str | None:
    """Return why the actor does not judge an order; None when nothing stands in the way.

    Who said that it was done does not, nor who has an interest in who did it (domain.md 0b, 13.10).
    """
    if order.done_by_id is not None and order.done_by_id == actor.id:
        return N_("Du har färdiganmält arbetet. Någon annan bedömer det.")
    return interest_in_order(actor, order)


def pauses_for(actor: Actor, order: WorkOrder) -> list[str]:
    """Return for what the actor may let an order stand still: who ordered it for anything, others as its terms say."""
    return [key for key in PAUSES if key in order.terms["pauses"] or reaches(actor, order, APPROVE)]


@media.record("order", page="/arbeten/{uid}", title=N_("Arbetsordern"))
def _photographed(actor: Actor, permission: str) -> Any:
    """A photo of an order is reached by those who reach the order."""
    return select(WorkOrder.uid).where(access.rule_of(WorkOrder, actor, permission))


@media.policy
def _policy_of(kind: str | None, record: UUID | None, spot: tuple[float, float] | None) -> str:
    """Of a photo of an order the policy of the order's place holds."""
    if kind != "order" or spot is not None:
        return media.FREE
    said = select(Place.photo_policy).join(WorkOrder, WorkOrder.place_id == Place.id)
    return db.session().scalar(said.where(WorkOrder.uid == record)) or media.FREE
