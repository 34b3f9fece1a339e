"""A colleague hands in a file: it is looked at whole, kept, and opened by the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, journal, outbox
from core.access import Actor
from core.handover.contents import Change, Item, Photo, Record
from core.handover.models import CARRY, OPENING, SENT, Counts, Handover
from core.handover.sealed import HandoverRefused, Opened, open_file
from core.i18n import N_, Text
from core.media import store
from core.media.store import sync_file

TASK = "handover"
DAY, JUST_NOW = timedelta(hours=24), timedelta(minutes=10)
"""Over which a quota counts; within which the same file is not taken in while it waits: somebody has pressed twice."""
SHOWN = 50
NAMES: dict[type[Item], str] = {Record: "record", Photo: "photo", Change: "change"}

STRANGER = N_("Telefonen som har gjort filen är inte känd här. Inget av den är infört.")
TOO_LARGE = N_("Filen är för stor. Högst {largest} MB tas emot på ett dygn.")
TOO_MUCH = N_("Du har skickat in så mycket som går på ett dygn. Försök igen i morgon.")


@dataclass(frozen=True)
class Signer:
    """Whose a phone's key is: the person, and the role and organisation that she has or had last."""

    id: int
    uid: UUID
    role: str
    organisation: str


SignerFinder = Callable[[str], Signer | None]
_signers: list[SignerFinder] = []


def signers(finder: SignerFinder) -> SignerFinder:
    """Register what finds whose a key is by its thumbprint, also of a phone that has been logged out; people do."""
    _signers[:] = [finder]
    return finder


def carry(actor: Actor, path: Path) -> Handover:
    """Take in the file at `path` that a phone has made, to be opened; the same once more is opened once more.

    The file is the caller's still. Raises Denied, and HandoverRefused for one that is not whole, not for this city,
    of a phone that nobody knows, or too much for one day.
    """
    access.require(actor, CARRY)
    opened = open_file(path, db.settings())
    sync_file(path)  # before the first statement, as all that takes a while: nobody waits for it
    signer = _signers[0](opened.manifest.signer)
    if signer is None:
        raise HandoverRefused(STRANGER)
    uid = db.uid_of(f"handover {opened.sha256} {actor.uid}")
    db.alone(f"handover {uid}")
    found = db.session().scalar(select(Handover).where(Handover.uid == uid).with_for_update())
    if found is not None and found.state == OPENING and found.received_at + JUST_NOW > clock.now():
        return found
    size = path.stat().st_size
    _refuse_too_much(actor, uid, size)
    found = found or _new(actor, uid, signer, opened)
    found.state, found.received_at, found.finished_at, found.bytes = OPENING, clock.now(), None, size
    found.counts = sent(opened)
    db.session().flush()
    outbox.put(TASK, {"handover": str(uid), "file": store().set_aside(path)})
    journal.write(actor, "handover:carry", "handover", uid, person=str(signer.uid), items=len(opened.manifest.items))
    return found


def list_handovers(actor: Actor) -> list[Handover]:
    """Return the files that the actor has carried, and those of the actor's own phone, the latest first."""
    access.require(actor, CARRY)
    rows = select(Handover).where(access.rule_of(Handover, actor)).order_by(Handover.received_at.desc(), Handover.id)
    return list(db.session().scalars(rows.limit(SHOWN)))


def _new(actor: Actor, uid: UUID, signer: Signer, opened: Opened) -> Handover:
    made = Handover(
        uid=uid,
        sha256=opened.sha256,
        carrier_id=actor.id,
        sender_id=signer.id,
        role=signer.role,
        organisation=signer.organisation,
        made_at=opened.manifest.made_at,
    )
    db.session().add(made)
    return made


def sent(opened: Opened) -> Counts:
    """Return how many things of each kind a file holds."""
    kinds = [NAMES[type(item)] for item in opened.manifest.items]
    return {kind: {SENT: kinds.count(kind)} for kind in NAMES.values()}


def _refuse_too_much(actor: Actor, uid: UUID, size: int) -> None:
    """Refuse more than the quota that a setting gives, which is the same as of photos; a file again counts once."""
    most, since = db.settings().quota_bytes, clock.now() - DAY
    if size > most:
        raise HandoverRefused(Text(TOO_LARGE, largest=most // 1_000_000), 413)
    others = select(func.coalesce(func.sum(Handover.bytes), 0)).where(Handover.carrier_id == actor.id)
    others = others.where(Handover.received_at > since, Handover.uid != uid)
    if db.session().scalars(others).one() + size > most:
        raise HandoverRefused(TOO_MUCH, 429)
