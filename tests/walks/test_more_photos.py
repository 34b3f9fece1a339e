"""Photos that are added to what has come, and photos that are taken back (sync-cases.md 10, 19)."""

from itertools import permutations
from uuid import uuid4

import pytest

from tests.media.samples import encoded
from tests.walks.scene import address

JPEG = encoded("image/jpeg")


def add(phone, record, photo, **said):
    return phone.client.put(f"/api/v1/observations/{record}/photos/{photo}", json=said, headers=phone.headers)


def take_back(phone, photo):
    return phone.client.delete(address(photo), headers=phone.headers).status_code


def states(phone, uid):
    return {photo["uid"]: photo["state"] for photo in phone.read(uid).json["photos"]}


def test_one_more_photo_of_what_has_come_is_listed_once(scene, phone, phone_of, actors):
    uid, photo, before = uuid4(), uuid4(), uuid4()
    phone.log(uid, scene.walk)
    said = {"uid": str(photo), "role": "efter", "direction": 12, "pairs_with": str(before), "bytes": len(JPEG)}
    first = add(phone, uid, photo, **said)
    assert (first.status_code, first.json["state"], first.json["pairs_with"]) == (201, "saknas", str(before))
    assert phone.resume(photo, JPEG).status_code == 200
    again = add(phone, uid, photo, **said)
    assert (again.status_code, again.json["state"]) == (201, "mottagen")
    assert states(phone, uid) == {str(photo): "mottagen"}
    assert add(phone, uid, photo, **said | {"role": "fore"}).status_code == 409
    other = add(phone, uid, uuid4(), uid=str(photo))
    assert (other.status_code, other.json["errors"][0]["field"]) == (422, "uid")
    assert add(phone_of(actors("falt", "sdn-jarva")), uid, uuid4(), role="efter").status_code == 404


@pytest.mark.parametrize("pieces", [0, 1])
def test_a_photo_that_is_taken_back_never_comes(scene, phone, phone_of, actors, database, pieces):
    uid, photo = uuid4(), uuid4()
    phone.log(uid, scene.walk, photos=[{"uid": str(photo)}])
    if pieces:
        phone.piece(photo, JPEG[:500], length=len(JPEG))
    colleague = phone_of(actors("falt", "sdn-farsta"))
    assert take_back(colleague, photo) == 404
    assert (take_back(phone, photo), take_back(phone, photo)) == (204, 204)
    assert states(phone, uid) == {}, "it is no longer missing"
    for data in (JPEG, JPEG[:500]):
        refused = phone.piece(photo, data, length=len(JPEG))
        assert refused.status_code == 409
        assert "borttaget" in refused.json["detail"]
    assert list((database.settings.data_dir / "parts").glob("*")) == []


def test_a_photo_that_somebody_else_has_begun_to_send_is_hers(scene, phone, phone_of, actors):
    """Its record has not come yet, so that nothing but the part says whose it is."""
    photo = uuid4()
    assert phone.piece(photo, JPEG[:500], length=len(JPEG)).status_code == 204
    assert take_back(phone_of(actors("falt", "sdn-farsta")), photo) == 404
    assert phone.resume(photo, JPEG).status_code == 200
    phone.piece(own := uuid4(), JPEG[:500], length=len(JPEG))
    assert take_back(phone, own) == 204


def test_in_whatever_order_it_is_listed_sent_and_taken_back_it_is_gone(scene, phone):
    """What is known of by nobody is remembered as taken back, for its record may come later."""
    ends = set()
    for order in permutations(("list", "take back", "list again")):
        uid, photo = uuid4(), uuid4()
        for step in order:
            if step == "take back":
                assert take_back(phone, photo) == 204
            else:
                assert phone.log(uid, scene.walk, photos=[{"uid": str(photo)}]).status_code == 201
        ends.add((len(states(phone, uid)), phone.piece(photo, JPEG).status_code))
    assert ends == {(0, 409)}


def test_one_that_is_here_is_hidden_for_whom_may_hide(scene, phone, phone_of, actors):
    """Its receipt stays: the city has the bytes."""
    for actor, code in ((actors("falt", "sdn-farsta"), 204), (actors("sdn_samordnare", "sdn-farsta"), 204)):
        one = phone_of(actor)
        uid, photo = uuid4(), uuid4()
        one.log(uid, scene.walk, photos=[{"uid": str(photo)}])
        receipt = one.piece(photo, JPEG).json
        assert take_back(one, photo) == code
        assert one.piece(photo, JPEG).json["sha256"] == receipt["sha256"]
    limited = phone_of(actors("falt", "sdn-farsta"))
    limited.headers = actors.token(limited.holder, "walks:observation:log", "media:photo:add")
    uid, photo = uuid4(), uuid4()
    limited.log(uid, scene.walk, photos=[{"uid": str(photo)}])
    limited.piece(photo, JPEG)
    refused = limited.client.delete(address(photo), headers=limited.headers)
    assert (refused.status_code, "samordnar" in refused.json["detail"]) == (403, True)
