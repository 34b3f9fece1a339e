"""Decisions over the API: recorded once, confirmed by another against the version that was seen, told as data."""

from uuid import uuid4

from core import db
from core.applications.models import GrantDecision
from tests.applications.deciding import PROPOSED


def body(decided, **facts):
    known = {"meeting": str(decided.meeting), "application": str(decided.application), "outcome": "delvis_beviljad"}
    amounts = [{"year": year, "kronor": kronor} for year, kronor in PROPOSED.items()]
    return known | {"paragraph": "14", "motive_text": "Utegymmet väntar.", "amounts": amounts} | facts


def test_recorded_once_and_confirmed_by_another(client, actors, database, decided):
    first, second = actors.token(decided.secretary), actors.token(decided.second)
    uid = uuid4()
    at = f"/api/v1/decisions/{uid}"
    made = client.put(at, json=body(decided), headers=first)
    assert (made.status_code, made.json["state"]) == (200, "registrerad")
    assert made.json["amounts"] == [{"year": 2027, "kronor": 2_800_000}, {"year": 2028, "kronor": 1_200_000}]
    assert client.put(at, json=body(decided), headers=first).json == made.json
    assert client.put(f"/api/v1/decisions/{uuid4()}", json=body(decided), headers=first).json["uid"] == str(uid)
    assert client.put(at, json=body(decided, paragraph="15"), headers=first).status_code == 409
    move = {"move": "bekrafta"}
    tag = {"If-Match": made.headers["ETag"]}
    assert client.post(f"{at}/moves", json=move, headers=second).status_code == 428
    assert client.post(f"{at}/moves", json=move, headers=first | tag).status_code == 409
    held = client.post(f"{at}/moves", json=move, headers=second | tag)
    assert (held.status_code, held.json["state"], held.json["booking"][:3]) == (200, "bekraftad", "RB-")
    assert client.post(f"{at}/moves", json=move, headers=second | tag).json == held.json, "again is the same"
    third = actors.token(actors("slk_ekonom", "slk"))
    assert client.post(f"{at}/moves", json=move, headers=third | tag).status_code == 412
    listed = client.get(f"/api/v1/decisions?application={decided.application}", headers=second).json
    assert [one["uid"] for one in listed["items"]] == [str(uid)]
    (meeting,) = client.get("/api/v1/decision-meetings", headers=second).json["items"]
    assert (meeting["uid"], meeting["decisions"], meeting["waiting"]) == (str(decided.meeting), 1, 0)


def test_impossible_amounts_are_refused(client, actors, database, decided):
    token = actors.token(decided.secretary)
    for amounts in (
        [{"year": 2027, "kronor": -1}],
        [{"year": 2027, "kronor": 1.5}],
        [{"year": 2027, "kronor": "1e9"}],
        [{"year": 2027, "kronor": 10**13}],
        [{"year": 1999, "kronor": 1}],
        [{"year": 2027, "kronor": 10_000_000_000}] * 10,
        [{"year": 2027, "kronor": True}],
        [{"year": 2050, "kronor": 1}],
        [],
    ):
        said = body(decided, amounts=amounts)
        answer = client.put(f"/api/v1/decisions/{uuid4()}", json=said, headers=token)
        assert 400 <= answer.status_code < 500, amounts
    with database.transaction():
        assert db.session().query(GrantDecision).count() == 0
