"""Whose turn it is with an application: in Att göra, for those whose step it is and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, text

from core import clock, db
from core.applications import steps_news
from core.applications.models import ApplicationComment
from core.applications.services import moving, writing_together
from core.people.waiting import todos
from tests.applications.coach.conftest import ROLES, add_round, application_of
from tests.applications.coach.test_flow import decided, move, reviewed, submitted

pytestmark = pytest.mark.other_database_long


def waits(whole):
    """What waits for each."""
    found = {name: [one.key.split(":")[1] for one in steps_news.todos(getattr(whole, name), 9)] for name in ROLES}
    return {name: keys for name, keys in found.items() if keys}


def test_each_step_waits_for_those_who_take_it(database, whole):
    with database.transaction():
        assert waits(whole) == {}
        move(whole, "writer", "begar_granskning")
        assert waits(whole) == {"chief": ["granska"]}
        move(whole, "chief", "godkann")
        assert waits(whole) == {"secretary": ["namndbeslut"]}


def test_what_was_given_back_waits_for_those_who_write_with_why_and_is_told_as_a_change(database, whole):
    before = clock.now() - timedelta(minutes=1)
    with database.transaction():
        move(whole, "writer", "begar_granskning")
        move(whole, "chief", "aterlamna", reason="Skriv hur utgiften är räknad")
        assert waits(whole) == {"writer": ["ratta"], "leader": ["ratta"]}
        [one] = steps_news.todos(whole.writer, 9)
        assert one.title == "Rätta ansökan: Skriv hur utgiften är räknad"
    with database.transaction():
        told = steps_news.changes_since(whole.writer, before, 9)
        assert [one.text for one in told] == ["Lämnad tillbaka till handläggaren"]
        move(whole, "writer", "begar_granskning")
        assert waits(whole) == {"chief": ["granska"]}


def test_a_comment_is_told_to_those_who_may_read_it(database, whole):
    before = clock.now() - timedelta(minutes=1)
    with database.transaction():
        submitted(whole)
        said = {"text": "Är det dyrt?", "uid": uuid4()}
        writing_together.comment(whole.officer, whole.uid, audience="intern", **said)
    with database.transaction():
        told = [one.text for one in steps_news.changes_since(whole.clerk, before, 9)]
        assert "Ny kommentar" in told
        assert "Ny kommentar" not in [one.text for one in steps_news.changes_since(whole.writer, before, 9)]


def test_the_last_moment_to_hand_it_in_is_that_of_the_round(database, whole, clock):
    with database.transaction():
        decided(whole)
        assert waits(whole) == {"chief": ["skicka"], "leader": ["skicka"]}
        [one] = steps_news.todos(whole.chief, 9)
        assert (one.latest, one.state, one.link) == ("2027-02-12", "", f"/ansokningar/{whole.uid}/steg/skicka_in")
    clock.stop_at("2027-02-12 16:00")
    with database.transaction():
        [one] = steps_news.todos(whole.chief, 9)
        assert one.state == "Försenat"


def test_what_came_in_waits_for_the_city_and_what_is_asked_back_for_the_board(database, whole):
    """By its frist."""
    with database.transaction():
        submitted(whole)
        assert waits(whole) == {"officer": ["prova"]}
        moving.ask_to_complete(whole.officer, whole.uid, parts={"mal": "Mer."})
        assert waits(whole) == {}
        mine, _ = todos(set(), whole.writer)
        [frist] = [one for one in mine if one.key.startswith("upkeep:")]
        told = frist.title, frist.context, frist.link, frist.latest
        number = application_of(whole).number
        assert told == ("Komplettera ansökan", number, f"/ansokningar/{whole.uid}", "2027-01-19")


def test_a_decision_that_was_left_open_waits_for_the_secretary(database, whole):
    with database.transaction():
        reviewed(whole)
        application_of(whole).round_id = add_round("TRYGG", number=2, conditional=True).id
        db.session().flush()
        move(whole, "chief", "skicka_in")
        assert waits(whole) == {"secretary": ["efterat"], "officer": ["prova"]}


def test_who_begun_it_is_not_asked_to_review_it(database, whole):
    with database.transaction():
        move(whole, "writer", "begar_granskning")
        application_of(whole).begun_by_id = whole.chief.id
        db.session().flush()
        assert waits(whole) == {}


def test_what_was_said_of_late_is_found_by_when_it_was_said(database, whole):
    """The first page asks for it each time, of all that the city reads: not by way of all that has ever been said."""
    before = clock.now() - timedelta(days=1)
    with database.transaction() as session:
        about, who = application_of(whole), {"organisation_id": whole.writer.organisation, "audience": "alla"}
        said = [{"uid": uuid4(), "at": before - timedelta(hours=n), "text": "Bra."} | who for n in range(3_000)]
        session.execute(insert(ApplicationComment), [one | {"application_id": about.id} for one in said])
        session.execute(text("ANALYZE"))
    asked = []
    listener = lambda _c, _k, *statement: asked.append(statement[:2])  # noqa: E731 - to be removed again
    with database.transaction() as session:
        event.listen(database.engine, "before_cursor_execute", listener)
        steps_news.changes_since(whole.clerk, before, 9)
        event.remove(database.engine, "before_cursor_execute", listener)
        [(sql, values)] = [one for one in asked if "FROM application_comment" in one[0]]
        word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
        rows = session.connection().exec_driver_sql(f"{word} {sql}", values).all()
    assert "ix_application_comment_at" in "\n".join(row[-1] for row in rows)
