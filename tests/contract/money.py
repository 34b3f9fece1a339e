"""What the small city has of money: a programme, a frame that is booked, one that waits for its second person."""

from datetime import date

from core import clock, db
from core.people import services as people
from core.reserve.services import book
from core.reserve.services.programmes import load_programmes, programmes

LONG_AGO = date(2018, 1, 1)


def funded(house, board):
    """Return by uid, in the order of World, what there is of it for one board."""
    load_programmes(house)
    found = programmes()[0]
    economist, other = (_somebody(house, board, role) for role in ("slk_ekonom", "slk_handlaggare"))
    known = {"programme": found.uid, "kind": "tillskott", "year": clock.today().year, "decision": "KF § 1"}
    booked = book.propose(economist, uid=db.new_uid(), amount=1_000_000, **known)
    book.confirm(other, booked.uid)
    waits = book.propose(economist, uid=db.new_uid(), amount=2_000_000, **known)
    return found.uid, booked.uid, waits.uid


def _somebody(house, board, role):
    person = people.add_person(house, email=f"{role}-{board}-pengar@tryggplats.example", name="Den som räknar")
    slk = people.organisation("slk")
    people.grant_role(house, person, role=role, organisation=slk, valid_from=LONG_AGO)
    return people.actor_of(person)
