"""The other end of the app's line: what is done at the desk for a phone, and what has come to the city."""

from sqlalchemy import select

from core.media import Photo
from core.people import services as people
from core.people.models import Person


def open_code(database, actor):
    """Make a code at the desk; return it, and as the phone reads it."""
    with database.transaction() as session:
        code = people.open_code(session.get_one(Person, actor.id)).uid
        return code, people.long_code(code)


def approve(database, actor, code):
    """Approve the number that the phone shows too."""
    with database.transaction():
        people.approve_device(actor, code)


def end_devices(database, actor):
    """End the log-ins of all of somebody's phones, as the person does at the desk."""
    with database.transaction():
        for device in people.own_devices(actor):
            people.end_device(actor, device.uid)


def received(database):
    """Return the hashes of the photos that have come whole."""
    with database.transaction(write=False) as session:
        return session.scalars(select(Photo.received_sha256).where(Photo.received_sha256.is_not(None))).all()
