"""Skötsel i tid: what is open, the most urgent first, in one question to the database however much there is."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import clock as core_clock
from core.people.models import Organisation
from core.people.services import organisation
from core.places.models import Place
from core.upkeep import services
from core.upkeep.models import Deadline
from tests.upkeep.conftest import HOUSE, KIND

NOON = "2027-01-13T12:00"
FROZEN = {"schema": 1, "key": "dygn", "kind_title": "Svara om belysningen", "title": "Inom ett dygn", "fix": 24,
          "clock": "clock_hours", "source": "", "version": "1.0"}  # fmt: skip


@pytest.fixture
def noon(clock):
    clock.stop_at(NOON)
    return core_clock.now()


def fill(session, count, *, owner="trafik", place=None, **known):
    """Add frister as rows, due an hour apart, four urgencies in turn."""
    board = organisation(owner).id
    begun = datetime(2027, 1, 1, tzinfo=UTC)
    common = {"kind": KIND, "leg": "fix", "subject_kind": "prov", "function": "", "calendar": "sverige", "rule": FROZEN,
              "organisation_id": board, "coordinator_id": None, "place_id": place, "paused_seconds": 0,
              "state": "oppen", "moved_count": 0, "level": 1, "version": 1}  # fmt: skip
    rows = []
    for n in range(count):
        due = begun + timedelta(hours=n // 2)
        dates = {"starts_at": due - timedelta(days=1), "due_at": due, "due_on": core_clock.local(due).date()}
        rows.append(common | dates | {"uid": uuid4(), "subject_uid": uuid4(), "urgency": n % 4} | known)
    session.execute(Deadline.__table__.insert(), rows)


def titles(page):
    """Return the headings and lines of the page's table, in order."""
    table = page.partition("<table")[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", unescape(row)).split()) for row in rows][1:]


def test_danger_goes_before_lateness_and_then_what_is_due_first(client, actors, plan, noon, scene):
    hour = timedelta(hours=1)
    for rule, ago in (("dygn", 23), ("dygn", 25), ("dygn", 100), ("fara", 1), ("dygn", 0), ("dagar", 0), ("dagar", 96)):
        plan(rule, noon - ago * hour)
    client.login(actors("tk_drift", "trafik"))
    page = client.get("/skotsel")
    assert page.status_code == 200
    said = titles(page.text)
    groups = [line for line in said if "Svara" not in line]
    assert groups == [
        "Går alltid först",
        "Försenade",
        "I dag",
        "I morgon",
        "Inom en vecka",
        "Senare",
    ]
    states = ["Om 3 tim 0 min", "3 dygn sent", "1 tim sent", "Om 1 tim 0 min", "I morgon", "Om 6 dagar", "I tid"]
    lines = [line for line in said if "Svara" in line]
    assert [state for state, line in zip(states, lines, strict=True) if state not in line] == []
    assert all("Farsta torg" in line and "Trafiknämnden" in line for line in lines)
    assert page.text.count("#varfor") == 7


def test_only_what_is_open_and_within_reach_is_listed(client, actors, plan, noon, scene, database):
    mine, closed = plan("dygn", noon), plan("dygn", noon)
    elsewhere = plan("dygn", noon, place=False)
    with database.transaction():
        services.move(HOUSE, closed.uid, "klarmarkera", reason="Lampan är bytt.")
    reached = {
        ("tk_drift", "trafik"): {mine.uid},
        ("sdn_samordnare", "sdn-farsta"): {mine.uid},  # follows it up in its own district
        ("sdn_samordnare", "sdn-jarva"): set(),
        ("revisor", "kf"): {mine.uid, elsewhere.uid},
    }
    for (role, board), uids in reached.items():
        actor = actors(role, board)
        with database.transaction(write=False):
            assert {row.uid for row in services.list_open(actor).rows} == uids, role
        answer = client.get("/api/v1/deadlines", headers=actors.token(actor)).get_json()
        assert {item["uid"] for item in answer["items"]} == {str(uid) for uid in uids}, role
        for one in (mine, closed, elsewhere):
            reads = client.get(f"/api/v1/deadlines/{one.uid}", headers=actors.token(actor)).status_code == 200
            assert reads is (one.uid in uids or (one is closed and mine.uid in uids)), (role, one.uid)
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert "Allt är i tid." in client.get("/skotsel").text


def test_the_list_can_be_limited_to_who_answers(client, actors, database, noon):
    with database.transaction() as session:
        fill(session, 3, owner="trafik")
        fill(session, 2, owner="exploatering")
        uids = {code: str(uid) for code, uid in session.execute(select(Organisation.code, Organisation.uid))}
    client.login(actors("revisor", "kf"))
    everything = client.get("/skotsel").text
    asked = everything.partition('name="ansvarig"')[2].partition("</select>")[0]
    options = re.findall(r'<option value="([^"]*)"', asked)
    assert options == ["", uids["exploatering"], uids["trafik"]]
    for code, count in (("trafik", 3), ("exploatering", 2), ("utbildning", 0)):
        page = client.get("/skotsel", query_string={"ansvarig": uids[code]}).text
        assert page.count("#varfor") == count
    assert "Inga öppna frister passar valet." in page


def test_page_by_page_every_frist_comes_once(client, actors, database, noon):
    """230 frister, many of them due at the same moment; page and API."""
    with database.transaction() as session:
        fill(session, 230)
        expected = [
            str(uid)
            for uid in session.scalars(select(Deadline.uid).order_by(Deadline.urgency, Deadline.due_at, Deadline.id))
        ]
    actor = actors("tk_drift", "trafik")
    client.login(actor)
    address, found = "/skotsel", []
    while address:
        page = client.get(address).text
        found += re.findall(r'varfor=([0-9a-f-]{36})#varfor"', page)
        more = re.search(r'class="tp-paging">\s*<a [^>]*href="(/skotsel\?[^"]*efter=[^"]+)"', page)
        address = more and unescape(more[1])
    assert found == expected
    bearer, found, after = actors.token(actor), [], ""
    while after is not None:
        answer = client.get("/api/v1/deadlines", query_string={"after": after}, headers=bearer).get_json()
        found += [item["uid"] for item in answer["items"]]
        after = answer["next"]
    assert found == expected


def test_the_page_asks_as_often_whatever_there_is(client, actors, database, asked, scene, noon):
    """And the frister themselves are one question, with their places and who answers."""
    client.login(actors("tk_drift", "trafik"))

    def questions():
        with asked() as said:
            assert client.get("/skotsel").status_code == 200
        return [sql for sql, _ in said if sql.startswith("SELECT")]

    with database.transaction() as session:
        place = session.scalars(select(Place.id)).one()
        fill(session, 1, place=place)
    few = questions()
    with database.transaction() as session:
        fill(session, 60, place=place)
        for owner in ("exploatering", "utbildning"):
            fill(session, 10, owner=owner, place=place)
    assert len(questions()) == len(few)
    assert len([sql for sql in few if "ORDER BY deadline.urgency" in sql]) == 1
    assert len([sql for sql in few if "FROM place" in sql]) == 0


def test_ten_thousand_frister_are_read_over_one_index(actors, database, asked):
    """By its own plan: for the whole city one that needs no sorting, for one organisation never the table."""
    with database.transaction() as session:
        boards = session.scalars(select(Organisation.code).where(Organisation.kind == "facknamnd")).all()
        for owner in boards:
            fill(session, 10_000 // len(boards), owner=owner)
        fill(session, 2_000, state="klar")
        trafik = session.scalars(select(Organisation.uid).where(Organisation.code == "trafik")).one()
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    plans = {
        "the city": explained(database, asked, actors("revisor", "kf")),
        "the city, trafik": explained(database, asked, actors("revisor", "kf"), organisation=trafik),
        "trafik": explained(database, asked, actors("tk_drift", "trafik")),
        "trafik, trafik": explained(database, asked, actors("tk_drift", "trafik"), organisation=trafik),
    }
    for who, (index, sorts, reads) in plans.items():
        assert index, who
        assert not reads, who
        assert who.startswith("trafik") or (len(index), sorts) == (1, []), who
    assert plans["the city"][0] == {"ix_deadline_open"}
    assert plans["the city, trafik"][0] == {"ix_deadline_open_organisation"}


def explained(database, asked, actor, **limits):
    """Return the indexes of `deadline` that the list's query uses, and whether rows are sorted or the table is read."""
    with database.transaction(write=False) as session, asked() as said:
        assert services.list_open(actor, services.Narrowed(**limits)).rows
        [(sql, values)] = [(sql, values) for sql, values in said if "ORDER BY deadline.urgency" in sql]
        word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN (FORMAT JSON)"
        rows = session.connection().exec_driver_sql(f"{word} {sql}", values).all()
    plan = "\n".join(row[-1] if database.embedded else json.dumps(row[0]) for row in rows)
    index = set(re.findall(r"ix_deadline_\w+", plan))
    sorts = re.findall(r"USE TEMP B-TREE|\"Sort\"", plan)
    reads = re.findall(r"SCAN deadline(?! USING)|\"Seq Scan\", [^}]*\"Relation Name\": \"deadline\"", plan)
    return index, sorts, reads


def test_a_protected_frist_says_only_that_it_is_one(client, actors, database, scene, plan, noon):
    """Level 3 and up, to whoever may see the row: on the list, its page, the start page, the API and the journal."""
    hidden = plan("fara", noon, level=3)
    actor = actors("tk_drift", "trafik")
    client.login(actor)
    pages = {address: client.get(address).text for address in ("/skotsel", f"/skotsel/frister/{hidden.uid}", "/")}
    bearer = actors.token(actor)
    for address in ("/api/v1/deadlines", f"/api/v1/deadlines/{hidden.uid}"):
        pages[address] = client.get(address, headers=bearer).text
    pages["/skotsel"] = re.sub(r"<select.*?</select>", "", pages["/skotsel"], flags=re.DOTALL)  # of any frister
    for address, page in pages.items():
        assert "Skyddat ärende" in page, address
        for word in ("Svara om belysningen", "Fara: inom", "Farsta torg", "prov:svar", "prov 1"):
            assert word not in page, (address, word)
        assert str(scene.place) not in page, address
    client.submit(
        f"/skotsel/frister/{hidden.uid}/klarmarkera",
        {"reason": "Hemligt skäl", "version": "1"},
        page=f"/skotsel/frister/{hidden.uid}",
    )
    with database.transaction(write=False) as session:
        state = session.scalars(select(Deadline.state).where(Deadline.uid == hidden.uid)).one()
        assert state == "klar"
        details = session.execute(text("SELECT detail FROM journal_detail")).all()
    assert not [row for row in details if "Hemligt" in str(row) or "prov:svar" in str(row)]
    client.login(scene.leader)
    place = client.get(f"/platser/{scene.place}").text
    assert "Svara om belysningen" not in place
    assert "Hemligt" not in place


def test_why_is_answered_beneath_its_row(client, actors, plan, noon):
    """One at a time, with the days; the link turns into Dölj. Of a protected frist nothing is asked or told."""
    first, second, hidden = plan("arbetsdagar", noon), plan("dygn", noon), plan("dygn", noon, level=3)
    client.login(actors("tk_drift", "trafik"))
    closed = client.get("/skotsel").text
    assert closed.count(">Varför?<") == 2
    assert "Regeln ger" not in closed
    opened = client.get(f"/skotsel?varfor={first.uid}").text
    assert opened.count("Regeln ger 5 arbetsdagar.") == 1
    assert re.search(r'<tr role="row" class="has-open">.*?>Dölj<.*?<tr class="open".*?id="varfor"', opened, re.DOTALL)
    assert opened.count(">Varför?<") == 1
    assert "Regeln ger 24 timmar" in client.get(f"/skotsel?varfor={second.uid}").text
    assert "Regeln ger" not in client.get(f"/skotsel?varfor={hidden.uid}").text
    assert client.get("/skotsel?varfor=nej").status_code == 422


def test_the_forecast_counts_what_ends_on_each_of_fourteen_days(client, actors, plan, clock):
    """The same figures as drawing and as table; days off are shaded; nothing of what others answer for."""
    clock.stop_at("2027-01-04T08:00")
    for rule in ("dygn", "dagar", "dagar"):
        plan(rule, core_clock.now())
    client.login(actors("tk_drift", "trafik"))
    page = client.get("/skotsel").text
    assert "Flest har sista dag 2027-01-14: 2." in page
    chart = page.partition('<svg class="tp-chart"')[2].partition("</svg>")[0]
    assert re.findall(r'class="mid strong"[^>]*>(\d+)<', chart) == ["0", "1", "0", "0", "0", "0", "0", "2", "0"]
    assert chart.count('class="free"') == 5  # twelfth night, two weekends
    assert re.search(r"14 tors</th>\s*<td [^>]*>.*?2</span>", page)
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert "Prognos 14 dagar" not in client.get("/skotsel").text


# --- In part --------------------------------------------------------------------------------------------------------


@pytest.fixture
def parts(database, noon, scene):
    """On Wednesday 13 January 2027 at noon: three late, two of them badly; today, this week, later; two that rest."""
    hour, day = timedelta(hours=1), timedelta(days=1)

    def one(session, ends, takes=day, **known):
        due = noon + ends
        dates = {"starts_at": due - takes, "due_at": due, "due_on": core_clock.last_day(due)}
        fill(session, 1, **dates | {"urgency": 2, "badly_late_at": due + 2 * takes} | known)

    with database.transaction() as session:
        one(session, -hour)
        one(session, -3 * day, urgency=0)
        one(session, -2 * hour, takes=hour / 2, owner="exploatering", kind="core:svar")
        one(session, 3 * hour)
        one(session, 4 * day + 11 * hour)
        one(session, 5 * day)
        one(session, -9 * day, paused_since=noon - 10 * day)
        one(session, -9 * day, reported_at=noon - 10 * day)
        one(session, -9 * day, level=3, coordinator_id=organisation("sdn-farsta").id)
        one(session, -day, state="klar")


EACH = {"alla": 7, "idag": 1, "vecka": 2, "forsenade": 4, "kraftigt": 3, "pausade": 1, "anmalda": 1}


def test_the_list_is_read_in_parts_with_their_counts(client, actors, parts):
    """Three times the time is badly late; a paused one and one that was reported in time are in no part of the late."""
    revisor = actors("revisor", "kf")
    client.login(revisor)
    page = client.get("/skotsel").text
    tabs = re.findall(r'<a href="/skotsel\?visa=(\w+)"[^>]*>([^<]+)<b>([^<]+)</b>', page)
    assert {key: int(count) for key, _, count in tabs} == EACH
    assert [name.strip() for _, name, _ in tabs][3:5] == ["Försenade", "Kraftigt försenade"]
    bearer = actors.token(revisor)
    for key, count in EACH.items():
        assert client.get("/skotsel", query_string={"visa": key}).text.count("#varfor") == count - (count > 2), key
        items = client.get("/api/v1/deadlines", query_string={"standing": key}, headers=bearer).get_json()["items"]
        assert len(items) == count, key
    assert "Löper inte nu" in client.get("/skotsel?visa=pausade").text


def test_the_list_is_narrowed_by_who_answers_board_kind_and_priority(database, actors, parts):
    """What is protected is not found by asking for its kind or its board."""
    revisor = actors("revisor", "kf")
    with database.transaction(write=False) as session:
        uids = dict(session.execute(select(Organisation.code, Organisation.uid)).all())
        told = {
            "exploatering": services.Narrowed(organisation=uids["exploatering"]),
            "svar": services.Narrowed(kind="core:svar"),
            "först": services.Narrowed(urgency=0),
            "farsta": services.Narrowed(district=uids["sdn-farsta"]),
            "prov": services.Narrowed(kind=KIND),
        }
        counts = {name: services.count_open(revisor, narrowed) for name, narrowed in told.items()}
        listed = {name: len(services.list_open(revisor, narrowed).rows) for name, narrowed in told.items()}
    assert {name: count["alla"] for name, count in counts.items()} == listed
    assert {name: count["forsenade"] for name, count in counts.items()} == {
        "exploatering": 1, "svar": 1, "först": 1, "farsta": 0, "prov": 2,
    }  # fmt: skip


def test_what_cannot_be_narrowed_by_is_told(client, actors):
    client.login(actors("revisor", "kf"))
    for wrong in ("visa=allt", "prioritet=9", "ansvarig=nu", "stadsdel=x"):
        assert client.get(f"/skotsel?{wrong}").status_code == 422, wrong
    assert client.get("/skotsel?slag=finns:inte").status_code == 200


def test_parts_are_counted_without_reading_the_table(actors, database, asked):
    """However many there are, no further than to a thousand: seven counts are one question over indexes."""
    with database.transaction() as session:
        fill(session, 6_000)
        fill(session, 4_000, state="klar")
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    actor = actors("revisor", "kf")
    with database.transaction(write=False) as session, asked() as said:
        counts = services.count_open(actor)
        [(sql, values)] = [(sql, values) for sql, values in said if "count" in sql]
        word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN (FORMAT JSON)"
        rows = session.connection().exec_driver_sql(f"{word} {sql}", values).all()
    plan = "\n".join(row[-1] if database.embedded else json.dumps(row[0]) for row in rows)
    assert counts["alla"] == services.COUNTED + 1
    used = set(re.findall(r"ix_deadline_\w+", plan))
    assert {"ix_deadline_paused_since", "ix_deadline_reported_at"} <= used
    assert used & {"ix_deadline_due_on", "ix_deadline_open_due_on"}
