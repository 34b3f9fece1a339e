"""Klotter: a case and a frist for every tag, and nothing closed without proof (domain.md 8.2, 8.4)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from core import clock as core_clock
from core import plugins
from core.clock import STOCKHOLM
from core.journal import JournalDetail, JournalLine
from core.places import services as places
from core.places.models import Place
from core.upkeep.models import Deadline
from core.walks.services import Position
from core.worker import Worker
from plugins.klotter.models import Incident
from tests.walks.scene import add_place, at, square

from .conftest import HOUSE, KIND, REPORT, frist_of, incident_of

# --- When it is logged ----------------------------------------------------------------------------------------------


@pytest.mark.other_database_long
@pytest.mark.parametrize(
    ("seen", "hateful", "due"),
    [
        ("2027-01-09T23:30", False, "2027-01-10 23:30"),  # a Saturday evening: Sunday
        ("2027-01-09T23:30", True, "2027-01-10 03:30"),
        ("2027-03-27T23:30", False, "2027-03-29 00:30"),  # the clocks change that night: Monday
        ("2027-03-27T23:30", True, "2027-03-28 04:30"),
    ],
)
def test_a_tag_is_cleaned_within_24_hours_and_a_hateful_one_within_4(database, tag, clock, seen, hateful, due):
    moment = datetime.fromisoformat(seen).replace(tzinfo=STOCKHOLM)
    clock.stop_at(moment)
    observation = tag(hateful=hateful)
    frist, incident = frist_of(database, observation), incident_of(database, observation)
    assert core_clock.local(frist.due_at).strftime("%Y-%m-%d %H:%M") == due
    assert (frist.rule["key"], frist.urgency) == (("hatiskt", 0) if hateful else ("vanligt", 2))
    assert (incident.hateful, incident.opened_at) == (hateful, moment.astimezone(UTC))
    assert (frist.kind, frist.state, frist.subject_uid) == ("klotter:sanering", "oppen", observation)


@pytest.mark.other_database_long
@pytest.mark.parametrize(("kind", "rule"), [("skolgard", "skola"), ("forskolegard", "skola"), ("lekplats", "vanligt")])
def test_schools_go_first(database, scene, tag, kind, rule):
    with database.transaction() as session:
        session.scalars(select(Place)).one().kind = kind
    frist = frist_of(database, tag())
    assert (frist.rule["key"], frist.urgency) == (rule, 1 if rule == "skola" else 2)
    assert frist_of(database, tag(hateful=True)).rule["key"] == "hatiskt", "hate goes before all"


def test_other_kinds_open_no_case(database, scene, tag):
    tag(kind="skrap_dumpning", details={})
    with database.transaction(write=False) as session:
        assert session.scalars(select(Incident)).all() == []
        assert session.scalars(select(Deadline).where(Deadline.kind.startswith("klotter:"))).all() == []


# --- What the handler knows -----------------------------------------------------------------------------------------


def test_a_report_and_a_reason_against_one_cannot_both_stand(tag, case, database):
    observation = tag()
    both = case(observation, 1, police_report=REPORT, not_reported_reason="Nej.")
    assert (both.status_code, both.get_json()["errors"][0]["field"]) == (422, "not_reported_reason")
    assert case(observation, 1, not_reported_reason="Nej.").status_code == 200
    assert case(observation, 2, police_report=REPORT).status_code == 422, "the reason is there already"
    changed = case(observation, 2, police_report=REPORT, not_reported_reason=None)
    assert changed.status_code == 200
    assert incident_of(database, observation).police_reported_at is not None


def test_a_change_is_based_on_a_version_and_journalled(client, tag, case, database):
    observation = tag()
    read = case(observation)
    assert read.get_json() == {
        "observation": str(observation),
        "hateful": False,
        "content_class": None,
        "surface": None,
        "police_report": None,
        "not_reported_reason": None,
        "cleaned_at": None,
        "version": 1,
    }
    known = {"content_class": "tagg", "surface": "tegel"}
    address = f"/api/v1/klotter/incidents/{observation}"
    assert client.patch(address, json=known, headers=case.keeper).status_code == 428
    assert case(observation, 2, **known).status_code == 412
    changed = case(observation, 1, **known)
    assert (changed.status_code, changed.get_json()["surface"], changed.get_json()["version"]) == (200, "tegel", 2)
    assert case(observation, 1, surface="glas").status_code == 412
    for fault in ({"content_class": "konst"}, {"surface": 7}, {"hateful": True}, {"police_report": "5" * 41}):
        assert case(observation, 2, **fault).status_code == 422
    with database.transaction(write=False) as session:
        lines = select(JournalDetail.detail).join(JournalLine, JournalLine.seq == JournalDetail.seq)
        [line] = session.scalars(lines.where(JournalLine.action == "klotter:change")).all()
    assert line == {"before": {"content_class": None, "surface": None}, "after": known}


@pytest.mark.other_database_long
@pytest.mark.parametrize("content", ["hat_rasism", "hot_mot_person"])
def test_hate_seen_at_the_desk_must_be_gone_within_four_hours_too(database, tag, case, clock, content):
    """It was logged as a plain tag; reading it again as one gives no time back."""
    clock.stop_at(core_clock.now())
    observation = tag()
    case(observation, 1, content_class="tagg")
    assert frist_of(database, observation).rule["key"] == "vanligt"
    assert case(observation, 2, content_class=content).get_json()["hateful"] is True
    assert case(observation, 3, content_class="tagg").get_json()["hateful"] is True
    frist = frist_of(database, observation)
    assert frist.due_at == core_clock.now() + timedelta(hours=4)
    assert (frist.rule["key"], frist.urgency, frist.moved_count) == ("hatiskt", 0, 1)


def test_its_frist_goes_where_the_observation_goes(database, scene, tag, phone, client, actors):
    """Moved to the school yard of another district: place, who answers and rule."""
    with database.transaction() as session:
        yard = add_place("Skolgården", square(1500, 500, 50), renhallning="utbildning")
        session.execute(update(Place).where(Place.uid == yard).values(kind="skolgard"))
    observation = tag()
    assert frist_of(database, observation).organisation.code == "trafik"
    assert phone.change(observation, version=1, position=at(1510, 510)).json["place"] == str(yard)
    frist = frist_of(database, observation)
    assert (frist.organisation.code, frist.rule["key"], frist.urgency) == ("utbildning", "skola", 1)
    assert frist.moved_count == 0, "24 hours as before"
    assert incident_of(database, observation).place_uid == yard
    client.login(actors("tk_drift", "utbildning"))
    page = client.get(f"/skotsel/frister/{frist.uid}").text
    for words in ("Frist bytte ansvarig", "Utbildningsnämnden", "Frist går före"):
        assert words in page


@pytest.mark.parametrize("move", ["markera_dubblett", "avskriva"])
def test_a_tag_that_is_written_off_leaves_no_frist_behind(database, scene, tag, phone, case, client, move):
    observation = tag()
    version = phone.move(observation, move, "Samma som nummer 3.", version=1).json["version"]
    assert frist_of(database, observation).state == "utgar"
    known = incident_of(database, observation).version
    assert case(observation, known, content_class="hat_rasism").status_code == 200
    assert frist_of(database, observation).state == "utgar", "nobody is to clean it, whatever it was"
    client.login(scene.leader)
    page = client.get(f"/platser/{scene.place}").text
    assert "Du ser inget klotter att sanera här." in page
    assert "Du ser inga frister här." in page, "there may be those of others"
    assert phone.move(observation, "ta_upp_igen", "Det var två.", version=version).status_code == 200
    frist = frist_of(database, observation)
    assert (frist.state, frist.met_at) == ("oppen", None)


def test_graffiti_on_a_place_is_shown_on_the_one_that_it_became(database, scene, tag, client):
    observation = tag(position=Position(**at(500, 500)))
    with database.transaction():
        heir = add_place("Hela Farsta torg", square(430, 430, 140))
        places.move_place(HOUSE, scene.place, "sla_ihop", reason="Ett torg", into="PL-00002")
    client.login(scene.leader)
    assert f"/klotter/{observation}" in client.get(f"/platser/{heir}").text


def test_who_reaches_the_observation_reaches_its_case(tag, case, actors):
    observation = tag()
    reads = {
        ("tk_drift", "trafik"): (200, 200),
        ("sdn_samordnare", "sdn-farsta"): (200, 200),
        ("entreprenor", "trafik"): (403, 403),
        ("falt", "sdn-farsta"): (200, 403),
        ("revisor", "kf"): (200, 403),
        ("sdn_samordnare", "sdn-jarva"): (404, 404),
        ("tk_drift", "utbildning"): (404, 404),
        ("slk_ekonom", "slk"): (403, 403),
    }
    version = 1
    for (role, board), statuses in reads.items():
        bearer = actors.token(actors(role, board))
        changed = case(observation, version, who=bearer, surface="glas" if version % 2 else "puts")
        version += changed.status_code == 200
        assert (case(observation, who=bearer).status_code, changed.status_code) == statuses, role
    assert case(uuid4()).status_code == 404


@pytest.mark.other_database_long
def test_the_page_of_a_case_is_a_form(client, actors, tag, database, scene):
    observation = tag(hateful=True)
    client.login(actors("tk_drift", "trafik"))
    address = f"/klotter/{observation}"
    page = client.get(address)
    assert page.status_code == 200
    for word in ("Klotterärendet", "Farsta torg", "Vilket nummer har polisanmälan?", "Konstverk"):
        assert word in page.text
    answers = {"content_class": "hat_rasism", "surface": "", "police_report": REPORT, "version": "1"}
    both = client.submit(address, answers | {"not_reported_reason": "Nej."})
    assert both.status_code == 422
    assert "Båda kan inte gälla." in both.text
    assert REPORT in both.text, "what was written stands there still"
    saved = client.submit(address, answers | {"not_reported_reason": ""})
    assert (saved.status_code, saved.location) == (303, f"/iakttagelser/{observation}")
    incident = incident_of(database, observation)
    assert (incident.content_class, incident.surface, incident.police_report) == ("hat_rasism", None, REPORT)
    stale = client.submit(address, answers | {"not_reported_reason": "", "surface": "glas"})
    assert stale.status_code == 409
    for shown in (f"/platser/{scene.place}", f"/iakttagelser/{observation}"):
        assert "hat, rasism eller hot" in client.get(shown).text.lower()
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert client.get(address).status_code == 404


def test_what_was_written_off_while_it_was_waived_is_taken_up(database, scene, tag, phone):
    observation = tag()
    with database.transaction():
        plugins.set_state(HOUSE, "klotter", "waived", "Vi går vidare utan.")
    assert phone.move(observation, "avskriva", "Ritat med krita.", version=1).status_code == 200
    assert frist_of(database, observation).state == "oppen", "nobody was told"
    with database.transaction():
        plugins.set_state(HOUSE, "klotter", "on", "Tillbaka.")
    worker = Worker(database.settings)
    worker.run_once(keys=["klotter:ikapp"])
    worker.close()
    assert frist_of(database, observation).state == "utgar"


# --- While the plugin was away --------------------------------------------------------------------------------------


def test_what_was_logged_while_it_failed_is_taken_up(database, scene, phone_of, clock):
    """Its table is away: every tag is received without a case, also the sixth, when the plugin has been parked.

    Let on again, its job opens the cases with the frister that they should have had, once.
    """
    clock.stop_at("2027-01-09T23:30")
    phone, tags = phone_of(scene.leader), [uuid4() for _ in range(6)]
    with database.transaction() as session:
        session.execute(text("ALTER TABLE klotter_incident RENAME TO away"))
    for observation in tags:
        assert phone.log(observation, scene.walk, kind=KIND, details={"hateful": False}).status_code == 201
    with database.transaction() as session:
        session.execute(text("ALTER TABLE away RENAME TO klotter_incident"))
        assert plugins.state("klotter") == "parked"
    clock.pass_by(hours=2)
    worker = Worker(database.settings)
    for decided, cases in (("parked", 0), ("on", 6), ("on", 6)):
        with database.transaction():
            plugins.set_state(HOUSE, "klotter", decided, "Tabellen är tillbaka.")
        worker.run_once(keys=["klotter:ikapp"])
        with database.transaction(write=False) as session:
            opened = session.scalars(select(Incident.observation_uid).order_by(Incident.id)).all()
        assert len(opened) == cases, decided
    worker.close()
    assert opened == tags
    for observation in tags:
        due = core_clock.local(frist_of(database, observation).due_at)
        assert due.strftime("%Y-%m-%d %H:%M") == "2027-01-10 23:30"


def test_what_was_no_graffiti_has_no_case_and_what_is_hateful_after_all_a_shorter_frist(database, scene, tag):
    """The kind and its answers can be changed afterwards: in the dark one sees wrong."""
    from core.walks import services as walks

    observation = tag()

    def is_now(version, kind, **details):
        with database.transaction():
            what = {"kind": kind, "details": details}
            walks.change_observation(scene.leader, observation, version=version, what=what)
        return incident_of(database, observation), frist_of(database, observation)

    incident, frist = is_now(1, KIND, hateful=True)
    assert (incident.hateful, frist.rule["key"]) == (True, "hatiskt")
    incident, frist = is_now(2, "skadegorelse")
    assert (incident.written_off_at is not None, frist.state) == (True, "utgar")
    incident, frist = is_now(3, KIND)
    assert (incident.written_off_at, incident.hateful, frist.state) == (None, True, "oppen")
