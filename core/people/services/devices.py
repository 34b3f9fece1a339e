"""Phones: logged in by a code on the computer's screen, bound to a key of their own, for field work, for 14 days.

The code is read by the phone, both show the same number, and the person approves on the computer, where she has given
her password again. Approving on the phone alone would let a photographed code in (ux-phone.md).

Code and token are made of their rows' uids with the installation's key: the page can show the code again, the phone
can fetch its token again when the answer was lost, and neither is kept anywhere.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from core import access, clock, db, handover, journal
from core.access import Actor
from core.i18n import N_
from core.people import tries
from core.people.models import Device, DeviceCode, Person
from core.people.services.actors import actor_of, last_role
from core.people.services.secret import digest, made_of, short
from core.people.services.signing_in import SEEN, TRIES_PER_ADDRESS, confirm
from core.schema import Invalid

CLAIM, CONNECT, OWN = "people:device:claim", "people:device:connect", "people:device:own"
LASTS = timedelta(days=14)
CODE_LASTS = timedelta(minutes=2)
OPEN, CLAIMED, APPROVED, REFUSED = "open", "claimed", "approved", "refused"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody mistakes for each other (Crockford's base 32)."""
MISREAD = str.maketrans("OIL", "011", "- ")
SHORT = 8
NO_CODE = N_("Koden gäller inte. Gör en ny på datorn, under Mina enheter.")


# --- On the computer ------------------------------------------------------------------------------------------------


def own_devices(actor: Actor) -> list[Device]:
    """Return the actor's own phones that are logged in, the latest first."""
    access.require(actor, CONNECT)
    return _devices_of(actor.id)


def devices_of(actor: Actor, person: Person) -> list[Device]:
    """Return the phones that somebody is logged in on, for who looks after people."""
    access.require(actor, "people:person:read")
    return _devices_of(person.id)


def end_device(actor: Actor, device: UUID) -> None:
    """Log out one of the actor's own phones; Missing for anybody else's, and for one that is out already."""
    access.require(actor, CONNECT)
    _end(actor, actor.id, device)


def end_persons_device(actor: Actor, person: UUID, device: UUID) -> None:
    """Log out somebody's phone, by who looks after people: its holder may have no computer at hand."""
    holder = access.find(Person, person, actor, "people:person:edit")
    _end(actor, holder.id, device)


def new_code(actor: Actor, *, password: str, address: str) -> DeviceCode:
    """Make a code for one phone, for two minutes, for who gives her password again; an earlier one counts no more.

    Raises TooManyTries or WrongPassword, as logging in does.
    """
    access.require(actor, CONNECT)
    return open_code(confirm(actor, password=password, address=address))


def open_code(person: Person) -> DeviceCode:
    """Make a code for a phone of `person`; whoever calls this has made sure who it is."""
    db.session().execute(delete(DeviceCode).where(DeviceCode.person_id == person.id, DeviceCode.state != APPROVED))
    uid, now = db.new_uid(), clock.now()
    code = DeviceCode(
        uid=uid,
        person_id=person.id,
        digest=digest(long_code(uid)),
        short_digest=digest(short_code(uid)),
        made_at=now,
        ends_at=now + CODE_LASTS,
        state=OPEN,
    )
    db.session().add(code)
    return code


def long_code(uid: UUID) -> str:
    """Return the code of a row as the QR code has it."""
    return made_of("device-code", uid)


def short_code(uid: UUID) -> str:
    """Return the code of a row as somebody writes it: eight characters."""
    number = int.from_bytes(digest(made_of("device-short-code", uid)), "big")
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(SHORT))


def read_code(actor: Actor, uid: UUID) -> DeviceCode:
    """Return one of the actor's own codes, also one whose time is over; Missing for anybody else's."""
    access.require(actor, CONNECT)
    return _own_code(actor, uid)


def code_counts(code: DeviceCode) -> bool:
    """Whether something can still be done with a code."""
    return code.ends_at > clock.now() and code.state in (OPEN, CLAIMED)


def approve_device(actor: Actor, uid: UUID) -> Device:
    """Log in the phone that has read the code; it has two more minutes to fetch its token.

    Raises Invalid when no phone has read it, or when its time is over.
    """
    access.require(actor, CONNECT)
    code, now = _claimed(actor, uid), clock.now()
    code.state, code.ends_at = APPROVED, now + CODE_LASTS
    device = Device(
        uid=db.new_uid(),
        person_id=code.person_id,
        name=code.name,
        key=code.key or {},
        thumbprint=code.thumbprint,
        digest=digest(_token(code)),
        made_at=now,
        ends_at=now + LASTS,
    )
    db.session().add(device)
    journal.write(actor, "device:approve", "device", device.uid, days=LASTS.days)
    return device


def refuse_device(actor: Actor, uid: UUID) -> None:
    """Say no to the phone that has read the code; Invalid when none has."""
    access.require(actor, CONNECT)
    code = _claimed(actor, uid)
    code.state = REFUSED
    journal.write(actor, "device:refuse", "person", actor.uid)


# --- On the phone ---------------------------------------------------------------------------------------------------


def claim_code(
    actor: Actor, *, code: str = "", written: str = "", key: dict[str, str], thumbprint: str, name: str, address: str
) -> DeviceCode:
    """Let a phone that has proven its key read a code: the long one, or the short one as somebody has `written` it.

    Each code is read by one phone, which may ask again when the answer was lost. Raises Invalid for a code that does
    not count, TooManyTries as logging in does.
    """
    access.require(actor, CLAIM)
    most = {f"device:{short(address)}": TRIES_PER_ADDRESS}
    tries.take(most)
    kept = digest(written.upper().translate(MISREAD)) if written else digest(code)
    column = DeviceCode.short_digest if written else DeviceCode.digest
    found = db.session().scalar(select(DeviceCode).where(column == kept).with_for_update(of=DeviceCode))
    if found is None or not code_counts(found) or found.thumbprint not in ("", thumbprint) or found.person.ended_at:
        raise Invalid({"short" if written else "code": [NO_CODE]})
    tries.give_back(most)
    if found.state == CLAIMED:
        return found
    found.state, found.name, found.key, found.thumbprint = CLAIMED, name, key, thumbprint
    found.number = f"{secrets.randbelow(10_000):04d}"
    return found


def claimed_code(actor: Actor, uid: UUID, *, thumbprint: str) -> tuple[DeviceCode, str]:
    """Return the code that this key has read, and its token once that is approved, "" before.

    Asked again it gives the same token. Missing for another key, and when the time is over.
    """
    access.require(actor, CLAIM)
    code = db.session().scalar(select(DeviceCode).where(DeviceCode.uid == uid, DeviceCode.thumbprint == thumbprint))
    if code is None or not thumbprint or code.ends_at <= clock.now():
        raise access.Missing("device-code", uid)
    return code, _token(code) if code.state == APPROVED else ""


def by_device(opaque: str, thumbprint: str) -> tuple[Actor, bool] | None:
    """Return the actor of a phone that still counts and has proven its key, for field work only.

    And whether it was last noted as in use over a minute ago.
    """
    row = db.session().scalar(select(Device).where(Device.digest == digest(opaque), *_counting()))
    if row is None or row.person.ended_at or not hmac.compare_digest(row.thumbprint, thumbprint):
        return None
    field = frozenset(entry.key for entry in access.permissions().values() if entry.field)
    is_old = row.seen_at is None or row.seen_at + SEEN <= clock.now()
    return actor_of(row.person, scopes=field, device=row.uid), is_old


def device_seen(opaque: str, app: int | None) -> None:
    """Note that the phone is in use, and with which version of the app."""
    mine = update(Device).where(Device.digest == digest(opaque), *_counting())
    db.session().execute(mine.values(seen_at=clock.now(), app=app))


def this_device(actor: Actor) -> Device:
    """Return the phone that the actor acts from; Missing when that is no phone."""
    access.require(actor, OWN)
    return _device(actor.id, actor.device)


def end_this_device(actor: Actor) -> None:
    """Log out the phone that the actor acts from; Missing when that is no phone."""
    access.require(actor, OWN)
    _end(actor, actor.id, actor.device)


@handover.signers
def _whose_key(thumbprint: str) -> handover.Signer | None:
    """Return whose phone has a key; also of one that is logged out: what was seen was seen by its holder."""
    known = select(Device).where(Device.thumbprint == thumbprint).order_by(Device.id.desc()).limit(1)
    device = db.session().scalar(known)
    if device is None:
        return None
    role, person = last_role(device.person_id), device.person
    return handover.Signer(person.id, person.uid, role.role if role else "", role.organisation.name if role else "")


# --- Both -----------------------------------------------------------------------------------------------------------


def _counting() -> tuple[ColumnElement[bool], ...]:
    return Device.ended_at.is_(None), Device.ends_at > clock.now()


def _devices_of(person: int | None) -> list[Device]:
    known = select(Device).where(Device.person_id == person, *_counting())
    return list(db.session().scalars(known.order_by(Device.made_at.desc(), Device.id.desc())))


def _device(person: int | None, uid: UUID | None) -> Device:
    found = db.session().scalar(select(Device).where(Device.uid == uid, Device.person_id == person, *_counting()))
    if found is None:
        raise access.Missing("device", uid)
    return found


def _end(actor: Actor, person: int | None, uid: UUID | None) -> None:
    device = _device(person, uid)
    device.ended_at = clock.now()
    journal.write(actor, "device:end", "device", device.uid)


def _own_code(actor: Actor, uid: UUID, *, lock: bool = False) -> DeviceCode:
    mine = select(DeviceCode).where(DeviceCode.uid == uid, DeviceCode.person_id == actor.id)
    found = db.session().scalar(mine.with_for_update(of=DeviceCode) if lock else mine)
    if found is None:
        raise access.Missing("device-code", uid)
    return found


def _claimed(actor: Actor, uid: UUID) -> DeviceCode:
    code = _own_code(actor, uid, lock=True)
    if not code_counts(code) or code.state != CLAIMED:
        raise Invalid({"_schema": [NO_CODE]})
    return code


def _token(code: DeviceCode) -> str:
    """Return the token of the phone that was let in with a code."""
    return f"tpd_{made_of('device-token', code.uid)}"
