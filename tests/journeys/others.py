"""What else there is in a round: two more who assess, and what other boards have applied for."""

from uuid import UUID

from sqlalchemy import select

from core import db
from core.applications.services import rounds
from core.people.models import Person
from core.people.services import actor_of
from tests.applications import assessed

SECOND, THIRD = "slk_handlaggare-1", "slk_handlaggare-2"
TUNNELS, BENCHES = "Gångtunnlar: ljus och målning", "Farsta torg: bänkar"
SOUGHT = {TUNNELS: 111_000_000, BENCHES: 600_000}


def person(email):
    return db.session().scalars(select(Person).where(Person.email == f"{email}@tryggplats.example")).one()


def add_assessors(database, actors):
    """Let two more prepare applications at stadsledningskontoret, with the password of everybody in the demo."""
    added = [actors("slk_handlaggare", "slk") for _ in range(2)]
    with database.transaction():
        known = person("slk_handlaggare.slk")
        known.name = "Beredning 1"
        for number, one in enumerate(added, 2):
            row = db.session().get_one(Person, one.id)
            row.name, row.password = f"Beredning {number}", known.password
    return added


def hand_in_others(database, address, second, third):
    """Let trafiknämnden and Farsta have applied in the round, assessed by two, with proposals."""
    with database.transaction():
        uid = UUID(address.rsplit("/", 1)[1])
        actors = [actor_of(person(f"{role}.{home}")) for role, home in (
            ("fack_handlaggare", "trafik"), ("sdn_handlaggare", "sdn-farsta"), ("slk_handlaggare", "slk"),
        )]  # fmt: skip
        traffic, farsta, first = actors
        programme = rounds.read_round(first, uid).programme.uid
        people = {"writer": traffic, "boss": traffic, "anna": second, "bo": third, "ceri": first, "economist": first}
        prepared = assessed.Prepared(uid, programme, **people)
        assessed.apply_for(prepared, TUNNELS, [SOUGHT[TUNNELS]], board="trafik")
        assessed.apply_for(prepared, BENCHES, [SOUGHT[BENCHES]], actor=farsta, running=[10_000] * 5)
    with database.transaction():
        for title, points in ((TUNNELS, 3), (BENCHES, 3)):
            assessed.assess(prepared, title, points)
            assessed.suggest(prepared, title, SOUGHT[title])
    return prepared
