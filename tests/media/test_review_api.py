"""Masks and hiding over the API: the rules of the pages, by a program (C4, C6)."""

import pytest

from tests.media.masks import BOXES, has_skin


@pytest.fixture
def ask(client, actors, phone, colleague):
    """Ask as one of two colleagues; `version` goes along as If-Match."""
    tokens = {"first": actors.token(phone.holder), "second": actors.token(colleague)}

    def ask(who, method, uid, path="mask", version=None, **body):
        headers = tokens[who] | ({"If-Match": f'"{version}"'} if version is not None else {})
        sent = {} if method == "GET" else {"json": body}
        return client.open(f"/api/v1/photos/{uid}/{path}", method=method, headers=headers, buffered=True, **sent)

    return ask


def test_one_program_proposes_another_releases(ask, sent, get, phone, work):
    uid = sent()
    fresh = ask("first", "GET", uid)
    assert (fresh.json["review"], fresh.json["covered"], fresh.json["proposal"]) == ("ej_granskad", [], None)
    assert ask("first", "PUT", uid, boxes=BOXES).status_code == 428
    proposed = ask("first", "PUT", uid, version=fresh.json["version"], boxes=BOXES)
    assert proposed.status_code == 200
    assert proposed.json["proposal"]["mine"]
    assert proposed.json["proposal"]["state"] == "foreslagen"
    assert ask("second", "PUT", uid, version=fresh.json["version"], boxes=[]).status_code == 412
    version = proposed.json["version"]
    assert ask("first", "POST", uid, "mask/release", version).status_code == 409, "nobody releases their own"
    released = ask("second", "POST", uid, "mask/release", version)
    assert (released.status_code, released.json["review"]) == (200, "granskad")
    work()
    assert not has_skin(get(phone.holder, uid).data)
    assert ask("second", "GET", uid).json["covered"] == BOXES


def test_one_is_sent_back_with_its_reason_and_nothing_is_a_proposal_too(ask, sent):
    uid = sent()
    version = ask("first", "PUT", uid, version=1, boxes=[]).json["version"]
    assert ask("second", "POST", uid, "mask/return", version).status_code == 422
    back = ask("second", "POST", uid, "mask/return", version, reason="En skylt syns.")
    assert (back.json["proposal"]["state"], back.json["proposal"]["reason"]) == ("tillbaka", "En skylt syns.")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("box", "field"),
    [
        ({"left": 95}, "boxes.0.width"),
        ({"width": 0}, "boxes.0.width"),
        ({"kind": "cat"}, "boxes.0.kind"),
        ({"top": "10"}, "boxes.0.top"),
    ],
)
def test_a_rectangle_that_cannot_be_is_refused_at_its_field(ask, sent, box, field):
    uid = sent()
    answer = ask("first", "PUT", uid, version=1, boxes=[BOXES[0] | box])
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert field in [error["field"] for error in answer.json["errors"]]
    assert ask("first", "GET", uid).json["proposal"] is None


@pytest.mark.one_database
def test_who_does_not_reach_the_picture_is_told_nothing_of_rectangles(sent, actors, client):
    """Permission on the object comes before what was written (design.md 4.5)."""
    stranger = actors.token(actors("sdn_samordnare", "sdn-skarpnack")) | {"If-Match": '"1"'}
    body = {"boxes": [BOXES[0] | {"left": 95}]}
    assert client.put(f"/api/v1/photos/{sent()}/mask", json=body, headers=stranger).status_code == 404


def test_hidden_at_once_and_shown_by_another(ask, sent, actors, client):
    uid = sent()
    assert ask("first", "POST", uid, "hide").status_code == 422
    assert ask("first", "POST", uid, "hide", reason="Ett barn syns.").status_code == 204
    assert ask("second", "GET", uid).json["hidden"]
    officer = actors.token(actors("dso", "kf"))
    address = f"/api/v1/photos/{uid}/show"
    assert ask("first", "POST", uid, "show", reason="Nej").status_code == 409, "nobody shows what they hid"
    assert client.post(address, json={"reason": "Täckt."}, headers=officer).status_code == 204
    assert not ask("first", "GET", uid).json["hidden"]
