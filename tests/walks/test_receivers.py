"""Where nobody can answer: it is said beforehand, and what was sent there is taken back."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core.upkeep.models import Deadline
from core.walks import services
from core.walks.models import Walk


@pytest.fixture
def sent(scene, phone, database):
    """Something that trafiknämnden answers for, where nobody has a role yet."""
    uid = uuid4()
    phone.log(uid, scene.walk, kind="belysning")
    with database.transaction():
        services.send_all(scene.leader, scene.walk, [uid])
    return uid


def test_nobody_who_can_answer_is_said_before_it_is_sent(scene, phone, client, actors):
    uid = uuid4()
    phone.log(uid, scene.walk, kind="belysning")
    phone.move(uid, "granska", version=1)
    client.login(scene.leader)
    addresses = (f"/vandringar/{scene.walk}/granska", f"/iakttagelser/{uid}")
    told = ("Ingen hos dem kan svara här.", "Trafiknämnden (ingen hos dem kan svara här)")
    for address, words in zip(addresses, told, strict=True):
        assert words in client.get(address).text
    actors("falt", "trafik")
    assert told[0] in client.get(addresses[0]).text, "who does field work does not answer"
    actors("tk_drift", "trafik")
    for address, words in zip(addresses, told, strict=True):
        assert words not in client.get(address).text


def test_what_was_sent_is_taken_back_and_sent_to_another(scene, phone, sent, client, database):
    client.login(scene.leader)
    here = f"/iakttagelser/{sent}"
    assert "Ingen hos Trafiknämnden kan svara här." in client.get(here).text
    version = str(phone.read(sent).json["version"])
    known = {"version": version, "reason": ""}
    assert "Skriv varför." in client.submit(f"{here}/steg/ta_tillbaka", known, page=here).text
    known["reason"] = "De svarade per telefon."
    assert client.submit(f"{here}/steg/ta_tillbaka", known, page=here).status_code == 303
    assert phone.read(sent).json["state"] == "granskad"
    with database.transaction(write=False) as session:
        rows = select(Deadline.kind, Deadline.state).where(Deadline.subject_uid == sent)
        assert {row.kind: row.state for row in session.execute(rows)} == {"core:fordela": "oppen", "core:svar": "utgar"}
    assert "Ingen hos Trafiknämnden" not in client.get(here).text


def test_a_refused_feedback_names_what_waits_and_leads_there(scene, phone, sent, client, database):
    with database.transaction() as session:
        session.execute(update(Walk).values(state="utskickat"))
    client.login(scene.leader)
    here = f"/vandringar/{scene.walk}"
    version = str(phone.client.get(f"/api/v1/walks/{scene.walk}", headers=phone.headers).json["version"])
    page = client.submit(f"{here}/steg/aterkoppla", {"version": version}, page=here)
    assert page.status_code == 409
    assert 'href="#iakttagelse-1">Iakttagelse 1, Belysning, har inte fått svar än. Läge: Fördelad.' in page.text
    assert '<tr role="row" id="iakttagelse-1">' in page.text
    assert 'name="reason"' not in page.text, "no reason helps, so none is asked for"
