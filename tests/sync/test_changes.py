"""Changes that phones have made, field by field (sync-cases.md 20 to 28)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from core.walks.models import Walk
from tests.sync.conftest import SyncPhone
from tests.walks.scene import at


@pytest.fixture
def seen(scene, leader):
    """An observation that the city has."""
    uid = uuid4()
    leader.log(uid, scene.walk, description="Mörkt", severity=2, position=at(500, 500))
    return uid


def words(answer):
    return answer.status_code, answer.json["state"], answer.json["fields"]


def test_on_the_newest_version_it_is_applied(scene, walker, leader, seen):
    answer = walker.tell(seen, {"severity": 2, "place": None}, {"severity": 3, "place": str(scene.place)})
    assert words(answer) == (200, "applied", [])
    assert answer.json["version"] == 2
    now = leader.read(seen).json
    assert (now["severity"], now["description"], now["version"]) == (3, "Mörkt", 2)


def test_on_an_older_version_other_fields_are_merged_and_what_stood_is_journalled(walker, leader, seen, journalled):
    leader.change(seen, version=1, description="Mörkt vid trappan")
    assert words(walker.tell(seen, {"severity": 2}, {"severity": 4})) == (200, "merged", [])
    now = leader.read(seen).json
    assert (now["severity"], now["description"]) == (4, "Mörkt vid trappan")
    assert journalled(seen, "observation:change")[-1]["before"] == {"severity": 2}


def test_two_phones_out_of_reach_merge_where_apart_and_a_person_chooses_where_they_meet(
    walker, leader, seen, actors, sync_phone, journalled
):
    """Both know version 1: the first to come is applied, of the other what lies apart."""
    other = sync_phone(actors("falt", "sdn-farsta"))
    first = walker.tell(seen, {"severity": 2, "description": "Mörkt"}, {"severity": 3, "description": "Helt svart"})
    change = uuid4()
    before = {"description": "Mörkt", "season": "", "severity": 2}
    second = other.tell(seen, before, {"description": "Lyktan blinkar", "season": "host", "severity": 3}, uid=change)
    assert (words(first), words(second)) == ((200, "applied", []), (200, "review", ["description"]))
    now = leader.read(seen).json
    assert (now["description"], now["season"], now["severity"]) == ("Helt svart", "host", 3)

    [waits] = leader.waiting()
    assert (waits["uid"], waits["record"], waits["own"]) == (str(change), str(seen), False)
    [field] = waits["fields"]
    sides = {"mine": "Lyktan blinkar", "theirs": "Helt svart", "both": True}
    assert field == {"name": "description", "label": "Beskrivning"} | sides
    assert (waits["who"], waits["theirs_at"] is not None) == ("Fältpersonal", True)
    assert [one["uid"] for one in other.waiting(mine="true")] == [str(change)]

    done = leader.choose(change, waits["version"], {"description": "both"})
    now = leader.read(seen).json
    assert (done.status_code, done.json["state"], done.json["record_version"]) == (200, "settled", now["version"])
    assert now["description"] == done.json["fields"]["description"] == "Helt svart\n\nLyktan blinkar"
    [line] = journalled(seen, "observation:choose")
    assert line == {
        "change": str(change), "chosen": {"description": "both"}, "overridden": {"description": "Helt svart"},
    }  # fmt: skip
    assert leader.waiting() == []
    again = leader.choose(change, waits["version"], {"description": "mine"})
    assert again.status_code == 412


@pytest.mark.parametrize(("choice", "stands", "kept"), [("mine", 4, 3), ("theirs", 3, 4)])
def test_what_was_not_chosen_is_in_the_journal(walker, leader, seen, journalled, choice, stands, kept):
    leader.change(seen, version=1, severity=3)
    change = uuid4()
    walker.tell(seen, {"severity": 2}, {"severity": 4}, uid=change)
    [waits] = walker.waiting()  # who sent it chooses too, in the phone
    assert walker.choose(change, waits["version"], {"severity": choice}).status_code == 200
    assert leader.read(seen).json["severity"] == stands
    assert journalled(seen, "observation:choose")[0]["overridden"] == {"severity": kept}


@pytest.mark.one_database
def test_a_choice_that_cannot_be_is_refused_at_its_field(walker, leader, seen):
    leader.change(seen, version=1, severity=3, description="x" * 3990)
    change = uuid4()
    walker.tell(seen, {"severity": 2, "description": "Mörkt"}, {"severity": 4, "description": "Helt svart"}, uid=change)
    [waits] = leader.waiting()
    for wrong, field in (
        ({"severity": "mine"}, "choices.description"),
        ({"severity": "both", "description": "mine"}, "choices.severity"),
        ({"severity": "mine", "description": "both"}, "choices.description"),
        ({"severity": "mine", "description": ["mine"]}, "choices.description"),
        ({"severity": "mine", "description": "mine", "nature": "mine"}, "choices.nature"),
    ):
        refused = leader.choose(change, waits["version"], wrong)
        assert (refused.status_code, [error["field"] for error in refused.json["errors"]]) == (422, [field])
    assert leader.read(seen).json["severity"] == 3


def test_the_same_change_twice_is_one_and_another_under_its_uid_changes_nothing(walker, leader, seen):
    change = uuid4()
    first = walker.tell(seen, {"severity": 2}, {"severity": 3}, uid=change)
    assert walker.tell(seen, {"severity": 2}, {"severity": 3}, uid=change).json == first.json
    assert walker.tell(seen, {"severity": 2}, {"severity": 4}, uid=change).status_code == 409
    assert leader.tell(seen, {"severity": 2}, {"severity": 3}, uid=change).status_code == 409
    assert leader.read(seen).json["version"] == 2


def test_it_comes_before_what_it_changes(scene, walker, leader, work, change_of):
    seen, change = uuid4(), uuid4()
    assert words(walker.tell(seen, {"description": "Mörkt"}, {"description": "Svart"}, uid=change))[1] == "held"
    walker.send(seen, scene.walk, description="Mörkt")
    work()
    assert leader.read(seen).json["description"] == "Svart"
    assert change_of(change).state == "applied"


def test_what_never_comes_leaves_its_changes_in_a_list_after_five_days(
    scene, walker, work, clock, change_of, sync_phone
):
    clock.stop_at(scene.now)
    seen, change = uuid4(), uuid4()
    walker.tell(seen, {"severity": 2}, {"severity": 3}, uid=change)
    clock.pass_by(days=5)
    work()
    assert (change_of(change).state, change_of(change).reason) == ("review", "record_never")
    leader = sync_phone(scene.leader)  # with a key of today
    [waits] = leader.waiting(part="utan")
    refused = leader.choose(change, waits["version"], {"severity": "mine"})
    assert refused.status_code == 409
    assert leader.choose(change, waits["version"], {"severity": "theirs"}).json["state"] == "settled"


def test_what_one_does_not_reach_looks_as_what_has_not_come(walker, seen, actors, sync_phone):
    stranger = sync_phone(actors("falt", "sdn-jarva"))
    change = uuid4()
    one = stranger.tell(seen, {"severity": 2}, {"severity": 3}, uid=change).json
    other = stranger.tell(uuid4(), {"severity": 2}, {"severity": 3}).json
    strip = ("uid",)
    assert {k: v for k, v in one.items() if k not in strip} == {k: v for k, v in other.items() if k not in strip}
    assert (one["state"], one["version"]) == ("held", None)
    assert [waits["uid"] for waits in walker.waiting()] == []
    assert {waits["fields"][0]["theirs"] for waits in stranger.waiting(part="utan")} == {""}


CLOSED = {
    "routed": lambda leader, seen: [leader.move(seen, "granska", version=1), leader.move(seen, "fordela", version=2)],
    "written_off": lambda leader, seen: [leader.move(seen, "avskriva", "Inget fel.", version=1)],
    "merged": lambda leader, seen: [leader.log(other := uuid4(), leader.walk, description="Samma"),
                                    leader.move(seen, "markera_dubblett", kept=str(other), version=1)],
}  # fmt: skip


@pytest.mark.parametrize("why", CLOSED)
def test_what_was_closed_meanwhile_lists_the_change_and_a_person_decides(scene, walker, leader, seen, why):
    leader.walk = scene.walk
    assert {answer.status_code for answer in CLOSED[why](leader, seen)} <= {200, 201}
    version, change = leader.read(seen).json["version"], uuid4()
    answer = walker.tell(seen, {"severity": 2, "season": ""}, {"severity": 2, "season": "host"}, uid=change)
    assert (answer.json["state"], answer.json["reason"], answer.json["fields"]) == ("review", why, ["season"])
    assert leader.read(seen).json["version"] == version
    [waits] = leader.waiting()
    assert leader.choose(change, waits["version"], {"season": "mine"}).status_code == 200
    assert leader.read(seen).json["season"] == "host"


def test_of_a_walk_that_is_adjusted_nothing_is_changed_and_nothing_is_lost(scene, walker, leader, seen, database):
    with database.transaction() as session:
        session.query(Walk).filter_by(uid=scene.walk).one().state = "protokoll_justerat"
    change = uuid4()
    answer = walker.tell(seen, {"severity": 2}, {"severity": 4}, uid=change)
    assert (answer.json["state"], answer.json["reason"]) == ("review", "walk_adjusted")
    [waits] = leader.waiting()
    refused = leader.choose(change, waits["version"], {"severity": "mine"})
    assert (refused.status_code, leader.read(seen).json["severity"]) == (409, 2)
    assert leader.choose(change, waits["version"], {"severity": "theirs"}).status_code == 200


def test_desk_and_phone_in_the_same_second(app, scene, walker, leader, seen):
    """Whichever is first: nothing of the other is lost, and nothing silently overwritten."""
    desk, phone = (SyncPhone(app.test_client(), one.headers) for one in (leader, walker))
    with ThreadPoolExecutor(2) as pool:
        changed = pool.submit(desk.change, seen, version=1, severity=3, description="Skrivbordet")
        told = pool.submit(phone.tell, seen, {"severity": 2, "season": ""}, {"severity": 4, "season": "host"})
        changed, told = changed.result(), told.result()
    now = leader.read(seen).json
    assert now["season"] == "host"
    if changed.status_code == 200:
        assert (words(told), now["severity"]) == ((200, "review", ["severity"]), 3)
    else:
        assert (changed.status_code, words(told), now["severity"]) == (412, (200, "applied", []), 4)


def test_a_position_and_a_place_that_nobody_chose(scene, walker, leader, seen):
    """The phone left the place to the city; degrees lose a little on their way to the grid."""
    there = at(500, 500) | {"accuracy_m": None, "source": "gps"}
    moved = at(1500, 500) | {"accuracy_m": 4.0, "source": "karta"}
    assert words(walker.tell(seen, {"position": there}, {"position": moved})) == (200, "applied", [])
    now = leader.read(seen).json
    assert (now["place"], now["position"]["source"]) == (None, "karta")
    before, version = {"place": None, "position": moved}, now["version"]
    here = walker.tell(seen, before, {"place": str(scene.place), "position": None}, base=version)
    assert words(here) == (200, "applied", [])
    now = leader.read(seen).json
    assert (now["place"], now["position"]) == (str(scene.place), None)


@pytest.mark.one_database
def test_what_cannot_be_read_is_refused_by_field(walker, leader, seen):
    for before, fields, field in (
        ({"severity": 2}, {"severity": 9}, "fields.severity"),
        ({"severity": 2}, {"season": "host"}, "before"),
        ({}, {}, "before"),
        ({"state": "ny"}, {"state": "verifierad"}, "before.state"),
        ({"description": ""}, {"description": "a\0b"}, "fields.description"),
    ):
        refused = walker.tell(seen, before, fields)
        assert (refused.status_code, field in [error["field"] for error in refused.json["errors"]]) == (422, True)
    kept = walker.tell(seen, {"place": None}, {"place": str(uuid4())})  # one that nobody has is for a person
    assert words(kept) == (200, "review", ["place"])
    assert leader.read(seen).json["version"] == 1


def test_the_receipts_tell_where_what_one_has_sent_stands(scene, walker, leader):
    """Each has its own state and reason; a colleague's are not told."""
    here, kept, change, waits = (uuid4() for _ in range(4))
    walker.send(here, scene.walk)
    walker.send(kept, uuid4())
    walker.tell(here, {"season": ""}, {"season": "host"}, uid=change)
    walker.tell(uuid4(), {"season": ""}, {"season": "host"}, uid=waits)
    leader.tell(here, {"weekday": ""}, {"weekday": "lordag"})
    told = walker.client.get("/api/v1/field/receipts", headers=walker.headers).json
    assert [one["uid"] for one in told["items"]] == [str(here)]
    states = {one["uid"]: (one["state"], one["reason"], bool(one["title"])) for one in told["changes"]}
    assert states == {
        str(kept): ("held", "walk", True),
        str(change): ("applied", "", False),
        str(waits): ("held", "record", True),
    }
    assert {one["record"] for one in told["changes"]} >= {str(here), str(kept)}


def test_the_kind_and_its_answers_are_changed_together(walker, leader, seen, journalled):
    """What was one thing in the dark is another by day."""
    light, paint = {"kind": "belysning", "details": {}}, {"kind": "klotter:klotter", "details": {"hateful": True}}
    assert words(walker.tell(seen, {"what": light}, {"what": paint})) == (200, "applied", [])
    now = leader.read(seen).json
    assert (now["kind"], now["title"], [one["text"] for one in now["details"]]) == (paint["kind"], "Klotter", ["Ja"])
    assert journalled(seen, "observation:change")[-1]["before"]["kind"] == "belysning"

    leader.change(seen, version=2, what={"kind": "skadegorelse"})
    answer = walker.tell(seen, {"what": paint}, {"what": {"kind": "klotter:klotter", "details": {}}}, base=2)
    assert words(answer) == (200, "review", ["what"])
    [field] = leader.waiting()[0]["fields"]
    assert (field["theirs"], field["mine"], field["both"]) == (
        "Skadegörelse",
        "Klotter, Det är hat, rasism eller hot, Nej",
        False,
    )


def test_answers_that_the_kind_does_not_take_wait_for_a_person(walker, seen):
    light, odd = {"kind": "belysning", "details": {}}, {"kind": "klotter:klotter", "details": {"hateful": "mycket"}}
    answer = walker.tell(seen, {"what": light}, {"what": odd})
    assert (answer.json["state"], answer.json["reason"]) == ("review", "unfit")
