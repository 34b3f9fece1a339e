"""Organisations through the years: right in 2022 and in 2027, merged without losing anything (domain.md 13.8)."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import db
from core.access import Denied
from core.journal import JournalLine
from core.people import services
from core.people.models import Organisation, Person, RoleGrant
from core.places import services as places
from core.places.models import Place
from core.schema import Invalid
from core.walks import services as walks
from tests.walks.scene import scene

from .conftest import HOUSE

__all__ = ["scene"]
ADDRESS = "/admin/organisationer"
BOARDS = f"{ADDRESS}?slag=stadsdelsnamnd"
OLD, NEW = ("sdn-rinkeby-kista", "sdn-spanga-tensta"), "sdn-jarva"
THEN, LATER = date(2022, 6, 1), date(2027, 6, 1)


@pytest.fixture
def admin(actors):
    return actors("sysadmin", "slk")


def of(database, code):
    with database.transaction(write=False):
        return services.organisation(code)


def test_who_it_was_in_2022_and_who_it_is_in_2027(database):
    with database.transaction(write=False):
        for code, day, expected in (
            (OLD[0], THEN, OLD[0]), (OLD[1], THEN, OLD[1]), (OLD[0], LATER, NEW), (OLD[1], LATER, NEW),
            (NEW, LATER, NEW), (OLD[0], date(2023, 6, 30), OLD[0]), (OLD[0], date(2023, 7, 1), NEW),
        ):  # fmt: skip
            assert services.organisation_on(code, day).code == expected, (code, day)
        assert services.organisation_on(OLD[0], THEN).name == "Rinkeby-Kista stadsdelsnämnd"
        keys = {code: services.organisation(code).id for code in (*OLD, NEW)}
        for day, expected in ((THEN, OLD[0]), (LATER, NEW)):
            assert services.carrying_on(day)[keys[OLD[0]]] == keys[expected]
        known = {services.organisation(code).id for code in (*OLD, NEW)}
        assert services.family(NEW) == known
        assert services.family(OLD[0]) == {services.organisation(OLD[0]).id}


def test_the_list_is_as_it_was_on_the_day(client, admin, clock):
    clock.stop_at("2027-01-11T08:00")
    client.login(admin)
    then, now = client.get(f"{BOARDS}&dag=2022-06-01").text, client.get(BOARDS).text
    for name in ("Rinkeby-Kista stadsdelsnämnd", "Spånga-Tensta stadsdelsnämnd"):
        assert f"{name}</a>" in then
        assert f"{name}</a>" not in now
    assert "Järva stadsdelsnämnd</a>" in now
    assert "Järva stadsdelsnämnd</a>" not in then
    assert "I dag Järva stadsdelsnämnd" in then
    assert "Tidigare Rinkeby-Kista stadsdelsnämnd, Spånga-Tensta stadsdelsnämnd" in now


def test_two_become_one_and_what_follows_is_shown_before(client, database, admin, actors, scene, clock):
    """Farsta and Skarpnäck become one: roles go on there, what was done keeps its name and is found under the new."""
    clock.stop_at("2027-01-11T08:00")
    leader, client_form = actors("sdn_samordnare", "sdn-farsta"), {
        "codes": ["sdn-farsta", "sdn-skarpnack"], "on": "2027-07-01", "into": "", "name": "Söderorts stadsdelsnämnd",
        "code": "sdn-soderort", "move_roles": "ja", "source": "KF 2027-02-01",
    }  # fmt: skip
    client.login(admin)
    asked = client.get(f"{ADDRESS}/sla-samman").text
    assert asked.count("(behövs för en ny organisation)") == 2
    none = client.submit(f"{ADDRESS}/sla-samman", {name: text for name, text in client_form.items() if name != "codes"})
    assert "Kryssa för de organisationer som ska bli en." in none.text
    shown = client.submit(f"{ADDRESS}/sla-samman", client_form)
    assert shown.status_code == 200
    for text in ("Inget är sparat än.", "Öppna frister", "Platser i deras områden", "Roller som förs över"):
        assert text in shown.text
    assert of(database, "sdn-farsta").successor_id is None
    done = client.submit(f"{ADDRESS}/sla-samman", client_form | {"knapp": "genomfor"})
    assert done.status_code == 303
    old, new = of(database, "sdn-farsta"), of(database, "sdn-soderort")
    assert (old.valid_to, old.successor_id, new.valid_from) == (date(2027, 6, 30), new.id, date(2027, 7, 1))
    assert new.parent_id == old.parent_id
    heirs = client.get(f"{ADDRESS}?q=Farsta&dag=2027-08-01").text
    assert "Söderorts stadsdelsnämnd" in heirs, "who asks for the old name finds who carries on"
    assert "Tidigare Farsta stadsdelsnämnd, Skarpnäcks stadsdelsnämnd" in heirs
    reads = {}
    for moment in ("2027-06-30T12:00", "2027-07-01T12:00"):
        clock.stop_at(moment)
        with database.transaction(write=False) as session:
            person = services.actor_of(session.get_one(Person, leader.id))
            reads[moment] = person.organisation_name, [row.title for row in walks.list_walks(person).rows]
    with database.transaction() as session:
        places.find_districts(HOUSE)  # what the worker does every hour
        districts = session.scalars(select(Organisation.code).join(Place, Place.district_id == Organisation.id)).all()
        assert "sdn-soderort" in districts
        assert "sdn-farsta" not in districts
    before, after = reads.values()
    assert (before[0], after[0]) == ("Farsta stadsdelsnämnd", "Söderorts stadsdelsnämnd")
    assert before[1] == after[1] != [], "what Farsta arranged is found under its successor"
    with database.transaction(write=False) as session:
        held = select(RoleGrant).where(RoleGrant.person_id == leader.id).order_by(RoleGrant.id)
        assert [(one.organisation.code, one.valid_to) for one in session.scalars(held)] == [
            ("sdn-farsta", date(2027, 6, 30)), ("sdn-soderort", None),
        ]  # fmt: skip
        assert session.scalars(select(JournalLine.action)).all().count("organisation:merge") == 2


MERGERS = {
    "one alone": ({"codes": ["sdn-farsta"]}, "codes"),
    "of different kinds": ({"codes": ["sdn-farsta", "trafik"]}, "codes"),
    "one that has ended": ({"codes": ["sdn-farsta", "sdn-norrmalm"]}, "codes"),
    "one that there is not": ({"codes": ["sdn-farsta", "sdn-atlantis"]}, "codes"),
    "into one that is not there yet": ({"into": NEW, "on": date(2023, 6, 1), "codes": ["sdn-farsta"]}, "into"),
    "a new one without a name": ({"name": ""}, "name"),
    "a code that is taken": ({"code": "sdn-bromma"}, "code"),
}


def test_mergers_that_cannot_be_are_refused_at_their_field(database, admin, actors):
    good = {"codes": ["sdn-farsta", "sdn-skarpnack"], "on": date(2027, 7, 1), "name": "Ny", "code": "sdn-ny"}
    for what, (wrong, field) in MERGERS.items():
        with pytest.raises(Invalid) as refused, database.transaction():
            services.merge_organisations(admin, **good | wrong)
        assert list(refused.value.flat()) == [field], what
    leader = actors("sdn_samordnare")
    with pytest.raises(Denied), database.transaction():
        services.merge_organisations(leader, **good)


def test_who_merges_takes_no_new_rights_and_into_one_that_is_there(database, admin):
    """The administrator's own role stays where it was; the other's goes on with the rest of its time and limits."""
    with database.transaction() as session:
        herself = session.get_one(Person, admin.id)
        services.grant_role(HOUSE, herself, role="falt", organisation=services.organisation("sdn-farsta"))
        other = services.add_person(HOUSE, email="annan@tryggplats.example", name="Annan")
        limits = {"valid_to": date(2099, 12, 31), "categories": ["belysning"]}
        services.grant_role(HOUSE, other, role="falt", organisation=services.organisation("sdn-farsta"), **limits)
        services.merge_organisations(admin, codes=["sdn-farsta"], into="sdn-bromma", on=date(2099, 1, 1))
        held = select(RoleGrant).where(RoleGrant.role == "falt").order_by(RoleGrant.id)
        assert [(one.organisation.code, one.valid_to, one.categories) for one in session.scalars(held)] == [
            ("sdn-farsta", None, []),
            ("sdn-farsta", date(2098, 12, 31), ["belysning"]),
            ("sdn-bromma", date(2099, 12, 31), ["belysning"]),
        ]


def test_the_api_adds_changes_and_ends_one(client, actors, admin):
    bearer, uid = actors.token(admin), uuid4()
    address, sent = f"/api/v1/organisations/{uid}", {"code": "bolag-ny", "name": "Nya bolaget", "kind": "bolag"}
    first = client.put(address, json=sent, headers=bearer)
    assert first.status_code == 201
    assert client.put(address, json=sent, headers=bearer).json == first.json
    assert client.put(address, json=sent | {"name": "Annat"}, headers=bearer).status_code == 409
    taken = client.put(f"/api/v1/organisations/{uuid4()}", json=sent, headers=bearer)
    assert [error["field"] for error in taken.json["errors"]] == ["code"]
    changes = bearer | {"If-Match": first.headers["ETag"]}
    ended = client.patch(address, json={"valid_to": "2027-12-31", "contacts": "Växel: 08-508"}, headers=changes)
    assert (ended.json["valid_to"], ended.json["name"], ended.json["version"]) == ("2027-12-31", "Nya bolaget", 2)
    assert client.patch(address, json={"name": "För sent"}, headers=changes).status_code == 412
    listed = {day: client.get(f"/api/v1/organisations?q=bolag-ny&day={day}", headers=bearer).json["items"]
              for day in ("2027-12-31", "2028-01-01")}  # fmt: skip
    assert [len(rows) for rows in listed.values()] == [1, 0]
    now = bearer | {"If-Match": ended.headers["ETag"]}
    for change, field in (
        ({"parent": "bolag-ny"}, "parent"), ({"successor": "bolag-ny"}, "successor"),
        ({"parent": "atlantis"}, "parent"), ({"contacts": "Växel: 08-508\nSkötsel: inte en adress"}, "contacts"),
        ({"valid_from": "2028-05-01"}, "valid_to"), ({"code": "annan"}, "code"), ({"kind": "stat"}, "kind"),
    ):  # fmt: skip
        refused = client.patch(address, json=change, headers=now)
        assert [error["field"] for error in refused.json["errors"]] == [field], change


def test_a_file_is_read_once_and_changes_nothing_that_is_there(database, admin):
    rows = [
        {
            "code": "ny-bolag",
            "name": "Nytt bolag",
            "kind": "bolag",
            "parent": "stadshus-ab",
            "valid_from": "2027-01-01",
        },
        {"code": "sdn-farsta", "name": "Fel namn", "kind": "stadsdelsnamnd", "parent": ""},
    ]
    with database.transaction():
        assert [services.import_organisations(admin, rows) for _ in range(2)] == [1, 0]
        assert services.organisation("sdn-farsta").name == "Farsta stadsdelsnämnd"
        assert services.organisation("ny-bolag").parent_id == services.organisation("stadshus-ab").id
    for wrong in ({"valid_from": "i fjol"}, {"parent": "finns-inte"}, {"kind": "klubb"}):
        with pytest.raises(Invalid), database.transaction():
            services.import_organisations(admin, [rows[0] | {"code": "trasig"} | wrong])
    with database.transaction(write=False):
        assert db.session().scalar(select(Organisation.id).where(Organisation.code == "trasig")) is None
