"""Reports from another register become observations, once, with where they come from; all that is odd is told."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import access, db
from core.access import Denied, Missing
from core.flow import Refused, move
from core.imports import ImportRow
from core.imports.kinds import kind_of
from core.journal import JournalLine
from core.people.models import RoleGrant
from core.people.services import organisation
from core.upkeep.models import Deadline, Reminder
from core.walks import services
from core.walks.limits import GIVEN
from core.walks.models import Observation, ObservationEvent, Report
from core.walks.states import OBSERVATION
from tests.imports.conftest import line, messages, sheet, spot


@pytest.fixture
def seen(database):
    """What the database has of reports that have not been undone: (observation, report) by number."""

    def read():
        with database.transaction(write=False) as session:
            rows = session.execute(select(Observation, Report).join(Report, Report.observation_id == Observation.id))
            return {report.number: (observation, report) for observation, report in rows if report.undone_at is None}

    return read


@pytest.fixture
def history(database):
    """What has happened to an observation, in its order."""

    def read(observation):
        with database.transaction(write=False) as session:
            rows = select(ObservationEvent).where(ObservationEvent.observation_id == observation.id)
            return list(session.scalars(rows.order_by(ObservationEvent.id)))

    return read


def test_a_file_is_tried_first_and_then_each_report_becomes_an_observation(reader, seen, history, scene):
    found = reader.tried(sheet(line("TT-1"), line("TT-2", "Skräp och dumpning", text="Full papperskorg")))
    assert (found["state"], found["rows"]) == ("provad", {"duger": 2})
    assert seen() == {}
    done = reader.move(found, "for_in")
    assert (done["state"], done["rows"], done["done"]) == ("inford", {"inford": 2}, 2)
    observation, report = seen()["TT-2"]
    assert (observation.kind, observation.description, observation.state) == (
        "skrap_dumpning",
        "Full papperskorg",
        "ny",
    )
    assert observation.place.uid == scene.place
    assert (report.source, report.called) == ("Tyck till", "Skräp och dumpning")
    assert observation.seen_at.isoformat() == "2025-01-15T07:30:00+00:00"
    assert reader.rows(done)[3]["record"] == str(observation.uid)
    (came,) = history(observation)
    assert (came.kind, came.state, came.reason) == ("kom_in", "ny", "Tyck till, nummer TT-2")


def test_what_is_odd_about_a_row_is_told_at_its_field_and_what_is_wrong_stays_out(reader, seen):
    latitude, longitude = spot(500, 500)
    rows = [
        line("1", where=(longitude, latitude)),
        line("2", where=("", "")),
        line("3", where=("0", "0")),
        line("4", where=(latitude, "")),
        line("5", closed="2025-01-14 08:00"),
        line("6", target="2024-12-24"),
        line("7", target="2031-12-24"),
        line("8", came="2199-01-01 10:00"),
        line("9", came="2025-02-30"),
        line("10", text="Ring Kim på 070-174 06 05"),
        line("", text="Utan nummer"),
        line("12", came="2024-10-27 02:30"),
    ]
    found = reader.tried(sheet(*rows))
    assert found["rows"] == {"fel": 7, "duger": 5}
    told = {number: messages(row) for number, row in reader.rows(found).items()}
    assert told == {
        2: {"latitude": "Latitud (WGS 84) och Longitud (WGS 84) har bytt plats. Välj kolumnerna tvärtom."},
        3: {"latitude": "Läge saknas. Rapporten förs in utan plats, hos er."},
        4: {"latitude": "Läget ligger utanför staden."},
        5: {"longitude": "Skriv både Latitud (WGS 84) och Longitud (WGS 84), eller ingen av dem."},
        6: {"closed_at": "Avslutad innan den kom in."},
        7: {"target_at": "Skulle vara klart innan den kom in."},
        8: {"target_at": "Skulle vara klart mer än fem år efter att den kom in."},
        9: {"reported_at": "Tiden har inte varit än."},
        10: {"reported_at": "Februari 2025 har 28 dagar. Skriv till exempel 2025-02-28."},
        11: {"": "Ett personnummer eller telefonnummer är bytt mot [borttaget]."},
        12: {"number": "Skriv ett svar."},
        13: {"reported_at": "Klockan går två gånger genom den timmen, när sommartiden slutar. Den första menas."},
    }
    assert found["warned"] == 5
    assert {one["field"]: (one["rows"], one["stops"]) for one in found["tally"]}[""] == (1, False)
    done = reader.move(found, "for_in")
    assert done["rows"] == {"fel": 7, "inford": 5}
    assert sorted(seen()) == ["10", "12", "2", "6", "7"]
    assert seen()["2"][0].place is None
    assert seen()["12"][0].seen_at.isoformat() == "2024-10-27T00:30:00+00:00", "the first of the two hours"


def test_a_row_is_refused_in_words_of_what_stood_in_its_way(reader, monkeypatch):
    """A number that is taken, or something that is gone, is no lost right."""
    report, refusals = (
        type(kind_of("report")),
        iter([db.Conflict("observation", uuid4()), Missing("x", "y"), Denied("x")]),
    )

    def refuse(*_):
        raise next(refusals)

    found = reader.tried(sheet(line("1"), line("2"), line("3")))
    monkeypatch.setattr(report, "create", refuse)
    rows = reader.rows(reader.move(found, "for_in"))
    said = [messages(rows[number])[""] for number in (2, 3, 4)]
    assert ["redan blivit något annat" in said[0], "finns inte längre" in said[1], "inte längre rätt" in said[2]] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "headings", ["Nummer;Ärendetyp;Inkom;Avslutat", "Ärendenr;Ärendekategori;Inkommet;Avslutsdatum"]
)
def test_columns_are_found_under_what_registers_call_them(reader, headings):
    found = reader.send(sheet("1;Belysning;2025-01-15 08:30;", columns=headings))
    assert found["mapping"] == {"number": 0, "category": 1, "reported_at": 2, "closed_at": 3}


def test_the_same_report_comes_once_within_the_file_and_against_what_is_here(reader, seen):
    reader.move(reader.tried(sheet(line("1"))), "for_in")
    again = reader.tried(sheet(line("1"), line("2"), line("2"), line("2", closed="2020-01-01")))
    assert again["rows"] == {"dubblett": 2, "duger": 1, "fel": 1}
    told = {number: messages(row) for number, row in reader.rows(again, state="dubblett").items()}
    assert told == {
        2: {"number": "Nummer 1 från Tyck till finns redan."},
        4: {"number": "Nummer 2 står på flera rader i filen. Den första räknas."},
    }
    assert reader.move(again, "for_in")["rows"] == {"dubblett": 2, "inford": 1, "fel": 1}
    other = reader.tried(sheet(line("1")), source="Felanmälan")
    assert other["rows"] == {"duger": 1}, "numbers count by register"
    assert sorted(seen()) == ["1", "2"]


def test_what_the_source_has_closed_is_done_here_and_asks_nothing_of_anybody(reader, seen, history, scene, database):
    ends = {"target": "2025-02-01", "closed": "2025-01-20 10:00", "answer": "Lampan är bytt."}
    reader.move(reader.tried(sheet(line("1", **ends))), "for_in")
    observation, report = seen()["1"]
    assert (observation.state, observation.answer) == ("atgardad", "Lampan är bytt.")
    assert report.target_at.isoformat() == "2025-02-01T22:59:59+00:00"
    assert [(event.kind, event.answer) for event in history(observation)] == [
        ("kom_in", ""),
        ("atgarda", "Lampan är bytt."),
    ]
    with database.transaction(write=False):
        assert services.to_confirm(scene.leader) == []


def test_all_of_it_is_undone_and_comes_again(reader, seen, history, database):
    done = reader.move(reader.tried(sheet(line("1"), line("2", closed="2025-01-20"))), "for_in")
    before = seen()
    assert reader.move(done, "angra")["errors"][0]["field"] == "reason"
    undone = reader.move(done, "angra", reason="Fel fil")
    assert (undone["state"], undone["rows"]) == ("angrad", {"angrad": 2})
    assert seen() == {}
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Observation.state))) == {"avskriven"}
        undone = select(JournalLine.subject_uid).where(JournalLine.action == "observation:ogora")
        assert session.scalars(undone).all() == [before["2"][0].uid], "only what its register had closed"
    assert history(before["1"][0])[-1].reason == "Inläsningen av rapporter.csv ångrades: Fel fil"
    again = reader.tried(sheet(line("1"), line("2")))
    assert reader.move(again, "for_in")["rows"] == {"inford": 2}


def test_what_somebody_here_has_done_is_no_register_s_to_take_back(reader, seen, database):
    reader.move(reader.tried(sheet(line("1"))), "for_in")
    known = seen()["1"][0].id
    with pytest.raises(Refused, match="redan arbetat"), database.transaction():
        observation = db.session().get_one(Observation, known)
        observation.state = "atgardad"
        move(OBSERVATION, observation, "ogora", access.system("walks"), reason="Fel fil")


@pytest.mark.parametrize("work_on", ["moved", "changed", "called"])
def test_nothing_is_undone_once_somebody_has_worked_on_any_of_it(reader, seen, scene, database, work_on):
    done = reader.move(reader.tried(sheet(line("1"), line("2"))), "for_in")
    observation = seen()["2"][0]
    with database.transaction():
        if work_on == "moved":
            services.move_observation(scene.leader, observation.uid, "granska")
        elif work_on == "changed":
            services.change_observation(scene.leader, observation.uid, version=observation.version, severity=3)
        else:
            services.change_observation(scene.leader, observation.uid, version=observation.version, severity=4)
            services.note_call(scene.leader, observation.uid, called="Jouren")
    refused = reader.move(done, "angra", reason="Fel fil")
    assert refused["status"] == 409
    assert "1 av det som fördes in har någon redan arbetat med" in refused["errors"][0]["message"]
    assert len(seen()) == 2


def test_columns_and_words_are_remembered_for_the_organisation(reader):
    columns = "Nr;Ort;Sort;In;Text;Lat;Long;Gata;Mål;Slut;Svar"
    lines = [line("1", "Trasig lampa").replace(";", ";Farsta;", 1), line("2", "Övrigt").replace(";", ";Farsta;", 1)]
    found = reader.send(sheet(*lines, columns=columns))
    assert "category" not in found["mapping"]
    chosen = found["mapping"] | {"number": 0, "category": 2, "reported_at": 3}
    asked = reader.say("PUT", found, "mapping", columns=chosen)
    assert (asked["state"], asked["to_interpret"]) == ("valj", {"category": ["Trasig lampa", "Övrigt"]})
    half = reader.say("PUT", asked, "meanings", meanings={"category": {"Övrigt": "-"}})
    assert half["errors"] == [{"field": "category_0", "message": "Välj ett alternativ."}]
    meanings = {"category": {"Trasig lampa": "belysning", "Övrigt": "-"}}
    tried = reader.say("PUT", asked, "meanings", meanings=meanings)
    assert tried["rows"] == {"duger": 1, "utelamnad": 1}
    again = reader.send(sheet(lines[0], columns=columns))
    assert again["mapping"]["category"] == 2


def test_many_at_one_spot_are_told_of_for_the_whole_file(reader, monkeypatch):
    monkeypatch.setattr("core.imports.working.CROWD", 3)
    found = reader.tried(sheet(*[line(str(n)) for n in range(3)], line("9", where=(510, 510))))
    assert found["rows"] == {"duger": 4}
    assert "3 rader har exakt samma läge" in found["notes"][0]["message"]


def test_reports_are_no_observations_that_lack_their_walk(reader, scene, database):
    reader.move(reader.tried(sheet(line("1"))), "for_in")
    with database.transaction(write=False):
        assert services.without_walk(scene.leader, 10) == []
        page = services.list_reports(scene.leader)
        assert [row.number for row in page.rows] == ["1"]


def test_who_may_no_more_takes_nothing_in(reader, seen, database, scene):
    found = reader.tried(sheet(line("1")))
    headers = reader.headers | {"If-Match": f'"{found["version"]}"'}
    address = f"/api/v1/imports/{found['uid']}/moves"
    assert reader.client.post(address, json={"move": "for_in"}, headers=headers).status_code == 200
    with database.transaction() as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.person_id == scene.leader.id).values(valid_to=date(2021, 1, 1))
        )
    reader.work()
    assert seen() == {}
    with database.transaction(write=False) as session:
        (row,) = session.scalars(select(ImportRow))
        assert (row.state, row.errors[0]["text"]) == (
            "fel",
            "Den som läste in filen har inte längre rätt att göra det.",
        )


def test_its_page_tells_where_a_report_is_from_and_asks_for_no_walk(reader, seen, client, scene):
    reader.move(reader.tried(sheet(line("TT-1", address="Farsta torg 3"))), "for_in")
    client.login(scene.leader)
    drawn = client.get(f"/iakttagelser/{seen()['TT-1'][0].uid}").text
    assert "Kom in: Tyck till, nummer TT-1" in drawn
    assert "Farsta torg 3" in drawn
    assert "Välj vandring" not in drawn
    listed = client.get("/inkomna-rapporter").text
    assert "Tyck till TT-1" in listed
    assert "Tyck till TT-1" in client.get("/inkomna-rapporter?visa=att_fordela").text
    assert "Tyck till TT-1" not in client.get("/inkomna-rapporter?visa=klara").text


@pytest.fixture
def promise(database):
    """The frist of what a register has promised of a report."""

    def read(observation):
        with database.transaction(write=False) as session:
            rows = select(Deadline).where(Deadline.subject_uid == observation.uid, Deadline.kind == GIVEN)
            return session.scalars(rows).one_or_none()

    return read


def test_what_the_register_has_promised_is_a_frist_with_its_own_moment_and_source(
    reader, seen, promise, scene, database
):
    rows = [line("1", target="2025-02-01 12:00"), line("2", target="2025-02-01", closed="2025-02-02"), line("3")]
    done = reader.move(reader.tried(sheet(*rows)), "for_in")
    open_still, late = promise(seen()["1"][0]), promise(seen()["2"][0])
    assert open_still.due_at.isoformat() == "2025-02-01T11:00:01+00:00", "the very second promised is in time"
    assert (open_still.rule["clock"], open_still.rule["source"]) == ("given_date", "Tyck till")
    assert open_still.organisation_id == seen()["1"][0].coordinator_id, "it has not been routed"
    assert (late.state, late.met_at.isoformat()) == ("klar", "2025-02-02T22:59:59+00:00")
    assert promise(seen()["3"][0]) is None
    before = seen()["2"][0]
    reader.move(done, "angra", reason="Fel fil")
    assert promise(before).state == "utgar", "it is counted nowhere"


def test_it_follows_to_who_answers_and_is_met_by_the_answer(reader, seen, promise, scene, actors, database):
    reader.move(reader.tried(sheet(line("1", target="2099-02-01"))), "for_in")
    uid, handler = seen()["1"][0].uid, actors("tk_drift", "trafik")
    with database.transaction():
        trafik = organisation("trafik")
        services.move_observation(scene.leader, uid, "granska")
        said = services.Answer(receiver=trafik.uid, reason="De har lyktorna.")
        services.move_observation(scene.leader, uid, "fordela", said)
    assert promise(seen()["1"][0]).organisation_id == trafik.id
    with database.transaction():
        services.move_observation(handler, uid, "ta_emot")
        services.move_observation(handler, uid, "atgarda", services.Answer(answer="Klart."))
    assert promise(seen()["1"][0]).state == "klar"


def test_who_holds_a_report_answers_for_what_was_promised_and_history_is_no_news(
    reader, seen, promise, scene, database, actors
):
    reader.move(reader.tried(sheet(line("1", target="2025-02-01 12:00"))), "for_in")
    report, home = seen()["1"][0], organisation_of(database, "sdn-farsta")
    assert promise(report).organisation_id == report.coordinator_id == home
    with database.transaction(write=False) as session:
        assert session.scalars(select(Reminder.kind)).all() == [], "a report of January 2025 is nothing new"
    with database.transaction():
        trafik = organisation("trafik")
        services.move_observation(scene.leader, report.uid, "granska")
        said = services.Answer(receiver=trafik.uid, reason="De har lyktorna.")
        services.move_observation(scene.leader, report.uid, "fordela", said)
    assert promise(report).organisation_id == trafik.id
    handler = actors("tk_drift", "trafik")
    with database.transaction():
        services.move_observation(handler, report.uid, "hanvisa_vidare", services.Answer(reason="Inte vårt."))
    assert promise(report).organisation_id == home, "it is back"


def organisation_of(database, code):
    with database.transaction(write=False):
        return organisation(code).id
