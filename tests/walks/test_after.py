"""After the walk: who adjusts the protocol, what residents read, who came, what was logged twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import select, text, update

from core import access
from core import clock as core_clock
from core.people.services import organisation
from core.places.models import Asset
from core.testing.people import LONG_AGO
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.models import Walk
from tests.walks.scene import EAST, NORTH, at


@pytest.fixture
def log(scene, phone):
    def log(kind="belysning", **more):
        uid = uuid4()
        assert phone.log(uid, scene.walk, kind=kind, **more).status_code == 201
        return uid

    return log


def plan(phone, uid, **known):
    version = phone.client.get(f"/api/v1/walks/{uid}", headers=phone.headers).json["version"]
    headers = phone.headers | {"If-Match": f'"{version}"'}
    answer = phone.client.patch(f"/api/v1/walks/{uid}", json=known, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json["version"]


def go(phone, uid, *keys):
    for key in keys:
        version = phone.client.get(f"/api/v1/walks/{uid}", headers=phone.headers).json["version"]
        answer = phone.move(uid, key, version=version, what="walks")
    return answer


def test_two_people_adjust_the_protocol(scene, phone, phone_of, actors, database, log, client):
    """The note taker and a co-organiser: not one of them alone, not the same twice, not the leader instead."""
    writer, friend = phone_of(actors("falt", "sdn-farsta")), phone_of(actors("fof_samordnare", "demo-forening"))
    log(description="Lampan är trasig.")
    log("positivt_bevara", nature="positivt", description="Blommorna")
    with database.transaction(write=False):
        partner = str(organisation("demo-forening").uid)
    go(phone, scene.walk, "starta", "avsluta", "skriva_protokoll")
    nobody = go(phone, scene.walk, "justera")
    assert (nobody.status_code, nobody.json["errors"][0]["message"][:20]) == (409, "Skriv först i planen")
    plan(phone, scene.walk, note_taker=str(writer.holder.uid), partners=[partner])
    assert go(phone, scene.walk, "justera").status_code == 409, "she leads, and there is a co-organiser"
    first = go(writer, scene.walk, "justera")
    assert (first.status_code, first.json["state"]) == (200, "protokoll_utkast")
    again = go(writer, scene.walk, "justera")
    assert (again.status_code, "redan justerat" in again.json["errors"][0]["message"]) == (409, True)
    client.login(friend.holder)
    page = client.get(f"/vandringar/{scene.walk}/protokoll").text
    for words in ("Lampan är trasig.", "den som antecknade", "Nu väntar protokollet på den andra", "Trafiknämnden"):
        assert words in page
    done = go(friend, scene.walk, "justera")
    assert (done.status_code, done.json["state"]) == (200, "protokoll_justerat")


def test_without_co_organisers_the_samordnare_is_the_other_one(scene, phone, phone_of, actors):
    writer = phone_of(actors("falt", "sdn-farsta"))
    plan(phone, scene.walk, note_taker=str(writer.holder.uid))
    go(phone, scene.walk, "starta", "avsluta", "skriva_protokoll")
    assert go(phone, scene.walk, "justera").json["state"] == "protokoll_utkast"
    assert go(writer, scene.walk, "justera").json["state"] == "protokoll_justerat"


def test_residents_read_answers_and_nothing_internal(scene, phone, phone_of, actors, log, client):
    uid, office = log(description="Lampan är trasig."), phone_of(actors("tk_drift", "trafik"))
    for who, key, more in (
        (phone, "granska", {}),
        (phone, "fordela", {}),
        (office, "ta_emot", {}),
        (office, "atgarda_inte", {"reason": "Ingen budget i år", "answer": "Gatan byggs om."}),
    ):
        reason = more.pop("reason", "")
        assert who.move(uid, key, reason, version=phone.read(uid).json["version"], **more).status_code == 200
    client.login(scene.leader)
    page = client.get(f"/vandringar/{scene.walk}/aterkoppling").text
    assert "Gatan byggs om." in page
    assert "Lampan är trasig." in page
    assert "Ingen budget" not in page
    assert "Trafiknämnden" not in page


def test_a_walk_is_followed_up_by_another_that_takes_over_its_way(scene, phone, client, database, clock, actors):
    stops = [{"name": "Trappan", "questions": ["Ser man?"]}]
    route = {"type": "LineString", "coordinates": [list(at(x, 0).values())[::-1] for x in (0, 100)]}
    plan(phone, scene.walk, stops=stops, route=route)
    client.login(scene.leader)
    page = client.get(f"/vandringar/ny?foljer={scene.walk}").text
    assert 'value="Uppföljning: Kvällsvandring"' in page
    held = core_clock.local(scene.now).date()
    assert f"från {held + timedelta(days=90)} till {held + timedelta(days=184)}" in page
    with database.transaction(write=False):
        number = services.read_walk(scene.leader, scene.walk).places[0].number
    known = {"title": "Igen", "theme": "allman", "organiser": "sdn-farsta", "places": number}
    known |= {"planned_at": "2030-05-01 18.00", "follows": str(scene.walk)}
    made = client.submit("/vandringar/ny", known).headers["Location"].split("/")[2]
    told = phone.client.get(f"/api/v1/walks/{made}", headers=phone.headers).json
    assert (told["follows"], told["stops"][0]["name"], told["length_m"]) == (str(scene.walk), "Trappan", 100)
    assert any("tre till sex månader" in words for words in told["warnings"])
    assert f"/vandringar/{made}" in client.get(f"/vandringar/{scene.walk}").text
    assert f"/vandringar/{scene.walk}" in client.get(f"/vandringar/{made}").text
    go(phone, scene.walk, "starta", "avsluta")
    with database.transaction() as session:
        session.execute(text("UPDATE walk SET state = 'utskickat' WHERE title = 'Kvällsvandring'"))
    clock.pass_by(days=30)
    phone.headers = actors.token(scene.leader)
    go(phone, scene.walk, "aterkoppla")
    with database.transaction(write=False) as session:
        due = session.scalars(select(Deadline.due_on).where(Deadline.kind == "core:uppfoljning")).one()
        assert due == core_clock.local(scene.now).date() + timedelta(days=184), "from the walk, not from the feedback"
    assert go(phone, scene.walk, "folja_upp").status_code == 409
    go(phone, made, "starta", "avsluta")
    assert go(phone, scene.walk, "folja_upp").status_code == 200


def test_the_same_thing_twice_is_found_merged_or_kept(scene, phone, log, client, database):
    near = [log(position=at(500 + metres, 500)) for metres in (0, 10, 24)]
    log("skrap_dumpning", position=at(500, 500))
    far = log(position=at(560, 500))
    client.login(scene.leader)
    assert "Granska 2 möjliga dubbletter" in client.get(f"/vandringar/{scene.walk}").text
    address = f"/vandringar/{scene.walk}/dubbletter"
    page = client.get(address).text
    assert "Belysning, 10 meter isär" in page
    assert "Belysning, 14 meter isär" in page
    assert str(far) not in page
    kept = {"kept": str(near[0]), "other": str(near[1])}
    assert client.submit(address, kept | {"what": "sla_ihop"}).status_code == 303
    told = phone.read(near[1]).json
    assert (told["state"], told["duplicate_of"]) == ("dubblett", str(near[0]))
    assert "Hit hör också" in client.get(f"/iakttagelser/{near[0]}").text
    assert "Den här är samma som" in client.get(f"/iakttagelser/{near[1]}").text
    assert "Inga dubbletter att granska." in client.get(address).text
    two = [log(position=at(460 + metres, 460)) for metres in (0, 5)]
    pair = {"kept": str(two[0]), "other": str(two[1]), "what": "behall"}
    assert client.submit(address, pair).status_code == 303
    assert "Inga dubbletter att granska." in client.get(address).text
    here = f"/iakttagelser/{two[1]}"
    page = client.get(here).text
    assert f'<option value="{two[0]}">' in page
    assert f'<option value="{two[1]}">' not in page
    known = {"kept": str(two[1]), "reason": "", "version": str(phone.read(two[1]).json["version"])}
    assert "Välj en annan iakttagelse" in client.submit(f"{here}/steg/markera_dubblett", known, page=here).text
    assert client.submit(f"{here}/steg/markera_dubblett", known | {"kept": str(two[0])}, page=here).status_code == 303
    assert phone.read(two[1]).json["duplicate_of"] == str(two[0])
    wrong = {"kept": str(two[0]), "other": str(two[0]), "what": "sla_ihop"}
    assert (
        client.submit(f"/vandringar/{scene.walk}/dubbletter", wrong, page=f"/iakttagelser/{two[0]}").status_code == 422
    )


def test_what_a_duplicate_is_the_same_as_holds_until_it_is_taken_up_again(phone, log, client, scene):
    """Whoever marks it, on a page or over the API; never two as the same as each other, nor as what is written off."""
    first, second, gone = log(), log("skrap_dumpning"), log()

    def move(uid, key, reason="", **more):
        return phone.move(uid, key, reason, version=phone.read(uid).json["version"], **more)

    assert move(gone, "avskriva", "Fanns inte").status_code == 200
    refused = move(second, "markera_dubblett", kept=str(gone))
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "kept")
    client.login(scene.leader)
    here = f"/iakttagelser/{second}"
    page = client.get(here).text
    assert (f'<option value="{first}">' in page, f'<option value="{gone}">' in page) == (True, False)
    marked = move(second, "markera_dubblett", kept=str(first))
    assert (marked.status_code, marked.json["duplicate_of"]) == (200, str(first))
    assert move(first, "markera_dubblett", kept=str(second)).status_code == 422
    late = client.submit(f"{here}/steg/markera_dubblett", {"kept": str(first), "reason": "", "version": "1"}, page="/")
    assert late.status_code == 409
    assert "<dd>1. Belysning</dd>" in late.text
    assert str(first) not in late.text
    assert move(second, "ta_upp_igen", "Det var två.").status_code == 200
    again = move(second, "markera_dubblett", "Samma som i fjol.")
    assert (again.status_code, again.json["duplicate_of"]) == (200, None)
    assert "Den här är samma som" not in client.get(here).text


def test_two_are_not_marked_as_the_same_as_each_other_at_once(scene, phone, log, database):
    """The one who comes second waits for what the first one decides."""
    first, second = log(), log()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            services.move_observation(scene.leader, first, "markera_dubblett", services.Answer(kept=second))
            late = pool.submit(phone.move, second, "markera_dubblett", version=1, kept=str(first))
            with pytest.raises(TimeoutError):
                late.result(timeout=0.2)
        assert late.result().status_code == 422


def test_what_is_near_is_found_by_the_spatial_index(scene, database):
    box = (EAST + 400, NORTH + 400, EAST + 600, NORTH + 600)
    with database.transaction(write=False) as session:
        query = services.near_query(scene.leader, box, {"belysning"})
        compiled = query.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
        if database.embedded:
            explained = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {compiled}", tuple(compiled.params[name] for name in compiled.positiontup)
            )
            assert "idx_observation_point" in " ".join(str(row) for row in explained)
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            explained = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
            assert "idx_observation_point" in " ".join(str(row) for row in explained)


def test_participants_are_counts_and_few_are_not_told_apart(scene, phone, client, actors):
    client.login(scene.leader)
    address = f"/vandringar/{scene.walk}/deltagare"
    assert "Inga deltagare" in client.get(address).text
    for category, count in (("boende", 22), ("polis", 2), ("forening", 3)):
        assert client.submit(address, {"category": category, "count": str(count)}).status_code == 303
    client.submit(address, {"category": "forening", "count": "0"})
    assert client.submit(address, {"category": "boende", "count": "-1"}).status_code == 422
    page = client.get(address).text
    assert "24 deltog" in page
    assert "Föreningar</th>" not in page
    assert "Det är fler än 20 deltagare i varje grupp." in client.get(f"/vandringar/{scene.walk}").text
    plan(phone, scene.walk, groups=2)
    assert "Det är fler än 20" not in client.get(f"/vandringar/{scene.walk}").text
    client.login(actors("slk_handlaggare", "slk"))
    others = client.get(address).text
    assert "24 deltog" in others
    assert "Bara summan visas" in others
    assert "Polis</th>" not in others


def test_participants_stay_as_the_adjusted_protocol_tells_them(scene, client, database):
    client.login(scene.leader)
    address = f"/vandringar/{scene.walk}/deltagare"
    assert client.submit(address, {"category": "boende", "count": "22"}).status_code == 303
    with database.transaction() as session:
        session.execute(update(Walk).values(state="protokoll_justerat"))
    refused = client.submit(address, {"category": "boende", "count": "0"}, page="/")
    assert refused.status_code == 409
    assert "Då går det inte att ändra hur många som deltog." in refused.text
    page = client.get(address).text
    assert "22 deltog" in page
    assert 'name="count"' not in page


def test_an_observation_is_changed_with_all_that_belongs_to_it(scene, phone, log, client, actors):
    uid = log(time_of_day="kvall", affected=["barn"], asset_ref="10442")
    client.login(scene.leader)
    page = client.get(f"/iakttagelser/{uid}").text
    for words in ("Kväll", "Barn", "10442"):
        assert words in page
    address = f"/iakttagelser/{uid}/andra"
    known = {
        "nature": "forslag",
        "severity_key": "3",
        "season": "vinter",
        "affected": ["aldre", "unga"],
        "version": "1",
    }
    known |= {"proposed_measure": "Sätt upp en lampa till", "description": "Mörkt"}
    assert client.submit(address, known | {"severity_key": "9"}).status_code == 422
    assert client.submit(address, known).status_code == 303
    told = phone.read(uid).json
    names = ("nature", "severity", "season", "affected", "proposed_measure", "asset_ref", "time_of_day")
    assert [told[name] for name in names] == [
        "forslag",
        3,
        "vinter",
        ["aldre", "unga"],
        "Sätt upp en lampa till",
        "",
        "",
    ]
    assert client.submit(address, known).status_code == 409, "somebody has changed it since"
    client.login(actors("tk_drift", "trafik"))
    assert client.get(address).status_code == 403


def test_a_number_is_the_nearest_thing_with_it_in_the_register(scene, phone, log, client, database, actors):
    """Chosen among the nearest on the page, or written on a phone; another number stays as it was written."""
    with database.transaction() as session:
        for kind, number, east in (("bank", "10442", 640), ("belysning", "10442", 505), ("belysning", "7", 2000)):
            point = Point(EAST + east, NORTH + 500)
            session.add(Asset(uid=uuid4(), kind=kind, number=number, point=point, valid_from=LONG_AGO))
    here = log(asset_ref=" 10442", position=at(500, 500))
    lamp = client.get("/api/v1/assets?number=10442&kind=belysning", headers=phone.headers).json["items"][0]["uid"]
    assert phone.read(here).json["asset"] == lamp
    client.login(scene.leader)
    assert "Belysningsstolpe 10442" in client.get(f"/iakttagelser/{here}").text
    form = client.get(f"/iakttagelser/{here}/andra").text
    assert re.findall(r'<option value="(\w+)">(Belysningsstolpe|Bänk)', form) == [
        ("10442", "Belysningsstolpe"), ("10442", "Bänk")
    ]  # fmt: skip
    assert 'list="f-asset_ref-forslag"' in form
    far = {"nature": "brist", "severity_key": "2", "version": "1", "asset_ref": "7"}
    assert client.submit(f"/iakttagelser/{here}/andra", far).status_code == 303
    assert (phone.read(here).json["asset"], phone.read(here).json["asset_ref"]) == (None, "7")
    without = log(asset_ref="10442")
    assert phone.read(without).json["asset"] == lamp, "from the middle of the place"
    moved = phone.change(without, version=1, position=at(640, 500))
    assert (moved.status_code, moved.json["asset"] not in (None, lamp)) == (200, True)


def test_a_dark_walk_without_anything_good_is_asked_about(scene, phone, log):
    log()
    assert "Finns det något att bevara?" in str(go(phone, scene.walk, "starta", "avsluta").json["warnings"])
    log("positivt_bevara", nature="positivt")
    told = phone.client.get(f"/api/v1/walks/{scene.walk}", headers=phone.headers).json
    assert told["warnings"] == []
    assert access.rule_of(Walk, scene.leader) is not None


def test_what_is_done_is_told_as_done_with_its_day_and_taken_back_until_it_is_confirmed(
    scene, phone, phone_of, actors, log, client
):
    """The promise before it is told no longer; the protocol says when, where, by whom, and how it stands now."""
    uid, office = log(description="Lampan är trasig."), phone_of(actors("tk_drift", "trafik"))

    def move(who, key, reason="", **more):
        return who.move(uid, key, reason, version=phone.read(uid).json["version"], **more)

    for who, key, more in (
        (phone, "granska", {}),
        (phone, "fordela", {}),
        (office, "ta_emot", {}),
        (office, "planera", {"answer": "Vi byter lampan."}),
    ):
        assert move(who, key, **more).status_code == 200
    late = move(office, "atgarda", done_on="2199-12-31")
    assert (late.status_code, late.json["errors"][0]["field"]) == (409, "done_on")
    assert move(office, "atgarda").status_code == 200
    client.login(scene.leader)
    day = f"Klart {core_clock.today().isoformat()}"
    told = client.get(f"/vandringar/{scene.walk}/aterkoppling").text
    assert ("Det är åtgärdat." in told, day in told, "Vi byter" in told, "2199" in told) == (True, True, False, False)
    assert move(office, "andra_svar", "Den slocknade igen.").status_code == 200
    assert "Vi väntar på svar." in client.get(f"/vandringar/{scene.walk}/aterkoppling").text
    assert move(office, "atgarda", answer="Lampan är bytt.").status_code == 200
    assert move(phone, "verifiera").status_code == 200
    assert move(office, "andra_svar", "För sent").status_code == 409
    assert "åtgärdat och kontrollerat. Lampan är bytt." in client.get(f"/vandringar/{scene.walk}/aterkoppling").text
    plan(phone, scene.walk, purpose="Ser man vägen?", weather="Klart och kallt", leader=str(scene.leader.uid))
    protocol = client.get(f"/vandringar/{scene.walk}/protokoll").text
    for words in ("Farsta torg", "Ser man vägen?", "Klart och kallt", scene.leader.name, "Bekräftad", day[6:]):
        assert words in protocol
