"""An application is taken back, completed in the parts that are asked for, and assessed once it is whole."""

from datetime import date

import pytest
from sqlalchemy import select

from core import clock, db, flow
from core.applications.limits import COMPLETED
from core.applications.models import ApplicationEvent, Assessment
from core.applications.services import applications, moving
from core.cooperation.models import Cause
from core.schema import Invalid
from core.upkeep import services as upkeep
from tests.applications.coach.conftest import add, application_of, said
from tests.applications.coach.test_flow import decided, move, submitted

pytestmark = pytest.mark.other_database_long


def test_it_is_taken_back_until_somebody_assesses_it(database, whole):
    with database.transaction():
        submitted(whole)
        found = application_of(whole)
        facts = {"state": "tilldelad", "edition": 1, "asked_at": clock.now()}
        row = add(Assessment(application_id=found.id, person_id=whole.officer.id, **facts))
    with pytest.raises(flow.Refused, match="Bedömningen har börjat"), database.transaction():
        move(whole, "chief", "aterta", reason="Fel kalkyl.")
    with database.transaction():
        db.session().get_one(Assessment, row.id).state = "aterkallad"
        db.session().flush()
        found = move(whole, "chief", "aterta", reason="Fel kalkyl.")
        assert (found.state, found.decided_on) == ("utkast", None)


def test_completing_opens_only_the_parts_that_are_asked_for_and_is_done_in_ten_working_days(database, whole, clock):
    """From 4 January 2027: Twelfth Night and its day are free."""
    with database.transaction():
        submitted(whole)
        wanted = {"mal": "Skriv när målet ska vara nått.", "drift": " "}
        found = moving.ask_to_complete(whole.officer, whole.uid, parts=wanted)
        assert (found.state, found.reply_by) == ("komplettering", date(2027, 1, 19))
        parts = applications.parts_of(found)
        asked = frozenset(key for key, part in parts.items() if part.wanted)
        assert applications.open_parts(found, asked) == {"mal"}
        event = db.session().scalars(select(ApplicationEvent).order_by(ApplicationEvent.id.desc())).first()
        assert event.reason == "Mål: Skriv när målet ska vara nått."
        [frist] = upkeep.deadlines_of(whole.writer, "application", whole.uid)
        assert (frist.kind, frist.state, frist.due_on) == (COMPLETED, "oppen", date(2027, 1, 19))
    with pytest.raises(flow.Refused, match="låst"), database.transaction():
        applications.part_to_write(whole.writer, whole.uid, "problem", version=None)
    clock.pass_by(days=1)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        move(whole, "writer", "komplettera")
    assert said(refused) == ["Ändra delen Mål. Det här är begärt: Skriv när målet ska vara nått."]
    with database.transaction():
        _, part = applications.part_to_write(whole.writer, whole.uid, "mal", version=None)
        applications.touch(whole.writer, part)
        found = move(whole, "writer", "komplettera")
        assert (found.state, found.reply_by, found.round_id is None) == ("inskickad", None, False)
        [frist] = upkeep.deadlines_of(whole.writer, "application", whole.uid)
        assert frist.state == "klar"


def test_it_is_asked_for_again_by_a_day_that_is_given(database, whole, clock):
    with database.transaction():
        submitted(whole)
        moving.ask_to_complete(whole.officer, whole.uid, parts={"mal": "Mer."})
    clock.pass_by(days=1)
    with database.transaction():
        _, part = applications.part_to_write(whole.writer, whole.uid, "mal", version=None)
        applications.touch(whole.writer, part)
        move(whole, "writer", "komplettera")
    clock.pass_by(days=1)
    for parts, day in (({}, None), ({"mal": "Mer."}, date(2027, 1, 6)), ({"mal": "Mer."}, date(2099, 1, 1))):
        with pytest.raises(Invalid), database.transaction():
            moving.ask_to_complete(whole.officer, whole.uid, parts=parts, reply_by=day)
    with database.transaction():
        asked = {"parts": {"drift": "Vem betalar?"}, "reply_by": date(2027, 2, 1)}
        found = moving.ask_to_complete(whole.officer, whole.uid, **asked)
        [frist] = upkeep.deadlines_of(whole.writer, "application", whole.uid)
        assert (found.reply_by, frist.state, frist.due_on) == (date(2027, 2, 1), "oppen", date(2027, 2, 1))
        assert [key for key, part in applications.parts_of(found).items() if part.wanted] == ["drift"]
    with database.transaction():
        move(whole, "chief", "aterkalla", reason="Vi söker nästa år.")
        [frist] = upkeep.deadlines_of(whole.writer, "application", whole.uid)
        assert frist.state == "utgar"


def test_assessing_begins_with_a_case_that_is_registered_and_an_application_that_is_whole(database, whole):
    with database.transaction():
        submitted(whole)
    with pytest.raises(Invalid) as refused, database.transaction():
        move(whole, "officer", "borja_bedoma")
    assert set(refused.value.flat()) == {"diary_city", "registered"}
    with pytest.raises(flow.Refused, match="Pröva orsakerna"), database.transaction():
        db.session().scalars(select(Cause)).one().state = "hypotes"
        db.session().flush()
        move(whole, "officer", "borja_bedoma", diary_city="KS 2027/911", registered=True)
    with database.transaction():
        found = move(whole, "officer", "borja_bedoma", diary_city="KS 2027/911", registered=True)
        assert (found.state, found.diary_city) == ("under_bedomning", "KS 2027/911")


def test_a_step_taken_twice_is_taken_once(database, whole):
    """Two tabs: the second is told that somebody was before."""
    with database.transaction():
        version = decided(whole).version
    with database.transaction():
        applications.move_application(whole.chief, whole.uid, "skicka_in", version=version)
    with pytest.raises(db.Stale), database.transaction():
        applications.move_application(whole.chief, whole.uid, "skicka_in", version=version)
