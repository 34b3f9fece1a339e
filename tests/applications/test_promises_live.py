"""Maintenance promises: filled in before the decision, frister when the thing is finished, one after the other (X3)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.applications.limits import INSPECTION
from core.applications.models import ApplicationMeasure, Promise
from core.applications.services import applications, coach, promises_live, promising
from core.people.services import organisation
from core.reserve.models import Programme
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline
from tests.applications.deciding import add_measure

FINISHED = date(2027, 9, 10)


def fristen():
    return db.session().scalars(select(Deadline).where(Deadline.kind == INSPECTION)).all()


def test_who_records_fills_in_a_hole(database, decided):
    with database.transaction():
        gym = add_measure(decided.row(), "Utegym", number=2, owner_id=None, standard="", cost=None)
        filled = {"owner": organisation("sdn-farsta").uid, "standard": "Skador lagas inom 30 dagar"}
        filled |= {"first_after": 1, "every": 3, "cost": 27_000}
        with pytest.raises(Invalid):
            promises_live.complete_promise(decided.secretary, gym.uid, **(filled | {"owner": uuid4()}))
        with pytest.raises(db.Stale):
            promises_live.complete_promise(decided.secretary, gym.uid, version=7, **filled)
        with pytest.raises(access.Denied):
            promises_live.complete_promise(decided.applicant, gym.uid, **filled)
        made = promises_live.complete_promise(decided.secretary, gym.uid, version=1, **filled)
        assert (made.cost, made.every, made.payer_id) == (27_000, 3, organisation("sdn-farsta").id)
        decided.granted()
        with pytest.raises(flow.Refused, match="väntar på beslut"):
            promises_live.complete_promise(decided.secretary, gym.uid, **filled)


def test_what_the_owner_promised_and_is_changed_is_no_promise_and_is_asked_for_anew(database, decided, actors):
    driver = actors("tk_drift", "trafik")
    with database.transaction():
        [promise] = db.session().scalars(select(Promise)).all()
        promise.accepted_on = clock.today()
        thing = db.session().get_one(ApplicationMeasure, promise.measure_id).uid
        names = ("standard", "first_after", "every", "cost")
        same = {name: getattr(promise, name) for name in names} | {"owner": organisation("trafik").uid}
        promises_live.complete_promise(decided.secretary, thing, **same)
        assert promise.accepted_on is not None, "the same again is what was promised"
        promises_live.complete_promise(decided.secretary, thing, **same | {"every": 1})
        assert (promise.accepted_on, promise.asked_on) == (None, clock.today())
        assert [one.uid for one, *_ in promising.promises_for(driver)] == [promise.uid]
        decided.record()  # the decision waits for no answer
        promising.answer_promise(driver, promise.uid, accepts=True)


def test_an_owner_that_said_no_is_a_hole_until_another_is_chosen(database, decided):
    with database.transaction():
        [promise] = db.session().scalars(select(Promise)).all()
        promise.declined, owner = "Lyktorna ryms inte i vårt avtal.", organisation("trafik").uid
        thing = db.session().get_one(ApplicationMeasure, promise.measure_id).uid
        db.session().flush()
        with pytest.raises(flow.Refused, match="ansvarig"):
            decided.record()
        facts = {"standard": promise.standard, "first_after": 3, "every": 12, "cost": 38_000}
        with pytest.raises(Invalid, match="sagt nej"):
            promises_live.complete_promise(decided.secretary, thing, owner=owner, **facts)
        other = organisation("sdn-farsta").uid
        promises_live.complete_promise(decided.secretary, thing, owner=other, **facts)
        decided.record()


def test_when_it_is_finished_the_owner_inspects_again_and_again(database, decided, clock, actors):
    """First three months after, then every year after the one that was done; visible on the place."""
    driver = actors("tk_drift", "trafik")
    clock.stop_at("2027-09-10 12:00")
    with database.transaction():
        assert promises_live.make_live(decided.row(), FINISHED) == 1
        assert promises_live.make_live(decided.row(), FINISHED) == 0
        (first,) = fristen()
        assert (first.due_on, first.organisation_id) == (date(2027, 12, 10), organisation("trafik").id)
        assert first.place_id is not None
        assert "Fel åtgärdas inom 5 arbetsdagar" in first.rule["title"]
    clock.stop_at("2027-12-01 12:00")
    with database.transaction():
        (line,) = upkeep.list_open(driver).rows
        upkeep.move(driver, line.uid, "klarmarkera", reason="Två lampor bytta")
    with database.transaction():
        promises_live.plan_next()
        promises_live.plan_next()
        (known,) = fristen()
        assert (known.state, known.due_on) == ("oppen", date(2028, 12, 1))


def test_a_thing_that_was_not_finished_after_all_promises_nothing_yet(database, decided, clock):
    clock.stop_at("2027-09-10 12:00")
    with database.transaction():
        promises_live.make_live(decided.row(), FINISHED)
        promises_live.end_live(decided.row(), "Är inte färdig")
        assert [one.state for one in fristen()] == ["utgar"]
        promises_live.make_live(decided.row(), FINISHED + timedelta(days=30))
        assert [(one.state, one.due_on) for one in fristen()] == [("oppen", date(2028, 1, 10))]


def test_what_is_overdue_is_told_where_the_board_applies_next(database, decided, clock, actors):
    """Of what the board was granted money for, whoever promised to look after it, and of nobody else's."""
    writer, other = actors("sdn_handlaggare", "sdn-farsta"), actors("sdn_handlaggare", "sdn-jarva")
    clock.stop_at("2027-09-10 12:00")
    with database.transaction():
        promises_live.make_live(decided.row(), FINISHED)
        mine, theirs = apply_again(writer, "sdn-farsta"), apply_again(other, "sdn-jarva")
        assert told(decided.applicant, mine) == []
    clock.stop_at("2027-12-20 12:00")
    with database.transaction():
        [said] = told(decided.applicant, mine)
        assert said.lack.text == (
            "Nämnden är sen med 1 besiktning enligt skötsellöfte. Gör klart det, den som bedömer ansökan ser det också."
        )
        assert [(one.name, one.link) for one in said.lack.about] == [
            ("14 lyktor", f"/ansokningar/{decided.row().uid}/beslut")
        ]
        assert told(decided.applicant, theirs) == []


def apply_again(actor, board):
    """Begin another application."""
    programme = db.session().scalars(select(Programme).limit(1)).one().uid
    known = {"title": "Nytt försök", "organisation": board, "programme": programme}
    return applications.begin_application(actor, uid=uuid4(), **known)


def told(actor, application):
    """What the coach says of what the board is late with."""
    found = coach.read_coach(actor, application)
    assert found.stops("skicka_in") == tuple(one for one in found.missing if one.rule.blocking != "nej")
    return [one for one in found.advice if one.rule.key == "sena_loften"]


def test_a_first_inspection_at_once_is_on_the_day_itself(database, decided, clock):
    clock.stop_at("2027-09-10 12:00")
    with database.transaction():
        db.session().scalars(select(Promise)).one().first_after = 0
        promises_live.make_live(decided.row(), FINISHED)
        assert fristen()[0].due_on == FINISHED
