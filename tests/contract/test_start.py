"""The start page, through every room and plugin: what waits, what others have done since, where to begin."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, update

from core import clock as core_clock
from core.clock import STOCKHOLM
from core.hookspecs import Todo
from core.upkeep.models import Deadline
from core.walks import services as walks
from core.walks.models import Observation
from tests.contract.city import OURS, THEIRS

TUESDAY = "2027-01-12T10:00"


@pytest.fixture
def world(clock, city):
    clock.stop_at(TUESDAY)
    return city


@pytest.fixture
def read(app, client):
    """Read somebody's start page as text, after a log-in of her own."""

    def read(actor):
        client.login(actor)
        page = client.get("/").text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main")[0]))

    return read


def log(database, actor, walk, kind="belysning"):
    with database.transaction():
        return walks.log_observation(actor, uid=uuid4(), walk=walk, kind=kind, description="Det syns inte.").uid


def move(database, actor, uid, *keys):
    with database.transaction():
        for key in keys:
            walks.move_observation(actor, uid, key)


def test_what_others_did_since_the_last_visit_is_told(world, read, actors, database, clock):
    me, colleague, neighbour = (
        actors("sdn_samordnare", OURS),
        actors("sdn_samordnare", OURS),
        actors("sdn_samordnare", THEIRS),
    )
    assert "Har ändrats" not in read(me)  # nothing has happened, and she has not been here before
    clock.pass_by(days=3)
    move(database, colleague, world.ours.observation, "granska", "fordela", "ta_emot")
    log(database, colleague, world.ours.walk), log(database, colleague, world.ours.walk)
    log(database, neighbour, world.theirs.walk)
    move(database, neighbour, world.theirs.observation, "granska")
    move(database, me, log(database, me, world.ours.walk), "granska")
    hidden = log(database, colleague, world.ours.walk)
    with database.transaction() as session:
        session.execute(update(Observation).where(Observation.uid == hidden).values(level=3))
    clock.pass_by(hours=1)
    told = read(me).partition("Har ändrats sedan du var här")[2]
    assert "Senast här 2027-01-12 10.00" in told
    assert "Iakttagelse 1: Belysning : Mottagen Farsta stadsdelsnämnd · 2027-01-15 10.00" in told
    assert told.count("Iakttagelse") == 1, "one observation, told as it stands; her own are no news to her"
    assert "Mörkervandring : Nya iakttagelser: 2" in told
    assert "Järva" not in told
    clock.pass_by(hours=1)
    assert "Inget har ändrats." in read(me)
    assert "Nya iakttagelser" not in read(actors("sysadmin", "slk"))


def test_what_became_of_a_frist_is_told_but_not_of_a_protected_one(world, read, actors, database, clock):
    me, colleague = actors("sdn_samordnare", OURS), actors("sdn_samordnare", OURS)
    read(me)
    clock.pass_by(days=1)
    move(database, colleague, world.ours.graffiti, "granska")
    with database.transaction():
        walks.move_observation(colleague, world.ours.graffiti, "markera_dubblett", walks.Answer("Samma som 1."))
    told = read(me)
    assert "Sanera klotter, Torget i Farsta : Frist utgår 2027-01-13 10.00" in told
    with database.transaction() as session:
        session.execute(update(Deadline).values(level=3))
    assert "Sanera klotter" not in read(actors("sdn_handlaggare", OURS))


def test_who_is_here_for_the_first_time_begins_first(world, read, actors):
    me = actors("sdn_samordnare", OURS)
    first, second = read(me), read(me)
    assert (
        first.index("Börja här")
        < first.index("Väntar på dig")
        < first.index("Datum att hålla" if "Datum" in first else "Väntar på dig") + 1
    )
    assert second.index("Väntar på dig") < second.index("Börja här")


def test_one_begins_where_one_may_and_where_there_is_a_page(world, read, actors, app, monkeypatch):
    doors = (
        ("Till vandringar", "/vandringar", "walks:walk:read"),
        ("Till månen", "/finns-inte", "walks:walk:read"),
    )
    monkeypatch.setattr(app, "beginnings", doors)  # the application is the same in the next test
    leader, administrator = read(actors("sdn_samordnare", OURS)), read(actors("sysadmin", "slk"))
    assert "Till vandringar" in leader
    assert "Till månen" not in leader
    assert "Till vandringar" not in administrator
    assert "Väntar på andra" not in administrator


def test_who_can_begin_nothing_is_led_to_the_rooms_that_are_open(world, read, actors):
    rooms = "Samverkan Platssamverkan Ansökningar Reserven Aktivering Statistik Uppföljning Vårt arbete Lagkrav"
    assert f"Börja här {rooms} Väntar på dig" in read(actors("ks_las", "ks"))


def test_the_walks_to_come_are_dates_to_keep(world, read, actors, database):
    me, neighbour = actors("sdn_samordnare", OURS), actors("sdn_samordnare", THEIRS)
    assert "Datum att hålla" not in read(me)
    for leader, board, title in ((me, OURS, "Vårvandring"), (neighbour, THEIRS, "Deras vandring")):
        facts = world.walk(board) | {"title": title, "planned_at": core_clock.now() + timedelta(days=30)}
        with database.transaction():
            walks.add_walk(leader, **facts)
    told = read(me)
    assert "Inget väntar på dig. Nästa datum är 2027-02-11: Vårvandring." in read(actors("revisor", OURS))
    assert "2027-02-11 10.00 Vårvandring" in told.partition("Datum att hålla")[2]
    assert "Deras vandring" not in told


def test_what_waits_is_grouped_by_the_days_of_stockholm(start, make_plugin, clock):
    clock.stop_at(TUESDAY)
    at = lambda text: datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)  # noqa: E731
    due = {
        "Sent": "2027-01-12T10:00", "Strax": "2027-01-12T10:01", "Midnatt": "2027-01-13T00:00",
        "Onsdag": "2027-01-13T00:01", "Söndag": "2027-01-18T00:00", "Måndag": "2027-01-18T00:01",
    }  # fmt: skip
    todos = [Todo(f"bra:{name}", name, "/", due_at=at(text), level=1) for name, text in due.items()]
    todos += [Todo("bra:nu", "Just nu", "/", due_at=at(TUESDAY), ongoing=True, level=1)]
    todos += [Todo("bra:fara", "Fara", "/", due_at=at(due["Söndag"]), before=True, level=1)]
    todos += [
        Todo("bra:nar", "Någon gång", "/", level=1),
        Todo("bra:andra", "Vänta på svar", "/", whose="Trafikkontoret", level=1),
    ]
    house = start(make_plugin(todo=lambda actor: todos))
    client = house.client(house.actors("registrator", "slk"))
    page = client.get("/").text
    heads = r'<tr class="group".*?>([^<]+)</th>|<th scope="row".*?<a [^>]*>([^<]+)</a>'
    assert [a or b for a, b in re.findall(heads, page)] == [
        "Pågår nu", "Just nu", "Går alltid först", "Fara", "Försenat", "Sent", "I dag", "Strax", "Midnatt",
        "Denna vecka", "Onsdag", "Söndag", "Senare", "Måndag", "Någon gång",
    ]  # fmt: skip
    assert "Väntar på dig (9)" in page
    assert re.search(r"Väntar på andra \(1\).*Vänta på svar", page, re.DOTALL)
    assert "sent." not in page, "what goes on is first, and not late"
    todos[:] = [
        Todo("bra:f", "Klotter", "/", due_at=at(due["Sent"]), latest="2027-01-07", state="5 dygn sent", level=1)
    ]
    assert "Ligger hos dig, senast 2027-01-07: 5 dygn sent." in client.get("/").text


def test_as_much_waits_on_the_start_page_as_in_the_whole_list(start, make_plugin):
    todos = [Todo(f"bra:{n}", f"Sak {n}", "/", level=1) for n in range(30)]
    house = start(make_plugin(todo=lambda actor, limit: todos[:limit]))
    client = house.client(house.actors("registrator", "slk"))
    page = client.get("/").text
    assert "Väntar på dig (30)" in page
    assert page.count("Sak ") == 20 + 1, "the first of them, and what to do next"
    assert re.search(r"Allt\D*30", re.sub(r"<[^>]+>", " ", client.get("/att-gora").text))


def test_it_asks_the_database_the_same_few_times_however_much_there_is(world, client, actors, database, clock):
    me, colleague = actors("sdn_samordnare", OURS), actors("sdn_samordnare", OURS)

    def statements():
        said = []
        listener = lambda _c, _k, sql, *_: said.append(sql)  # noqa: E731 - to be removed again
        client.login(me)
        event.listen(database.engine, "before_cursor_execute", listener)
        assert client.get("/").status_code == 200
        event.remove(database.engine, "before_cursor_execute", listener)
        return [sql for sql in said if sql.startswith("SELECT")]

    client.login(me)
    few = statements()
    for kind in ("klotter:klotter", "belysning") * 4:
        with database.transaction():
            details = {"hateful": False} if "klotter" in kind else {}
            uid = walks.log_observation(colleague, uid=uuid4(), walk=world.ours.walk, kind=kind, details=details).uid
        move(database, colleague, uid, "granska")
        clock.pass_by(minutes=1)
    assert len(statements()) == len(few)
