"""The library of methods: suggested by the cause, graded with a source, kept by the city, read in from a list (H6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow, imports
from core.cooperation import services
from core.cooperation.models import Cause, Method
from core.cooperation.services import library
from core.schema import Invalid
from tests.cooperation.test_chain import fourth, third

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "third"]

GOOD = {"approach": "social", "grade": "viss", "source": "https://example.org/rapport", "what": ""}


@pytest.fixture
def keeper(database, actors):
    """Whoever keeps the library, when the seed pack's methods are in it."""
    with database.transaction():
        library.load_methods(access.system("seed"))
    return actors("slk_handlaggare", "slk")


def test_the_seed_pack_claims_no_grade_without_a_source(database, keeper):
    with database.transaction():
        known = library.list_methods(keeper)
        assert library.load_methods(access.system("seed")) == 0  # taken in once
    assert 15 <= len(known) <= 25
    assert {one.method.grade for one in known if one.method.source == library.NO_SOURCE} <= {"oklar", "saknas"}
    assert all(one.fits for one in known)


def test_methods_are_suggested_by_the_side_and_the_level_of_the_cause(database, keeper, fourth):
    _, _, cause = fourth
    with database.transaction():
        row = db_cause(cause)  # place and control, in the situation
        names = [one.name for one in library.suggested([row])[row.id]]
        assert "Bättre belysning" in names
        assert "Medling" not in names
        row.side = "garningsperson"
        row.causal_level = "social"
        names = [one.name for one in library.suggested([row])[row.id]]
        assert "Medling" in names
        assert "Bättre belysning" not in names


def db_cause(uid):
    from core import db

    return db.session().scalars(select(Cause).where(Cause.uid == uid)).one()


def test_a_method_is_kept_by_the_central_level_and_used_while_it_is_valid(database, keeper, fourth):
    together, _, _ = fourth
    with pytest.raises(access.Denied), database.transaction():
        library.add_method(together.leader, uid=uuid4(), name="Kaffe", valid_from=clock.today(), valid_to=None, **GOOD)
    with database.transaction():
        facts = {"valid_from": clock.today(), "valid_to": None, "fits": ["garningsperson"]}
        uid = uuid4()
        made = library.add_method(keeper, uid=uid, name="Kaffe på torget", **facts, **GOOD)
        assert made in services.methods()
        assert library.add_method(keeper, uid=uid, name="Kaffe på torget", **facts, **GOOD).id == made.id
        for other in ({"source": "Ett annat"}, {"fits": ["garningsperson:social"]}, {"fits": []}):
            with pytest.raises(db.Conflict):
                library.add_method(keeper, **{"uid": uid, "name": "Kaffe på torget"} | facts | GOOD | other)
        with pytest.raises(Invalid, match="redan"):
            library.add_method(keeper, uid=uuid4(), name="kaffe på torget", **facts, **GOOD)
        gone = clock.today() - timedelta(days=1)
        library.change_method(keeper, made.uid, valid_from=gone, valid_to=gone)
        assert made not in services.methods()
        with pytest.raises(db.Conflict):
            library.add_method(keeper, uid=made.uid, name="Te på torget", **facts, **GOOD)
        assert [one.method.name for one in library.list_methods(keeper, ended=True)] == ["Kaffe på torget"]


def test_a_method_that_has_ended_stays_with_the_measures_that_follow_it(database, keeper, fourth, client):
    together, _, cause = fourth
    with database.transaction():
        facts = {"valid_from": clock.today(), "valid_to": None, "fits": []}
        made = library.add_method(keeper, uid=uuid4(), name="Kaffe på torget", **facts, **GOOD)
        known = {"text": "Kaffe", "approach": "social", "cause": cause, "goals": [], "method": made.uid}
        step = services.add_measure(together.leader, together.cycle, uid=uuid4(), **known)
        with pytest.raises(flow.Refused, match="följer metoden"):
            library.withdraw(keeper, made.uid)
        gone = clock.today() - timedelta(days=1)
        library.change_method(keeper, made.uid, valid_from=gone, valid_to=gone)
    client.login(together.leader)
    assert f'value="{made.uid}" selected' in client.get(f"/samverkan/atgarder/{step.uid}").text
    with database.transaction():
        changed = services.change_measure(together.leader, step.uid, text="Mer kaffe", method=made.uid)
        assert (changed.text, changed.method_id) == ("Mer kaffe", made.id)
        other = services.add_measure(together.leader, together.cycle, uid=uuid4(), **known | {"method": None})
    with pytest.raises(Invalid, match="Välj en metod"), database.transaction():
        services.change_measure(together.leader, other.uid, method=made.uid)


def test_a_list_of_somebody_elses_is_read_in_once(database, keeper):
    """Such as Socialstyrelsens metodguide: the grade is the list's, and unclear where it gives none."""
    kind = imports.kind_of("method")
    row = {"number": "smg-1", "name": "Ett program", "source": "https://example.org/1", "fits": "garningsperson bil"}
    with database.transaction():
        known = kind.fields().load(row)
        assert [(found.field, found.stops) for found in kind.look(keeper, None, known, row)] == [("fits", False)]
        uid = uuid4()
        kind.create(keeper, None, uid, known, row)
        found = library.read_method(keeper, uid)
        assert (found.method.grade, found.method.source, found.fits) == (
            "oklar",
            "https://example.org/1",
            [("garningsperson", "")],
        )
        assert kind.known(keeper, None, ["smg-1", "smg-2"]) == {"smg-1"}
        kind.undo(keeper, uid, "Fel fil.")
        assert kind.known(keeper, None, ["smg-1"]) == set()
    with database.transaction() as session:
        assert session.scalar(select(Method.id).where(Method.uid == uid)) is None


def test_the_page_of_the_library(database, keeper, client, actors):
    client.login(keeper)
    listed = client.get("/samverkan/metoder?sida=garningsperson&sort=social").text
    assert "Medling" in listed
    assert "Bättre belysning" not in listed
    assert "Källa saknas" in listed
    assert "Lägg till en metod" in listed
    client.login(actors("polis", "polis-jarva"))
    assert "Lägg till en metod" not in client.get("/samverkan/metoder").text
    assert client.get("/samverkan/metoder/ny").status_code == 403
