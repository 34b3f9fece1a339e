"""From the coordinator to the receiver and back: who gets it, what they answer, by when, and who sees it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core.people.services import organisation
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.limits import CALL, LIMITS
from core.walks.states import TABS
from tests.walks.scene import at

TRAFIK = ("tk_drift", "trafik")
WHEN = "2199-12-31"


@pytest.fixture
def log(scene, phone):
    """Log something on the walk; returns its uid."""

    def log(kind="belysning", **more):
        uid = uuid4()
        assert phone.log(uid, scene.walk, kind=kind, **more).status_code == 201
        return uid

    return log


@pytest.fixture
def frister(database):
    """The frister about a thing, as {kind: (state, code of who answers)}."""

    def frister(uid):
        with database.transaction(write=False) as session:
            rows = session.scalars(select(Deadline).where(Deadline.subject_uid == uid))
            names = {key: organisation(key).id for key in ("trafik", "svoa", "sdn-farsta")}
            codes = {key: code for code, key in names.items()}
            return {row.kind: (row.state, codes[row.organisation_id]) for row in rows}

    return frister


def version_of(phone, uid):
    return phone.read(uid).json["version"]


def uid_of(database, code):
    with database.transaction(write=False):
        return str(organisation(code).uid)


def test_the_frister_follow_what_happens(scene, phone, phone_of, actors, log, frister, database):
    """Two days to route, ten to answer; sent on it goes with the observation, opened again it begins anew."""
    uid, office = log(), phone_of(actors(*TRAFIK))
    assert frister(uid) == {"core:fordela": ("oppen", "sdn-farsta")}
    for key in ("granska", "fordela"):
        assert phone.move(uid, key, version=version_of(phone, uid)).status_code == 200
    assert frister(uid) == {"core:fordela": ("klar", "sdn-farsta"), "core:svar": ("oppen", "trafik")}
    svoa = uid_of(database, "svoa")
    wrong = office.move(
        uid, "hanvisa_vidare", "Ledningen är vattenverkets.", version=version_of(phone, uid), receiver=svoa
    )
    assert wrong.status_code == 200
    assert frister(uid) == {"core:fordela": ("oppen", "sdn-farsta"), "core:svar": ("utgar", "trafik")}
    sent = phone.move(uid, "fordela", version=version_of(phone, uid))
    assert (sent.status_code, sent.json["organisation"]) == (200, "Stockholm Vatten och Avfall")
    assert frister(uid) == {"core:fordela": ("klar", "sdn-farsta"), "core:svar": ("oppen", "svoa")}
    water = phone_of(actors("fack_handlaggare", "svoa"))
    for key in ("ta_emot", "planera", "atgarda"):
        assert water.move(uid, key, version=version_of(phone, uid)).status_code == 200
    assert frister(uid)["core:svar"] == ("klar", "svoa")
    assert phone.move(uid, "oppna_igen", "Lampan är släckt igen.", version=version_of(phone, uid)).status_code == 200
    assert frister(uid)["core:fordela"] == ("oppen", "sdn-farsta")
    kinds = [change["kind"] for change in phone.read(uid).json["changes"]]
    assert kinds == [
        "oppna_igen", "atgarda", "planera", "ta_emot", "fordela", "hanvisa_vidare", "fordela", "granska",
    ]  # fmt: skip


def test_what_is_good_is_not_routed_and_what_is_written_off_waits_for_nobody(phone, log, frister):
    assert frister(log("positivt_bevara", nature="positivt")) == {}
    uid = log()
    assert phone.move(uid, "avskriva", "Fanns inte", version=version_of(phone, uid)).status_code == 200
    assert frister(uid) == {"core:fordela": ("utgar", "sdn-farsta")}
    assert phone.move(uid, "ta_upp_igen", "Fanns", version=version_of(phone, uid)).status_code == 200
    assert frister(uid) == {"core:fordela": ("oppen", "sdn-farsta")}


@pytest.mark.one_database
def test_of_many_frister_on_a_place_the_five_most_urgent_are_shown(scene, log, client):
    client.login(scene.leader)
    for _ in range(7):
        log()
    page = client.get(f"/platser/{scene.place}").text
    shown, _, folded = page.partition("Visa 2 till")
    assert [part.count("/skotsel/frister/") for part in (shown, folded)] == [5, 2]


def test_a_frist_of_a_walk_is_not_closed_by_hand(scene, phone, log, client, database):
    uid = log()
    with database.transaction(write=False) as session:
        frist = session.scalars(select(Deadline.uid).where(Deadline.subject_uid == uid)).one()
    client.login(scene.leader)
    page = client.get(f"/skotsel/frister/{frist}").text
    assert "Klarmarkera" not in page
    answer = client.post(
        f"/api/v1/deadlines/{frist}/moves",
        json={"move": "klarmarkera", "reason": "Nej"},
        headers=phone.headers | {"If-Match": '"1"'},
    )
    assert (answer.status_code, "följer vandringen" in answer.json["errors"][0]["message"]) == (409, True)


def test_danger_is_called_about_within_the_hour(scene, phone, log, frister, client):
    uid = log(severity=4)
    assert frister(uid)["core:ring"] == ("oppen", "sdn-farsta")
    client.login(scene.leader)
    page = client.get(f"/iakttagelser/{uid}").text
    assert "Ring sedan Trafiknämnden, och skriv" in page
    for told in (page, client.get(f"/vandringar/{scene.walk}/granska").text):
        assert f"<strong>{LIMITS[CALL]}.</strong>" in told
    address = f"/iakttagelser/{uid}/ring"
    refused = client.submit(address, {"called": ""}, page=f"/iakttagelser/{uid}")
    assert refused.status_code == 422
    assert client.submit(address, {"called": "Jouren"}, page=f"/iakttagelser/{uid}").status_code == 303
    assert frister(uid)["core:ring"] == ("klar", "sdn-farsta")
    after = client.get(f"/iakttagelser/{uid}").text
    assert "Ringt och kvitterat, Jouren" in after
    assert "Kvittera samtalet" not in after
    call = phone.read(uid).json["changes"][0]
    assert (call["kind"], call["called"], call["organisation"]) == ("ring", "Jouren", "Farsta stadsdelsnämnd")
    plain = log()
    assert (
        phone.client.post(
            f"/api/v1/observations/{plain}/calls", json={"called": "Jouren"}, headers=phone.headers
        ).status_code
        == 409
    )


def test_who_gets_it_is_proposed_and_another_takes_a_reason(scene, phone, log, client, database):
    uid = log()
    client.login(scene.leader)
    client.submit(f"/iakttagelser/{uid}/steg/granska", {"version": "1"}, page=f"/iakttagelser/{uid}")
    page = client.get(f"/iakttagelser/{uid}").text
    trafik, svoa = uid_of(database, "trafik"), uid_of(database, "svoa")
    assert f'<option value="{trafik}" selected>' in page
    version = str(version_of(phone, uid))
    known = {"version": version, "receiver": svoa, "reason": ""}
    refused = client.submit(f"/iakttagelser/{uid}/steg/fordela", known, page=f"/iakttagelser/{uid}")
    assert refused.status_code == 409
    assert "Skriv varför någon annan än den som har rådighet" in refused.text
    assert f'<option value="{svoa}" selected>' in refused.text
    known["reason"] = "Ledningen är deras."
    assert client.submit(f"/iakttagelser/{uid}/steg/fordela", known, page=f"/iakttagelser/{uid}").status_code == 303
    assert phone.read(uid).json["organisation"] == "Stockholm Vatten och Avfall"
    unknown = phone.move(log(), "fordela", version=1, receiver=str(uuid4()))
    assert (unknown.status_code, unknown.json["errors"][0]["field"]) == (422, "receiver")


def test_all_that_was_seen_is_sent_in_one_go_or_not_at_all(scene, phone, log, client):
    uids = [log("belysning", position=at(500, 500)), log("skrap_dumpning"), log("vaxtlighet_sikt")]
    log("positivt_bevara", nature="positivt")
    client.login(scene.leader)
    address = f"/vandringar/{scene.walk}/granska"
    page = client.get(address).text
    assert page.count('name="vald"') == page.count(" checked") == 3
    assert client.submit(address, {}).status_code == 422
    assert "Kryssa för minst en" in client.submit(address, {}).text
    phone.move(uids[0], "avskriva", "Fanns inte", version=1)
    late = client.submit(address, {"vald": [str(uid) for uid in uids]})
    assert (late.status_code, phone.read(uids[1]).json["state"]) == (409, "ny"), "none is sent when one cannot be"
    assert late.text.count("Iakttagelse 1, Belysning: Det du valde väntar inte längre på att fördelas.") == 1
    assert "Iakttagelse 2" not in late.text
    sent = client.submit(address, {"vald": [str(uid) for uid in uids[1:]]})
    assert sent.status_code == 303
    assert [phone.read(uid).json["state"] for uid in uids] == ["avskriven", "fordelad", "fordelad"]
    assert "Allt är fördelat" in client.get(address).text


def test_a_danger_stands_first_and_is_sent_by_a_choice_of_its_own(scene, log, client):
    lamp, stairs = log("belysning"), log("skrap_dumpning", severity=4)
    good = log("positivt_bevara", nature="positivt")
    client.login(scene.leader)
    danger, rest = client.get(f"/vandringar/{scene.walk}/granska").text.split("Övrigt (1)")
    assert f'value="{stairs}"' in danger
    assert " checked" not in danger
    assert "Skicka det valda" in danger
    assert rest.count(" checked") == rest.count('name="vald"') == rest.count(f'value="{lamp}"') == 1
    for address in (f"/vandringar/{scene.walk}", f"/vandringar/{scene.walk}/protokoll", f"/iakttagelser/{good}"):
        assert "Att behålla" in client.get(address).text, "one word wherever the good thing stands"
    assert client.submit(f"/iakttagelser/{lamp}/steg/avsluta", {"sure": "ja"}, page="/").status_code == 404
    assert client.submit(f"/vandringar/{scene.walk}/steg/planera", {}, page="/").status_code == 404


@pytest.fixture
def sent(scene, log, database):
    """Three observations at trafikkontoret, one of them dangerous, and one at the district itself."""
    uids = [log(description="Lampan"), log("skrap_dumpning", severity=4), log(), log("vaxtlighet_sikt")]
    with database.transaction():
        services.send_all(scene.leader, scene.walk, uids)
    return uids


def test_the_inbox_holds_ones_own_danger_first(scene, sent, client, actors):
    client.login(actors(*TRAFIK))
    page = client.get("/inkorg").text
    rows = [page.index(f"oppen={uid}") for uid in sent[:3]]
    assert rows[1] < rows[0] < rows[2]
    assert str(sent[3]) not in page
    assert "Kvällsvandring" in page, "whose walk it was seen on"
    assert client.get(f"/vandringar/{scene.walk}").status_code == 404, "but not what else was seen there"
    assert client.get(f"/iakttagelser/{sent[3]}").status_code == 404
    client.login(actors("falt", "trafik"))
    assert client.get("/inkorg").status_code == 403


def test_an_answer_is_given_in_place(sent, client, actors, phone):
    client.login(actors(*TRAFIK))
    opened = f"/inkorg?oppen={sent[0]}"
    address, version = f"/inkorg/{sent[0]}", str(version_of(phone, sent[0]))
    refused = client.submit(address, {"choice": "planera", "version": version}, page=opened)
    assert refused.status_code == 409
    assert "Skriv när det ska vara klart." in refused.text
    past = {"choice": "planera", "done_on": "2020-01-01", "version": version}
    assert "Dagen har redan varit" in client.submit(address, past, page=opened).text
    said = {"choice": "planera", "done_on": WHEN, "answer": "Vi byter lampan.", "version": version}
    assert client.submit(address, said, page=opened).status_code == 303
    told = phone.read(sent[0]).json
    assert (told["state"], told["answer"], told["done_on"]) == ("planerad", "Vi byter lampan.", WHEN)
    assert [change["kind"] for change in told["changes"][:2]] == ["planera", "ta_emot"]
    assert f"oppen={sent[0]}" not in client.get("/inkorg").text
    assert f"oppen={sent[0]}" in client.get("/inkorg?visa=pagar").text
    no = {"choice": "atgarda_inte", "reason": "Budget", "version": str(version_of(phone, sent[1]))}
    told = client.submit(f"/inkorg/{sent[1]}", no, page=f"/inkorg?oppen={sent[1]}")
    assert "Skriv ett svar som en boende förstår." in told.text
    stale = client.submit(f"/inkorg/{sent[2]}", said | {"version": "1"}, page=f"/inkorg?oppen={sent[2]}")
    assert stale.status_code == 409
    assert client.submit(f"/inkorg/{sent[3]}", said, page=f"/inkorg?oppen={sent[2]}").status_code == 404


def test_the_inbox_is_read_and_answered_over_the_api(sent, client, actors, phone):
    """The same rows in the same order as on the page, and the same rule behind the answer."""
    bearer = actors.token(actors(*TRAFIK))
    rows = client.get("/api/v1/inbox", headers=bearer).json["items"]
    assert [row["uid"] for row in rows] == [str(sent[number]) for number in (1, 0, 2)]
    first = rows[0]
    assert (first["severity"], first["walk"], first["place_name"]) == (4, "Kvällsvandring", "Farsta torg")
    assert first["due_on"] == first["due_at"][:10]

    def answer(number, version, **said):
        headers = bearer | {"If-Match": f'"{version}"'}
        return client.post(f"/api/v1/inbox/{sent[number]}", json=said, headers=headers)

    refused = answer(1, first["version"], choice="planera")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (409, "done_on")
    assert answer(1, first["version"] - 1, choice="ta_emot").status_code == 412
    assert answer(3, 1, choice="ta_emot").status_code == 404, "somebody else answers for that"
    planned = answer(1, first["version"], choice="planera", done_on=WHEN, answer="Vi byter lampan.")
    assert (planned.status_code, planned.json["state"], planned.json["done_on"]) == (200, "planerad", WHEN)
    parts = {part: client.get(f"/api/v1/inbox?part={part}", headers=bearer).json["items"] for part in TABS}
    assert [len(rows) for rows in parts.values()] == [2, 1, 0]
    assert client.get("/api/v1/inbox", headers=actors.token(actors("falt", "trafik"))).status_code == 403


def test_many_get_the_same_answer_after_a_look(sent, client, actors, phone):
    client.login(actors(*TRAFIK))
    picked = "&".join(f"vald={uid}" for uid in sent[:3])
    page = client.get(f"/inkorg/flera?{picked}").text
    assert "Skicka svaret till alla 3" in page
    assert [page.count(f'name="vald" value="{uid}"') for uid in sent[:4]] == [1, 1, 1, 0], "the form sends them"
    known = {"vald": [str(uid) for uid in sent[:3]], "choice": "atgarda"}
    refused = client.submit("/inkorg/flera", known, page=f"/inkorg/flera?{picked}")
    assert (refused.status_code, "Belysning: Skriv när" in refused.text) == (409, False), "it stands in the way of all"
    theirs = known | {"vald": [*known["vald"], str(sent[3])], "done_on": WHEN}
    assert client.submit("/inkorg/flera", theirs, page=f"/inkorg/flera?{picked}").status_code == 404
    assert phone.read(sent[0]).json["state"] == "fordelad"
    assert client.submit("/inkorg/flera", known | {"done_on": WHEN}, page=f"/inkorg/flera?{picked}").status_code == 303
    assert [phone.read(uid).json["state"] for uid in sent[:3]] == ["atgardas"] * 3
    assert "Du har inte valt" in client.get("/inkorg/flera").text


def test_a_wrong_receiver_says_who_and_the_coordinator_sends_it_there(scene, sent, client, actors, database):
    client.login(actors(*TRAFIK))
    svoa = uid_of(database, "svoa")
    said = {"choice": "fel_mottagare", "reason": "Brunnen är vattenverkets.", "receiver": svoa}
    assert client.submit(f"/inkorg/{sent[0]}", said, page=f"/inkorg?oppen={sent[0]}").status_code == 303
    client.login(scene.leader)
    page = client.get(f"/vandringar/{scene.walk}/granska").text
    assert "Stockholm Vatten och Avfall" in page
    client.submit(f"/vandringar/{scene.walk}/granska", {"vald": [str(sent[0])]})
    client.login(actors("fack_handlaggare", "svoa"))
    assert f"oppen={sent[0]}" in client.get("/inkorg").text


def test_who_answered_does_not_confirm(scene, phone, log):
    """The district's own park: whoever planned the work is not the one who says that it is done (four eyes)."""
    uid = log("vaxtlighet_sikt")
    for key in ("granska", "fordela", "ta_emot", "planera"):
        phone.move(uid, key, version=version_of(phone, uid))
    phone.move(uid, "atgarda", version=version_of(phone, uid))
    assert phone.move(uid, "verifiera", version=version_of(phone, uid)).status_code == 409


def test_the_inbox_asks_as_often_however_much_there_is(scene, log, actors, database, queries):
    officer, counts = actors(*TRAFIK), []
    for _ in range(2):
        uids = [log() for _ in range(4)]
        with database.transaction():
            services.send_all(scene.leader, scene.walk, uids)
        with database.transaction(write=False), queries() as asked:
            services.list_inbox(officer)
            services.count_inbox(officer)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6, "what is read, and how the transaction begins"


def test_two_windows_that_answer_the_same_are_told_what_was_written_and_by_whom(log, phone, client, actors, database):
    """In the words of the form, with the choices' titles; who and when as far as the reader may know."""
    uid, first = log(), actors(*TRAFIK)
    for key in ("granska", "fordela"):
        phone.move(uid, key, version=version_of(phone, uid))
    known = {"choice": "fel_mottagare", "reason": "Inte vår.", "receiver": uid_of(database, "svoa")}
    known["version"] = str(version_of(phone, uid))
    there = {"page": f"/inkorg?oppen={uid}"}
    for who, told in ((first, "Du har själv ändrat det här i ett annat fönster, "), (actors(*TRAFIK), " hann ändra")):
        client.login(who)
        answer = client.submit(f"/inkorg/{uid}", known | {"choice": "ta_emot"}, **there)
        answer = client.submit(f"/inkorg/{uid}", known, **there) if answer.status_code == 303 else answer
        assert answer.status_code == 409
        assert told in answer.text
        assert "<dt>Vad gör ni?</dt>" in answer.text
        assert "<dd>Stockholm Vatten och Avfall" in answer.text
        assert "fel_mottagare" not in answer.text
        assert known["receiver"] not in answer.text
