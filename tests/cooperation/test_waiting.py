"""Who is told what: Att göra, the letters, the place's timeline, the start page. Nothing of what is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import access, clock
from core.cooperation import news, services
from core.cooperation.services.waiting import waiting_for
from core.db import session
from core.outbox import Task
from core.people.services import change_organisation, organisation
from core.places.models import Place
from core.schema import Invalid
from core.upkeep.models import Deadline
from core.upkeep.services import put_letters
from tests.cooperation.conftest import asked_for, begin, hand_in
from tests.cooperation.test_chain import fourth, goal, problem, scored, third  # noqa: F401 - fixtures

pytestmark = pytest.mark.other_database_long

WHOLE = {"approach": "situationell", "text": "Laga lyktorna"}


def waits(actor):
    """What waits for somebody, as sort and what it is about."""
    return {(one.sort, one.about) for one in waiting_for(actor, frister=True)}


@pytest.fixture
def mailboxes(database):
    """The police and trafiknämnden have mailboxes."""
    keeper = access.system("test")
    with database.transaction():
        for code in ("polis-jarva", "trafik"):
            home = organisation(code)
            change_organisation(keeper, home.uid, version=home.version, contacts=f"Skötsel: {code}@exempel.se")


def letters(day):
    """The letters of a day to the police, after the house has written them."""
    put_letters(day)
    session().flush()
    rows = session().scalars(select(Task).where(Task.kind == "letter").order_by(Task.id))
    return [row.payload["text"] for row in rows if row.payload["to"] == "polis-jarva@exempel.se"]


def test_each_party_is_asked_and_told_until_it_has_done_its_part(database, together):
    with database.transaction():
        assert waits(together.leader) == {("borja", "")}
        asked_for(together)
        assert waits(together.police) == {("lagesbild", "")}
        hand_in(together.police, together.cycle)
        assert waits(together.police) == set()
        hand_in(together.traffic, together.cycle)
        assert waits(together.leader) == {("lagesbild", "")}
        hand_in(together.leader, together.cycle)
        assert waits(together.leader) == {("steg", "")}
        services.move_cycle(together.leader, together.cycle, "borja_prioritera")
        uid = problem(together.leader, together.cycle)
        assert waits(together.traffic) == {("poang", "")}
        scored(together, uid)
        assert waits(together.traffic) == set()


def test_a_goal_waits_for_a_word_when_it_lacks_nothing_else(database, fourth):  # noqa: F811
    together, uid, _ = fourth
    with database.transaction():
        services.add_goal(
            together.leader,
            together.cycle,
            uid=services.read_problem(together.leader, uid).uid,
            problem=uid,
            text="Öka tryggheten",
        )
        assert waits(together.police) == set()
        made = goal(together, uid)
        assert waits(together.police) == {("godta", made.text)}
        services.accept(together.police, made.uid)
        assert waits(together.police) == set()
        assert waits(together.traffic) == {("godta", made.text)}
        services.accept(together.traffic, made.uid)
        assert waits(together.leader) == set()


def test_a_measure_has_a_frist_with_its_owner_until_it_is_done(database, fourth):  # noqa: F811
    together, _, cause = fourth
    ends = clock.today() + timedelta(days=30)

    def frist():
        return session().scalars(select(Deadline).where(Deadline.kind == "core:samverkan_atgard")).one()

    with database.transaction():
        cycle = services.read_cycle(together.traffic, together.cycle)
        owner = services.own_party(together.traffic, cycle).organisation
        known = WHOLE | {"cause": cause, "owner": owner.uid, "ends_on": ends}
        made = services.add_measure(together.leader, together.cycle, uid=cause, **known)
        services.move_measure(together.leader, made.uid, "tilldela")
        assert (frist().organisation_id, frist().due_on, frist().state) == (owner.id, ends, "oppen")
        assert ("atgard", "Laga lyktorna") in waits(together.traffic)
        for taken in ({"owner": None}, {"ends_on": None}):
            with pytest.raises(Invalid):
                services.change_measure(together.leader, made.uid, **taken)
        services.change_measure(together.leader, made.uid, ends_on=ends + timedelta(days=7))
        assert frist().due_on == ends + timedelta(days=7)
        services.move_measure(together.traffic, made.uid, "klarmarkera")
        assert frist().state == "klar"
        services.move_measure(together.leader, made.uid, "ta_upp_igen", reason="En lykta är släckt.")
        assert frist().state == "oppen"
        assert ("atgard", "Laga lyktorna") in waits(together.traffic)
        services.leave(together.traffic, services.own_party(together.traffic, cycle).uid, reason="Annat uppdrag.")
        assert waits(together.traffic) == set()
        services.move_measure(together.leader, made.uid, "avbryt", reason="Ny lykta på väg.")
        assert frist().state == "utgar"


def test_the_letters_ask_and_tell_and_say_nothing_of_what_is_written(database, together, mailboxes):
    today = clock.today()
    with database.transaction():
        asked_for(together)
        [asked] = letters(today)
    assert "Lämna in egen lägesbild, Farsta torg. Senast" in asked
    with database.transaction():
        for actor in together.actors:
            hand_in(actor, together.cycle, "Zonmarkör")
    with clock.frozen(clock.now() + timedelta(days=1)), database.transaction():
        told = letters(clock.today())[-1]
    assert "Läs lägesbilderna, de är öppnade: Farsta torg" in told
    assert "Zonmarkör" not in told


def test_a_letter_asks_for_a_word_on_a_goal_once(database, fourth, mailboxes):  # noqa: F811
    together, uid, _ = fourth
    with database.transaction():
        letters(clock.today())
        goal(together, uid)
    with clock.frozen(clock.now() + timedelta(days=1)), database.transaction():
        assert "Ta ställning till målet: Andelen som undviker torget minskar." in letters(clock.today())[-1]
    with clock.frozen(clock.now() + timedelta(days=2)), database.transaction():
        before = len(letters(clock.today() - timedelta(days=1)))
        assert all("Ta ställning" not in text for text in letters(clock.today())[before:])


def test_the_timeline_and_the_start_page_tell_steps(database, together, scene, actors):
    began = clock.now() - timedelta(minutes=1)
    stranger = actors("sdn_samordnare", "sdn-skarpnack")
    with database.transaction():
        asked_for(together)
        services.move_cycle(together.leader, together.cycle, "tillbaka_1", reason="En part saknas.")
    with database.transaction():
        place = session().scalars(select(Place).where(Place.uid == scene.place)).one().ref()
        later = clock.now() + timedelta(seconds=1)
        told = list(news.events_on(place, together.police, later, 10))
        assert [one.text for one in told] == [
            "Farsta torg. Tillbaka till steg 1: Initiera",
            "Farsta torg. Steg 2: Lägesbild",
            "Farsta torg. Samverkan startad",
        ]
        assert list(news.events_on(place, stranger, later, 10)) == []
        changed = [one.text for one in news.changes_since(together.police, began, 10)]
        assert changed == ["Tillbaka till steg 1: Initiera", "Steg 2: Lägesbild", "Samverkan startad"]
        assert list(news.changes_since(stranger, began, 10)) == []
        [opening] = news.dates_after(together.traffic, clock.now(), 10)
        assert opening.title == "Lägesbilderna öppnas: Farsta torg"


def test_what_waits_is_asked_in_as_many_queries_for_one_cycle_as_for_many(database, together, scene, queries):
    with database.transaction():
        list(waiting_for(together.leader, frister=True))
        with queries() as few:
            list(waiting_for(together.leader, frister=True))
        for _ in range(5):
            begin(together.leader, scene.place)
        session().expire_all()
        with queries() as many:
            assert len(list(waiting_for(together.leader, frister=True))) == 6
    assert len(few) == len(many)
