"""Who gets it and who is waited for: where nobody can answer, and what stands on whose start page."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core.media import READY, Photo
from core.people.services import organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.hooks import tryggplats_todo
from core.walks.models import Observation, Walk


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
    page = client.submit(f"{here}/steg/aterkoppla", {"version": version_of(phone, scene.walk)}, page=here)
    assert page.status_code == 409
    assert 'href="#iakttagelse-1">Iakttagelse 1, Belysning, har inte fått svar än. Läge: Fördelad.' in page.text
    assert '<tr role="row" id="iakttagelse-1">' in page.text
    assert 'name="reason"' not in page.text, "no reason helps, so none is asked for"


def test_who_can_review_is_told_that_a_receiver_outside_the_city_waits_for_it(scene, phone, actors, client, database):
    uid, photo = uuid4(), uuid4()
    phone.log(uid, scene.walk, photos=[{"uid": str(photo)}])
    owner = actors("fastighetsagare_ext", "demo-fastighetsagare")
    actors("tk_drift", "trafik")

    def told(holder, review, reader=scene.leader):
        with database.transaction() as session:
            session.execute(update(Photo).where(Photo.uid == photo).values(state=READY, review=review))
            sent = {"state": "fordelad", "organisation_id": organisation(holder).id}
            session.execute(update(Observation).where(Observation.uid == uid).values(**sent))
        client.login(reader)
        return "Mottagaren ser inte bilden förrän den är granskad." in client.get(f"/iakttagelser/{uid}").text

    assert told("demo-fastighetsagare", "ej_granskad")
    assert not told("demo-fastighetsagare", "ej_granskad", owner), "who can do nothing about it"
    assert not told("demo-fastighetsagare", "granskad")
    assert not told("trafik", "ej_granskad"), "the city's own see it"


def test_many_observations_of_a_walk_are_read_part_by_part(scene, phone, client, database, queries):
    uids, counts = [uuid4() for _ in range(12)], []
    for number, uid in enumerate(uids):
        good = {"kind": "positivt_bevara", "nature": "positivt"} if number == 11 else {}
        phone.log(uid, scene.walk, **good)
    states = dict(zip(uids, ("fordelad", "planerad", "verifierad"), strict=False))
    with database.transaction() as session:
        for uid, state in states.items():
            session.execute(update(Observation).where(Observation.uid == uid).values(state=state))
    client.login(scene.leader)
    here = f"/vandringar/{scene.walk}"
    shown = {"": range(1, 13), "att_fordela": range(4, 12), "vantar_svar": [1], "pagar": [2], "klara": [3, 12]}
    for part, numbers in shown.items():
        with queries() as asked:
            page = client.get(f"{here}?visa={part}").text
        counts.append(len(asked))
        assert re.findall(r'id="iakttagelse-(\d+)"', page) == [str(number) for number in numbers]
        assert "Iakttagelser (12)" in page
    assert re.findall(r"([A-ZÅÄÖ][^<>]*) <b>(\d+)</b>", page) == [
        ("Alla", "12"), ("Att fördela", "8"), ("Väntar på svar", "1"), ("Pågår", "1"), ("Klara", "2")
    ]  # fmt: skip
    assert len(set(counts)) == 1
    assert client.get(f"{here}?visa=nagot").text.count('id="iakttagelse-') == 12


def waiting(database, actor):
    """What the start page says of walks, by title, and where each leads."""
    with database.transaction(write=False):
        return [(todo.title, todo.link) for todo in tryggplats_todo(actor, 20)]


def test_who_confirms_and_who_answers_for_another_kind_of_organisation_finds_it_on_the_start_page(
    scene, phone, phone_of, actors, database, queries
):
    """Never one's own work; those who close frister are told of what to answer by upkeep."""
    uids, counts = [uuid4() for _ in range(4)], []
    owner, walker = actors("fastighetsagare_ext", "demo-fastighetsagare"), actors("falt", "sdn-farsta")
    with database.transaction():
        uid = organisation("demo-fastighetsagare").uid
    for part in (uids[:1], uids[1:]):
        for one in part:
            phone.log(one, scene.walk, kind="belysning", severity=4)
            with database.transaction():
                services.move_observation(scene.leader, one, "granska")
                services.move_observation(scene.leader, one, "fordela", services.Answer("Deras gård", receiver=uid))
        with queries() as asked:
            told = waiting(database, owner)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert told == [("Svara på iakttagelse", f"/inkorg?oppen={one}#svar") for one in uids]
    with database.transaction():
        services.answer(owner, uids[0], "klart")
    done = ("Bekräfta att det är åtgärdat", f"/iakttagelser/{uids[0]}")
    assert done in waiting(database, scene.leader)
    assert done in waiting(database, walker)
    assert done not in waiting(database, owner)
    assert done not in waiting(database, actors("falt", "trafik"))


def test_the_protocol_is_adjusted_by_whom_it_waits_for_and_waits_on_their_start_page(
    scene, phone, actors, client, database
):
    writer, here = actors("falt", "sdn-farsta"), f"/vandringar/{scene.walk}"
    offer, todo = f"{here}/steg/justera", ("Justera protokollet", f"{here}/protokoll")
    with database.transaction() as session:
        session.execute(update(Walk).values(state="protokoll_utkast"))
    client.login(scene.leader)
    assert offer not in client.get(here).text
    page = client.get(f"{here}/protokoll").text
    assert "av den som antecknade och samordnaren hos Farsta stadsdelsnämnd." in page
    assert f"{here}/andra/manniskor" in page, "who leads the walk can say who took notes"
    assert waiting(database, scene.leader) == waiting(database, writer) == []
    with database.transaction() as session:
        session.execute(update(Walk).values(note_taker_id=writer.id))
    assert waiting(database, scene.leader) == waiting(database, writer) == [todo]
    assert client.submit(offer, {"version": version_of(phone, scene.walk)}, page=here).status_code == 303
    for page in (here, f"{here}/protokoll"):
        assert offer not in client.get(page).text, "nothing more to do for her"
        assert f"Vänta på att protokollet justeras av {writer.name} (antecknade)." in client.get(page).text
    assert waiting(database, scene.leader) == []
    client.login(writer)
    assert offer in client.get(f"{here}/protokoll").text


def version_of(phone, uid):
    return str(phone.client.get(f"/api/v1/walks/{uid}", headers=phone.headers).json["version"])


def test_what_was_just_done_is_told_where_one_lands(scene, phone, client, actors):
    """How much, to whom, and that letters do not go out yet; not when one comes back by an old link."""
    uids, here = [uuid4() for _ in range(2)], f"/vandringar/{scene.walk}"
    for uid, kind in zip(uids, ("belysning", "vaxtlighet_sikt"), strict=True):
        phone.log(uid, scene.walk, kind=kind)
    client.login(scene.leader)

    def lands(address, **known):
        done = client.submit(address, known, page=here if "steg" in address else address)
        assert done.status_code == 303
        return client.get(done.headers["Location"]).text

    told = lands(f"{here}/granska", vald=[str(uid) for uid in uids])
    assert "Skickat: Farsta stadsdelsnämnd (1), Trafiknämnden (1). De ser det i sin inkorg." in told
    assert "Ingen hos Trafiknämnden kan svara här." in told
    assert "Fördelad till Trafiknämnden" in client.get(f"/iakttagelser/{uids[0]}").text
    told = lands(f"{here}/steg/bjuda_in", version=version_of(phone, scene.walk))
    assert "Inga brev går ut härifrån än" in told
    assert "Inbjudans text är tom." in told
    for old in ("skicka_ut", "vad som helst"):
        assert "Inga brev" not in client.get(f"{here}?gjort={old}").text


def test_a_danger_begins_with_the_call_and_says_the_number(scene, phone, client, database):
    uid = uuid4()
    phone.log(uid, scene.walk, kind="belysning", severity=4)
    with database.transaction() as session:
        session.execute(update(Place).where(Place.uid == scene.place).values(oncall="08-508 00 000"))
    client.login(scene.leader)
    here = f"/iakttagelser/{uid}"
    page = client.get(here).text
    for words in ("Nästa steg:</strong> Ring den som ansvarar", 'href="tel:0850800000"', 'href="tel:112"'):
        assert words in page
    assert client.submit(f"{here}/ring", {"called": "Jouren"}, page=here).status_code == 303
    page = client.get(here).text
    assert "Nästa steg:</strong> Granska" in page
    assert "<summary>Lägg till foto efter åtgärden</summary>" in page, "nobody has begun to mend it"
