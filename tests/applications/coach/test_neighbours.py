"""Grannminne: what was tried beside a place or on places like it, what it cost and did, and who is told of it."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import access, clock, db
from core.applications.models import Application, ApplicationPlace
from core.applications.services import double_funding, neighbours
from core.cooperation.models import Measure
from core.places.models import Place
from core.reserve.services import book
from tests.applications.coach.conftest import (
    add,
    add_cause,
    add_cycle,
    add_measure,
    application_of,
    begin,
    place_called,
    programme_called,
)
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long

HOUSE = access.system("test")


@pytest.fixture
def skarpnack(database, actors):
    """Who writes applications of another board."""
    return actors("sdn_handlaggare", "sdn-skarpnack")


def granted(writer, place, kronor=1_650_000, **facts):
    """An application of Skarpnäck that was granted, with the money in the book."""
    measure = {"kind": facts.pop("kind", "mobler_sittplats"), "text": "Soffor"}
    made = begin(writer, title=facts.pop("title", "Strandpromenaden"), organisation="sdn-skarpnack")
    made.state = facts.pop("state", "beviljad")
    add(ApplicationPlace(application_id=made.id, place_id=place.id))
    add_measure(made, **measure)
    trygg = programme_called("TRYGG")
    known = {"programme": trygg, "by": HOUSE, "second": HOUSE}
    if kronor:
        frame = [book.Line(2026, "ram", kronor)]
        book.post(HOUSE, uid=uuid4(), kind="kf_budget", lines=frame, decision="§ 1", **known)
        lines = [book.Line(2026, "beviljat", kronor)]
        about = {"matter": made.uid, "number": made.number, "organisation": made.organisation_id}
        book.post(HOUSE, uid=uuid4(), kind="beslut", lines=lines, **about, **known)
    return made


def _memory(whole):
    return neighbours.remembered(whole.writer, application_of(whole))


def test_what_another_board_was_granted_beside_is_told_with_kronor_and_measures(database, whole, skarpnack):
    with database.transaction():
        add_place("Bredvid", square(740, 450, 50))
        made = granted(skarpnack, place_called("Bredvid"))
        told = _memory(whole)
    [one] = told.near
    assert (one.number, one.title, one.year, one.granted) == (made.number, "Strandpromenaden", 2026, 1_650_000)
    assert (one.board, one.measures, one.link) == ("Skarpnäcks stadsdelsnämnd", ("Soffor",), "")
    assert told.similar == ()


def test_beside_is_within_200_metres(database, whole, skarpnack):
    with database.transaction():
        add_place("Längre bort", square(751, 450, 50))
        granted(skarpnack, place_called("Längre bort"))
        told = _memory(whole)
    assert told.near == ()
    assert [one.title for one in told.similar] == ["Strandpromenaden"]


@pytest.mark.parametrize(
    "facts", [{"state": "inskickad"}, {"state": "avslag"}, {"kronor": 0}, {"state": "utkast", "kronor": 0}]
)
def test_what_was_not_granted_is_not_told(database, whole, skarpnack, facts):
    with database.transaction():
        granted(skarpnack, place_called("Farsta torg"), **facts)
        assert _memory(whole).empty


def test_similar_is_the_same_kind_of_place_and_of_measure(database, whole, skarpnack):
    with database.transaction():
        add_place("Torget", square(900, 900, 50))
        add_place("Parken", square(950, 900, 50))
        place_called("Parken").kind = "park"
        granted(skarpnack, place_called("Torget"), title="Samma slag")
        granted(skarpnack, place_called("Torget"), title="Annan åtgärd", kind="belysning_ny")
        granted(skarpnack, place_called("Parken"), title="Annan plats")
        assert [one.title for one in _memory(whole).similar] == ["Samma slag"]


def test_the_count_is_bounded_with_the_newest_first(database, whole, skarpnack):
    with database.transaction():
        for number in range(7):
            granted(skarpnack, place_called("Farsta torg"), title=f"Försök {number}")
        told = _memory(whole)
    assert [one.title for one in told.near] == [f"Försök {number}" for number in (6, 5, 4, 3, 2)]


def test_what_it_did_is_told_by_the_room_above(database, whole, skarpnack, monkeypatch):
    monkeypatch.setattr(neighbours, "_tellers", [])
    with database.transaction():
        made = granted(skarpnack, place_called("Farsta torg"))
        neighbours.tell_effects(lambda keys: {key: "54 till 41 %" for key in keys if key == made.id})
        [one] = _memory(whole).near
    assert one.effect == "54 till 41 %"


def test_a_measure_of_a_cycle_with_a_result_is_told_to_who_reads_the_cycle(database, whole, skarpnack):
    with database.transaction():
        cycle = add_cycle(place_called("Farsta torg"))
        known = {"cycle_id": cycle.id, "cause_id": add_cause(cycle).id, "number": 1, "content": b""}
        said = {"text": "Tände lamporna", "approach": "situationell", "state": "klar", "result": "genomford"}
        add(Measure(result_why="Fler går där.", ends_on=clock.today(), **said, **known))
        [one] = _memory(whole).earlier
        foreign = neighbours.remembered(skarpnack, application_of(whole))
    assert (one.text, one.result, one.why) == ("Tände lamporna", "genomford", "Fler går där.")
    assert foreign.earlier == ()


def test_a_place_that_is_protected_is_not_reckoned_with(database, whole, skarpnack):
    with database.transaction():
        add_place("Hemlig", square(500, 500, 50))
        granted(skarpnack, place_called("Hemlig"))
        place_called("Hemlig").level = 4
        db.session().flush()
        assert _memory(whole).empty


@pytest.mark.parametrize("query", ["near", "double"])
def test_what_lies_beside_is_found_by_the_spatial_index(database, whole, plan_of, query):
    with database.transaction() as session:
        if not database.embedded:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        found, places = application_of(whole), list(db.session().scalars(select(Place)))
        asked = (
            neighbours.near_query(whole.writer, found, places)
            if query == "near"
            else double_funding.same_elsewhere(whole.writer, found, places, ["mobler_sittplats"])
        )
        assert "idx_place_geom" in plan_of(session, asked.with_only_columns(Application.id))
