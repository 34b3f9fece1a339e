"""The pages of cooperation, without script: what is refused is told where it was asked, and nothing is lost."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from core import clock
from core.cooperation import services
from core.cooperation.models import CRITERIA
from core.cooperation.schemas.analysis import CauseFields, ProblemFields
from core.cooperation.schemas.consulting import PerspectiveForm
from core.cooperation.schemas.cycles import CycleForm, NewCycleForm
from core.cooperation.schemas.pictures import EvidenceForm
from core.cooperation.schemas.plan import GoalForm, MeasureForm, ResultForm
from core.db import session
from core.people import passwords
from core.people.models import Person
from tests.cooperation.conftest import asked_for, begin, hand_in, write
from tests.cooperation.test_chain import FACTS, fourth, goal, problem, third

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "third"]


def test_a_step_that_is_refused_says_why_and_can_be_taken_again(database, fourth, client):
    together, uid, _ = fourth
    with database.transaction():
        made = goal(together, uid).uid
    here = f"/samverkan/mal/{made}"
    client.login(together.leader)
    refused = client.submit(f"{here}/steg/markera_smart", page=here)
    assert refused.status_code == 409
    assert refused.text.count("Minst hälften av parterna ska ha godtagit målet.") > client.get(here).text.count(
        "Minst hälften av parterna ska ha godtagit målet."
    )
    assert f'action="{here}/steg/markera_smart"' in refused.text, "the button stands where it stood"
    with database.transaction():
        for actor in (together.police, together.traffic):
            services.accept(actor, made)
    assert client.submit(f"{here}/steg/markera_smart", page=here).status_code == 303


def test_a_form_among_several_is_drawn_again_as_it_was_written(database, third, client):
    here = f"/samverkan/{third.cycle}/prioritering"
    client.login(third.leader)
    refused = client.submit(here, {"what": "", "when": "efter klockan 18"}, page=here)
    assert refused.status_code == 422
    assert "efter klockan 18" in refused.text
    assert '<details class="tp-details" open>' in refused.text


def test_what_was_written_when_the_session_had_ended_goes_with_the_login(database, third, client, actors):
    here, text = f"/samverkan/{third.cycle}/prioritering", "Många undviker torget & gången"
    client.login(third.leader)
    client.get(here)
    client.delete_cookie(client.application.config["TRYGGPLATS_COOKIE"], domain=client.application.settings.hostname)
    sent = {"uid": str(uuid4()), "what": text, "when": "efter klockan 18"}
    asked = client.post(here, data=sent)
    assert asked.status_code == 401
    assert "det du skrev är inte sparat än" in asked.text
    token, written = _held(asked)
    door = re.search(r'<form class="tp-form" method="post" action="([^"]*)"', asked.text)[1]
    assert door == "/logga-in", "drawn at the address of what was refused, it still logs in"
    with database.transaction():
        person, password = session().get_one(Person, third.leader.id), "ett langt losenord"
        person.password, email = passwords.hashed(password), person.email
    login = {"csrf_token": token, "email": email, "kvar": written}
    wrong = client.post(door, data=login | {"password": "fel"})
    assert written in wrong.text, "a wrong password loses nothing"
    back = client.post(door, data=login | {"password": password})
    assert "Många undviker torget &amp; gången" in back.text
    assert f'href="{here}"' in back.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', back.text)[1]
    with database.transaction():
        assert services.problems_of(third.leader, services.read_cycle(third.leader, third.cycle)) == []
    assert client.post(here, data=sent | {"csrf_token": token}).status_code == 303
    forged = client.post(door, data=login | {"csrf_token": token, "password": password, "kvar": written + "x"})
    assert forged.status_code == 303
    client.delete_cookie(client.application.config["TRYGGPLATS_COOKIE"], domain=client.application.settings.hostname)
    asked = client.post(here, data=sent | {"map": (BytesIO(b"%PDF" * 20_000), "karta.pdf")})
    token, written = _held(asked)
    back = client.post(door, data=login | {"csrf_token": token, "password": password, "kvar": written})
    assert "Många undviker torget &amp; gången" in back.text
    assert "Filen som du valde följde inte med." in back.text


def _held(asked):
    """The token of the login page, and what it holds of the form that came too late."""
    return (re.search(rf'name="{name}"[^>]* value="([^"]+)"', asked.text)[1] for name in ("csrf_token", "kvar"))


def test_a_form_says_when_what_may_be_left_out_is_needed_all_the_same(database, third, client):
    client.login(third.leader)
    page = client.get("/samverkan/ny").text
    assert '<option value="sdn-farsta" selected>' in page, "one's own board drives it, unless another is chosen"
    assert 'value="Samordnare, trygghet och brottsförebyggande"' in page
    for words in (
        "behövs om du inte väljer ett område",
        "behövs om du inte väljer en plats",
        "Till exempel 2027-03-15 16.00.",
    ):
        assert words in page
    assert page.count("behövs innan lägesbilderna begärs") == 3


def test_what_a_later_step_asks_for_is_not_called_optional():
    """Each field of which a gate, a guard or a rule of its own says that it is needed (domain.md 5.2, 5.3)."""
    asked = {
        CycleForm: {"decision", "decided_on", "opens_at"},
        NewCycleForm: {"place", "area"},
        ProblemFields: {"where", "when", "how", "whom", "consequence"},
        CauseFields: {"prediction", "test", "tested_on"},
        EvidenceForm: {"unit"},
        GoalForm: {"indicator", "unit", "baseline", "baseline_on", "target", "due_on", "owner", "realistic"},
        ResultForm: {"value", "on"},
        MeasureForm: {"owner", "ends_on"},
        PerspectiveForm: {"heard", "considered", "why_not"},
    }
    silent = [
        (schema.__name__, name)
        for schema, names in asked.items()
        for name in sorted(names)
        if not schema().fields[name].metadata.get("optional")
    ]
    assert silent == []


def test_two_cycles_of_one_name_are_told_apart_in_the_list_and_their_number_says_what_it_is(
    database, together, scene, client
):
    with database.transaction():
        second = begin(together.leader, scene.place)
    client.login(together.leader)
    listed = client.get("/samverkan").text
    for turn, number in ((1, "SC-00001"), (2, "SC-00002")):
        assert f"Cykel {turn}, nummer {number}" in listed
    assert re.findall(r"visa=(\w+)", listed) == ["initiera"], "no tab for a step in which there is nothing"
    assert "Nummer SC-00002" in client.get(f"/samverkan/{second.uid}").text


def test_the_third_step_says_first_what_waits_for_ones_own_party(database, third, client):
    with database.transaction():
        first, second = problem(third.leader, third.cycle), problem(third.leader, third.cycle, "Skadade bänkar")
        cause = services.add_cause(third.leader, first, uid=uuid4(), **FACTS)
    address = f"/samverkan/{third.cycle}/prioritering"
    client.login(third.police)
    assert "Ge poäng för er part på 2 problem." in client.get(address).text
    with database.transaction():
        for one in (first, second):
            services.score(third.police, one, **dict.fromkeys(CRITERIA, 3))
    page = client.get(address).text
    assert "Ge poäng för er part" not in page
    assert page.count("1 av 3") == 2, "of the parties one has given points"
    client.login(third.traffic)
    assert "Ge poäng för er part på 2 problem." in client.get(address).text
    assert "Skriv vad ni skulle se om det stämmer." in client.get(f"/samverkan/orsaker/{cause.uid}").text


def test_who_has_not_handed_in_finds_the_draft_when_the_others_pictures_are_open(database, together, client):
    with database.transaction():
        asked_for(together)
        hand_in(together.leader, together.cycle)
        draft = write(together.police, together.cycle, "Mörkt.")
    address = f"/samverkan/{together.cycle}/lagesbilder"
    with clock.frozen(clock.now() + timedelta(days=15)):
        client.login(together.police)
        page = client.get(address).text
        assert f'href="/lagesbilder/{draft}"' in page
        assert page.count("Bara ni läser utkastet.") == 1
        assert "ser alla att den kom efter öppningen" in client.get(f"/lagesbilder/{draft}").text
        client.login(together.leader)
        assert "Bara ni läser utkastet." not in client.get(address).text
