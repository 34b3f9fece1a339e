"""Roles and reach: what a role gives, how far, and the three questions of access.py (design.md 4.5)."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access
from core.access import Actor, Denied, Grant, Missing, Reach
from core.media import Photo
from core.people import services as people
from core.people.models import Organisation, Person, UserSession
from core.places.models import Place

READ, EDIT = "walks:observation:read", "walks:observation:edit"


def somebody(*grants, scopes=None):
    return Actor("person", "Någon", 1, grants=grants, scopes=scopes)


def grant(role, *organisations, **limits):
    return Grant(role, organisations[0], frozenset(organisations), **limits)


@pytest.mark.parametrize(
    ("actor", "permission", "may"),
    [
        (access.NOBODY, READ, False),
        (access.NOBODY, "people:session:open", True),
        (access.system("job"), READ, True),
        (somebody(), READ, False),
        (somebody(), "people:session:open", True),
        (somebody(grant("falt", 1)), READ, True),
        (somebody(grant("falt", 1)), "people:role:grant", False),
        (somebody(grant("sysadmin", 1)), "people:role:grant", True),
        (somebody(grant("falt", 1)), "finns:inte:alls", False),
        (somebody(grant("okand_roll", 1)), READ, False),
    ],
)
def test_a_role_gives_its_permissions_and_no_others(actor, permission, may):
    assert actor.may(permission) is may


def test_a_role_reaches_its_own_organisations_or_the_whole_city():
    actor = somebody(grant("falt", 1, 2), grant("revisor", 3))
    assert actor.reaches(READ) == (Reach(frozenset({1, 2})), Reach(None))
    assert actor.reaches(EDIT) == (Reach(frozenset({1, 2})),)


def test_a_limit_follows_its_own_role():
    actor = somebody(grant("falt", 1, categories=frozenset({"skrap"})), grant("falt", 2))
    assert actor.reaches(READ) == (
        Reach(frozenset({1}), None, frozenset({"skrap"})),
        Reach(frozenset({2})),
    )


def test_a_token_never_gives_more_than_its_person_or_its_scopes():
    granted = grant("falt", 1)
    assert somebody(granted, scopes=frozenset({READ})).may(READ)
    assert not somebody(granted, scopes=frozenset({READ})).may(EDIT)
    assert not somebody(granted, scopes=frozenset({"people:role:grant"})).may("people:role:grant")
    assert not somebody(granted, scopes=frozenset()).may("people:session:open")


def test_a_refusal_says_which_roles_would_do():
    assert Denied("people:role:grant").holders == ["Systemadministratör"]
    assert Denied("finns:inte:alls").holders == []


OUTSIDE = ("fof_samordnare", "fastighetsagare_ext", "entreprenor")
"""Roles of organisations outside the city (domain.md 0b)."""


def test_outside_organisations_get_no_picture_before_it_is_masked():
    """Only their own: what they sent themselves (design.md 9)."""
    for role in OUTSIDE:
        assert not somebody(grant(role, 1)).may("media:photo:read")
        assert not somebody(grant(role, 1)).may("media:photo:original")


def test_some_roles_reach_no_more_than_their_own_part():
    """A contractor reads frister; no one else here has any case at all (domain.md 0b, roles)."""
    rooms = ("places:place", "walks:", "upkeep:", "media:")
    no_case = ("upkeep:feed:", "upkeep:reminder:", "walks:request:")
    cases = {key for key in access.permissions() if key.startswith(rooms) and not key.startswith(no_case)}
    held = {role: {key for key in cases if somebody(grant(role, 1)).may(key)} for role in access.ROLES}
    assert held["entreprenor"] == {"media:photo:add", "media:photo:fetch", "upkeep:deadline:read"}
    part = {"media:photo:fetch", "places:place:read", "upkeep:deadline:read"}
    assert held["fastighetsagare_ext"] == part | {"walks:observation:answer", "walks:observation:read"}
    for role in ("ks_las", "besiktare", "chef", "medarbetare", "sakerhet", "sysadmin", "namndsekr", "ksu_sekr"):
        assert held[role] == set(), role
    for role in ("revisor", "dso", "registrator", "arkivarie", "slk_handlaggare", "slk_ekonom"):
        photos = (
            {"media:keeper:grant", "media:photo:hide", "media:photo:show"} if role in ("dso", "arkivarie") else set()
        )
        assert {key for key in held[role] if not key.endswith((":read", ":fetch", ":original"))} <= set(photos), role


# --- In SQL -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reached(database):
    """Return the codes of organisations that `within` lets an actor reach, with its kind as category."""

    def reached(actor, **how):
        rule = access.within(actor, READ, Organisation.id, **how)
        with database.transaction(write=False) as session:
            return set(session.scalars(select(Organisation.code).where(rule)))

    return reached


@pytest.fixture
def key_of(database):
    with database.transaction(write=False) as session:
        return dict(session.execute(select(Organisation.code, Organisation.id)).all())


def test_a_list_holds_what_the_roles_reach_together(reached, key_of):
    farsta, bromma = grant("falt", key_of["sdn-farsta"]), grant("falt", key_of["sdn-bromma"])
    assert reached(somebody(farsta, bromma)) == {"sdn-farsta", "sdn-bromma"}
    assert reached(somebody()) == set()
    assert reached(access.NOBODY) == set()
    assert reached(somebody(farsta, grant("revisor", key_of["kf"]))) == set(key_of)


def test_a_limited_role_sees_what_lies_inside_and_nothing_where_the_table_cannot_tell(reached, key_of):
    both = key_of["sdn-farsta"], key_of["trafik"]
    limited = somebody(grant("falt", *both, categories=frozenset({"stadsdelsnamnd"})))
    assert reached(limited, category=Organisation.kind) == {"sdn-farsta"}
    assert reached(limited) == set()
    in_area = somebody(grant("falt", *both, areas=frozenset({7})))
    assert reached(in_area, area=lambda areas: Organisation.code == f"{'trafik' if 7 in areas else ''}") == {"trafik"}
    assert reached(in_area) == set()


def test_what_an_organisation_succeeded_and_what_is_below_it_belongs_to_it(database, actors, key_of):
    (held,) = actors("sdn_samordnare", "sdn-jarva").grants
    codes = {code for code, key in key_of.items() if key in held.organisations}
    assert {"sdn-jarva", "sdn-rinkeby-kista", "sdn-spanga-tensta"} <= codes
    assert "sdn-farsta" not in codes


def test_a_role_counts_from_its_first_day_to_its_last(database, actors, clock):
    clock.stop_at("2027-03-01T12:00")
    actor = actors("falt", valid_from=date(2027, 3, 2), valid_to=date(2027, 3, 3))

    def may(moment):
        clock.stop_at(moment)
        with database.transaction(write=False) as session:
            return people.actor_of(session.get_one(Person, actor.id)).may(READ)

    assert [may(f"2027-03-{day}") for day in ("01T23:59", "02T00:00", "03T23:59", "04T00:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_an_object_out_of_reach_looks_like_one_that_is_not_there(database, actors):
    with database.transaction() as session:
        from core import demo

        demo._areas()
        demo._places()
        place = session.scalars(select(Place).limit(1)).one()
        board = session.get_one(Organisation, place.district_id).code
    other = "sdn-bromma" if board != "sdn-bromma" else "sdn-farsta"
    mine, theirs = actors("sdn_samordnare", board), actors("sdn_samordnare", other)
    reader = actors("falt", board)
    with database.transaction() as session:
        assert access.find(Place, place.uid, mine, "places:place:edit", lock=True).id == place.id
        for uid in (place.uid, mine.uid):
            with pytest.raises(Missing, match=f"place {uid}"):
                access.find(Place, uid, theirs, "places:place:edit")
        with pytest.raises(Denied):
            access.require(reader, "places:place:edit", place)
        access.require(access.system("job"), "places:place:edit", place)
        seen = {who.id: session.scalars(access.visible(select(Place.id), who)).all() for who in (mine, theirs)}
        assert place.id in seen[mine.id]
        assert place.id not in seen[theirs.id]


def test_a_sender_sees_the_photos_she_sent_and_no_others(database, actors):
    """Also from outside, where nobody sees what has not been masked; the original is another matter."""
    senders = [actors("fof_samordnare", "fof-jarva") for _ in range(2)]
    owner = actors("fastighetsagare_ext", "fof-jarva")
    with database.transaction() as session:
        for record in (uuid4(), None):
            known = {"record_kind": "observation" if record else None, "record_uid": record}
            session.add_all(Photo(uid=uuid4(), sender_id=who.id, **known) for who in (*senders, owner))
        session.flush()
        for who in (*senders, owner):
            seen = session.scalars(access.visible(select(Photo), who)).all()
            assert [photo.sender_id for photo in seen] == [who.id, who.id]
            assert access.find(Photo, seen[0].uid, who, "media:photo:fetch") is seen[0]
            with pytest.raises(Denied):
                access.find(Photo, seen[0].uid, who, "media:photo:original")


def test_what_is_the_machine_s_own_stands_in_nobody_s_list(database, actors):
    actor = actors("sysadmin", "slk")
    actors.session(actor)
    with database.transaction(write=False) as session:
        assert session.scalars(access.visible(select(UserSession), actor)).all() == []
        assert len(session.scalars(access.visible(select(UserSession), access.system("job"))).all()) == 1


def test_a_table_that_nobody_spoke_of_shows_nothing(database, actors, monkeypatch):
    actor = actors("revisor", "kf")
    monkeypatch.delitem(access._row_rules, Organisation)
    with database.transaction(write=False) as session:
        assert session.scalars(access.visible(select(Organisation), actor)).all() == []


def test_nobody_gives_a_role_to_oneself(database, actors):
    actor = actors("sysadmin", "slk")
    with database.transaction() as session:
        person = session.get_one(Person, actor.id)
        with pytest.raises(Denied):
            people.grant_role(actor, person, role="revisor", organisation=people.organisation("kf"))
