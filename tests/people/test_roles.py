"""Roles: in an organisation that carries on for others, from a day to a day, limited to areas and kinds."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock
from core.access import Denied, Missing
from core.journal import JournalDetail, JournalLine
from core.people import services
from core.people.models import Organisation, Person, RoleGrant
from core.places import services as places
from core.places.models import Area
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.walks import services as walks
from tests.walks.scene import add_place, at, scene, square

from .conftest import HOUSE

__all__ = ["scene"]


@pytest.fixture
def person(database):
    """Somebody without any role."""
    with database.transaction():
        return services.add_person(HOUSE, email="ny@tryggplats.example", name="Ny")


@pytest.fixture
def grant(database, person):
    """Give the person a role in an organisation."""

    def give(role, organisation, **limits):
        with database.transaction():
            services.grant_role(HOUSE, person, role=role, organisation=services.organisation(organisation), **limits)

    return give


def actor_now(database, person):
    with database.transaction(write=False) as session:
        return services.actor_of(session.get_one(Person, person.id))


def test_a_role_counts_from_its_first_day_to_the_end_of_its_last(client, clock, database, person, grant):
    """A hired guard's mandate ends at midnight in Stockholm, without anybody doing anything (K9)."""
    grant("falt", "sdn-farsta", valid_from=date(2027, 3, 1), valid_to=date(2027, 3, 31))
    reads = {}
    for moment in ("2027-02-28T23:59", "2027-03-01T00:00", "2027-03-31T23:59", "2027-04-01T00:00"):
        clock.stop_at(moment)
        client.login(actor_now(database, person))
        reads[moment] = client.get("/vandringar").status_code
    assert list(reads.values()) == [403, 200, 200, 403]


def test_a_role_ends_while_its_holder_is_logged_in(client, clock, database, person, grant):
    grant("falt", "sdn-farsta", valid_from=date(2027, 3, 1), valid_to=date(2027, 3, 31))
    clock.stop_at("2027-03-31T23:50")
    client.login(actor_now(database, person))
    assert client.get("/vandringar").status_code == 200
    clock.pass_by(minutes=10)
    refused = client.get("/vandringar")
    assert refused.status_code == 403
    assert "roller får göra det, till exempel ”Samordnare" in refused.text, "who has the right is told"


def test_several_roles_add_up(database, person, grant):
    grant("falt", "sdn-farsta")
    grant("tk_drift", "trafik", categories=["klotter:klotter"])
    actor = actor_now(database, person)
    assert actor.organisation_name == "Farsta stadsdelsnämnd"
    assert actor.may("walks:observation:log")
    assert actor.may("upkeep:deadline:close")
    assert not actor.may("places:place:edit")
    [logs] = actor.reaches("walks:observation:log")
    [reads_own, reads_graffiti] = actor.reaches("upkeep:deadline:read")
    assert logs.categories is None
    assert reads_own.categories is None
    assert reads_graffiti.categories == {"klotter:klotter"}


def walk_of(leader, organiser, **more):
    known = {"title": f"Vandring {organiser}", "theme": "allman", "planned_at": clock.now(), "places": []}
    return walks.add_walk(leader, uid=uuid4(), organiser=organiser, **known | more)


def test_a_board_finds_what_its_predecessors_left(database, actors):
    """Järva took over from Rinkeby-Kista and Spånga-Tensta on 1 July 2023, and reaches what is theirs; nobody else."""
    with database.transaction():
        for board in ("sdn-rinkeby-kista", "sdn-spanga-tensta", "sdn-jarva", "sdn-farsta"):
            walk_of(access.system("test"), board)

    def titles(board):
        with database.transaction(write=False):
            return {row.title.removeprefix("Vandring sdn-") for row in walks.list_walks(board).rows}

    assert titles(actors("sdn_samordnare", "sdn-jarva")) == {"jarva", "rinkeby-kista", "spanga-tensta"}
    assert titles(actors("sdn_samordnare", "sdn-farsta")) == {"farsta"}
    assert titles(actors("sdn_samordnare", "sdn-rinkeby-kista")) == {"rinkeby-kista"}


def test_organisations_are_dated_and_know_their_successor(database):
    with database.transaction(write=False) as session:
        old, new = services.organisation("sdn-rinkeby-kista"), services.organisation("sdn-jarva")
        assert (old.valid_to, new.valid_from, old.successor_id) == (date(2023, 6, 30), date(2023, 7, 1), new.id)
        assert len({kind for (kind,) in session.execute(select(Organisation.kind))}) > 8
        with pytest.raises(Missing):
            services.organisation("sdn-atlantis")


def test_a_role_limited_to_kinds_sees_only_those(database, actors, scene):
    with database.transaction():
        for kind in ("belysning", "klotter:klotter"):
            walks.log_observation(scene.leader, uid=uuid4(), walk=scene.walk, kind=kind)
    cleaner = actors("tk_drift", "trafik", categories=["klotter:klotter", "klotter:sanering"])
    everything = actors("tk_drift", "trafik")
    with database.transaction(write=False):
        walk = walks.read_walk(scene.leader, scene.walk)
        seen = {actor: [row.kind for row in walks.observations_of(actor, walk)] for actor in (cleaner, everything)}
        frister = {actor: len(upkeep.list_open(actor).rows) for actor in (cleaner, everything)}
    assert seen == {cleaner: ["klotter:klotter"], everything: ["belysning", "klotter:klotter"]}
    assert frister == {cleaner: 1, everything: 1}


def test_a_role_limited_to_areas_sees_only_what_lies_there(database, actors, scene):
    """Two areas of the same board; a role in one of them."""
    with database.transaction() as session:
        other = add_place("Skarpnäcks torg", square(1450, 450, 100))
        board = services.organisation("sdn-farsta").id
        session.execute(Area.__table__.update().values(organisation_id=board))
        places.find_districts(HOUSE)
        walks.log_observation(
            scene.leader, uid=uuid4(), walk=scene.walk, kind="belysning", position=walks.Position(**at(500, 500))
        )
        walks.log_observation(
            scene.leader, uid=uuid4(), walk=scene.walk, kind="toalett", position=walks.Position(**at(1500, 500))
        )
    reads = {}
    farsta, skarpnack = ("stadsdelsnamndsomrade:farsta",), ("stadsdelsnamndsomrade:skarpnack",)
    for limits in ((), farsta, skarpnack):
        actor = actors("sdn_handlaggare", "sdn-farsta", areas=limits)
        with database.transaction(write=False):
            found = {row.uid for row in places.list_places(actor).rows}
            walk = walks.read_walk(scene.leader, scene.walk)
            reads[limits] = found, [row.kind for row in walks.observations_of(actor, walk)]
    assert reads == {
        (): ({scene.place, other}, ["belysning", "toalett"]),
        farsta: ({scene.place}, ["belysning"]),
        skarpnack: ({other}, ["toalett"]),
    }


def test_nobody_grants_herself_a_role(database, actors, person):
    """Two administrators are needed to widen the rights of one (reliability.md A7)."""
    admin, colleague, leader = actors("sysadmin", "slk"), actors("sysadmin", "slk"), actors("sdn_samordnare")
    with database.transaction() as session:
        herself = session.get_one(Person, admin.id)
        board = services.organisation("sdn-farsta")
        with pytest.raises(Denied):
            services.grant_role(admin, herself, role="sdn_samordnare", organisation=board)
        with pytest.raises(Denied):
            services.grant_role(leader, herself, role="falt", organisation=board)
        with pytest.raises(Missing):
            services.grant_role(colleague, herself, role="kung", organisation=board)
        services.grant_role(colleague, herself, role="sdn_samordnare", organisation=board, valid_to=date(2099, 1, 1))
        services.grant_role(admin, session.get_one(Person, person.id), role="falt", organisation=board)
    with database.transaction(write=False) as session:
        held = select(RoleGrant.role).where(RoleGrant.person_id.in_([admin.id, person.id]))
        assert sorted(session.scalars(held)) == ["falt", "sdn_samordnare", "sysadmin"]
        lines = select(JournalLine.actor_uid, JournalLine.subject_uid, JournalDetail.detail)
        lines = lines.join(JournalDetail, JournalDetail.seq == JournalLine.seq).order_by(JournalLine.seq.desc())
        who, whom, what = session.execute(lines.offset(1)).first()
    assert (who, whom) == (colleague.uid, admin.uid)
    granted = {"role": "sdn_samordnare", "organisation": "sdn-farsta", "valid_to": "2099-01-01"}
    assert {name: what[name] for name in granted} == granted


def test_a_password_is_long_and_an_address_is_one_persons(database, person):
    with database.transaction():
        with pytest.raises(Invalid) as refused:
            services.add_person(HOUSE, email="kort@tryggplats.example", name="Kort", password="elva tecken")
        assert refused.value.flat() == {"password": ["Välj ett lösenord med minst 12 tecken."]}
        services.add_person(HOUSE, email="LANG@tryggplats.example ", name="Lång", password="tolv tecken!")
    with database.transaction(write=False) as session:
        emails = set(session.scalars(select(Person.email)))
    assert emails == {"ny@tryggplats.example", "lang@tryggplats.example"}


def test_a_role_that_would_end_before_it_begins_is_refused(database, person):
    with database.transaction(), pytest.raises(Invalid) as refused:
        home = services.organisation("sdn-farsta")
        services.grant_role(HOUSE, person, role="falt", organisation=home, valid_to=date(2020, 1, 1))
    assert refused.value.flat() == {"valid_to": ["Rollens sista dag ligger före dess första."]}
