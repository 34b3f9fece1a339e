"""What there is of an application's second half in a district of the small city of these tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from core import clock, db
from core.applications.models import ApplicationMeasure, ApplicationPlace, Round
from core.applications.services import (
    applications,
    asking,
    attaching,
    costs,
    editions,
    promising,
    writing_together,
)
from core.people.services import organisation
from core.reserve.services import programmes

PAPER = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


@dataclass
class HandedIn:
    """By uid: an application that lies at the city, what stands in it, and what others are asked about it."""

    handed_in: UUID
    ask: UUID
    leave_ask: UUID
    built: UUID
    promise: UUID
    cost: UUID
    component: UUID
    funding: UUID
    attachment: UUID
    co_applicant: UUID


def hand_in(leader, board, place):
    """Write an application of a board, which is asked about it itself: it answers for all of its place."""
    programme, now = programmes.programmes()[0], clock.now()
    facts = {"year": 2026, "number": organisation(board).id, "state": "oppnad", "content": b"x" * 32}
    open_now = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    about = Round(uid=db.new_uid(), programme_id=programme.id, **facts, **open_now)
    db.session().add(about)
    db.session().flush()
    known = {"organisation": board, "programme": programme.uid, "in_round": about.uid}
    made = applications.begin_application(leader, uid=db.new_uid(), title="Torget: ljus och bänkar", **known)
    db.session().add(ApplicationPlace(application_id=made.id, place_id=place.id))
    measure = {"number": 1, "kind": "belysning_ny", "text": "Lyktor", "place_id": place.id}
    built = ApplicationMeasure(uid=db.new_uid(), application_id=made.id, **measure)
    db.session().add(built)
    db.session().flush()
    kultur, home = organisation("kultur").uid, organisation(board)
    asks = [
        asking.ask(leader, made.uid, uid=db.new_uid(), asked_for=sort, organisation=kultur)
        for sort in ("samrad", "medgivande")
    ]
    for row in asks:
        row.organisation_id = home.id
    line = {"year": 2027, "kind": "inkop", "what": "", "amount": 5, "capital": True}
    rows = [
        costs.add_row(leader, made.uid, sort, uid=db.new_uid(), **facts)
        for sort, facts in (
            ("rad", line),
            ("komponent", {"name": "Lyktor", "amount": 5, "years": 9}),
            ("finansiering", {"source": "Boverket", "amount": 5, "decided": False}),
        )
    ]
    upkeep = {"standard": "Hel", "first_after": 1, "every": 12, "cost": 1}
    promise = promising.write_promise(leader, built.uid, owner=home.uid, payer=home.uid, **upkeep)
    promise.accepted_on, promise.asked_on = None, date(2026, 1, 1)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bilaga.pdf"
        path.write_bytes(PAPER)
        attached = attaching.add_file(leader, made.uid, path, uid=db.new_uid(), kind="kalkyl", title="Kalkyl")
    editions.freeze(leader, made, "skicka_in")
    party = writing_together.invite(leader, made.uid, organisation="idrott")
    made.state, made.submitted_at = "inskickad", now
    db.session().flush()
    things = (built, promise, *rows, attached, party)
    return HandedIn(made.uid, *(one.uid for one in (*asks, *things)))
