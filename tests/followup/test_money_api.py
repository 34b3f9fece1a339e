"""The money of a grant in the API: the same rules as on the pages, under versions and uids of one's own."""

from uuid import uuid4

import pytest

from core import clock
from core.followup.services.money import of_year
from tests.followup.conftest import YEAR

V1 = "/api/v1"


@pytest.fixture
def door(client, actors):
    """Send JSON as somebody, built on what they read last."""

    def send(actor, method, path, body=None, version=None):
        headers = actors.token(actor) | ({"If-Match": f'"{version}"'} if version else {})
        return client.open(f"{V1}{path}", method=method, json=body, headers=headers)

    return send


def _moved(door, actor, path, key, **said):
    version = door(actor, "GET", path).json["version"]
    return door(actor, "POST", f"{path}/moves", {"move": key} | said, version)


def test_a_claim_goes_from_written_to_paid_by_three(database, granted, door):
    with database.transaction():
        application = granted.application(1_000_000)
    known = {"application": str(application.uid), "year": YEAR, "amount": 450_000, "what": "14 lyktor"}
    path = f"/claims/{uuid4()}"
    first = door(granted.writer, "PUT", path, known)
    assert (first.status_code, first.json["state"], first.json["number"]) == (201, "utkast", "RK-00001")
    assert door(granted.writer, "PUT", path, known).json == first.json
    assert door(granted.writer, "PUT", path, known | {"amount": 1}).status_code == 409
    changed = {"year": YEAR, "amount": 400_000, "what": "12 lyktor"}
    assert door(granted.writer, "PATCH", path, changed).status_code == 428
    assert door(granted.writer, "PATCH", path, changed, 9).status_code == 412
    assert door(granted.writer, "PATCH", path, changed, 1).json["amount"] == 400_000
    assert _moved(door, granted.writer, path, "skicka").json["state"] == "inskickad"
    assert _moved(door, granted.writer, path, "granska").status_code == 403
    assert _moved(door, granted.money.other, path, "granska").json["state"] == "granskad"
    paid = _moved(door, granted.money.economist, path, "betala")
    assert (paid.json["state"], paid.json["paid_on"] is not None) == ("betald", True)
    listed = door(granted.money.economist, "GET", f"/claims?state=betald&application={application.uid}").json
    assert [one["uid"] for one in listed["items"]] == [path.rpartition("/")[2]]
    assert door(granted.money.economist, "GET", f"/claims?application={uuid4()}").json["items"] == []


def test_a_carry_over_is_asked_for_said_something_about_recorded_and_confirmed(database, granted, door):
    with database.transaction():
        application = granted.application(1_000_000)
    known = {"application": str(application.uid), "from_year": YEAR, "to_year": YEAR + 1, "amount": 300_000}
    known |= {"cause": "tillstand", "reason": "Marklovet dröjer.", "new_completion": "2028-06-01"}
    path = f"/carry-overs/{uuid4()}"
    assert door(granted.writer, "PUT", path, known | {"amount": 1_000_001}).status_code == 409
    assert door(granted.writer, "PUT", path, known).status_code == 201
    economist, committee = granted.money.economist, granted.committee
    assert _moved(door, economist, path, "yttra", reason="Tillstyrks.").json["opinion"] == "Tillstyrks."
    lacking = _moved(door, committee, path, "registrera", granted=True)
    assert {one["field"] for one in lacking.json["errors"]} == {"decided_on", "paragraph"}
    decided = {"granted": True, "decided_on": clock.today().isoformat(), "paragraph": "§ 4"}
    assert _moved(door, committee, path, "registrera", **decided).json["state"] == "registrerad"
    assert _moved(door, committee, path, "bekrafta").status_code == 409
    assert _moved(door, economist, path, "bekrafta").json["state"] == "beviljad"
    with database.transaction():
        assert of_year(application, YEAR + 1).granted == 300_000


def test_money_is_reallocated_when_another_decides(database, granted, door):
    with database.transaction():
        source, target = granted.application(1_000_000), granted.application(1_000_000)
    known = {"application": str(source.uid), "to": str(target.uid), "year": YEAR, "amount": 200_000}
    path = f"/reallocations/{uuid4()}"
    asked = door(granted.writer, "PUT", path, known | {"reason": "Blev billigare."})
    assert (asked.status_code, asked.json["to"]) == (201, str(target.uid))
    assert _moved(door, granted.writer, path, "bevilja").status_code == 403
    done = _moved(door, granted.committee, path, "bevilja", paragraph="§ 9", decided_on=clock.today().isoformat())
    assert (done.json["state"], done.json["paragraph"]) == ("beviljad", "9")
    with database.transaction():
        assert (of_year(source, YEAR).granted, of_year(target, YEAR).granted) == (800_000, 1_200_000)
    listed = door(granted.writer, "GET", "/reallocations?state=beviljad").json["items"]
    assert [one["amount"] for one in listed] == [200_000]


def test_what_is_handed_back_and_foreseen_is_read_as_it_was_booked(database, granted, door, actors):
    with database.transaction():
        application = granted.application(1_000_000)
    about = {"application": str(application.uid), "year": YEAR}
    back = f"/hand-backs/{uuid4()}"
    said = about | {"amount": 100_000, "reason": "Blev över."}
    assert door(granted.writer, "PUT", back, said).json["amount"] == 100_000
    assert door(granted.writer, "PUT", back, said).status_code == 201
    assert door(granted.writer, "PUT", back, said | {"amount": 2}).status_code == 409
    paths = [f"/forecasts/{uuid4()}" for _ in range(2)]
    for path, amount, period in zip(paths, (900_000, 850_000), ("t1", "t2"), strict=True):
        told = door(granted.writer, "PUT", path, about | {"amount": amount, "period": period})
        assert (told.status_code, told.json["amount"], told.json["period"]) == (201, amount, period)
    again = about | {"amount": 900_000, "period": "t1"}
    assert door(granted.writer, "PUT", paths[0], again).json["amount"] == 900_000, "as it was made"
    assert door(granted.writer, "PUT", paths[0], again | {"amount": 1}).status_code == 409
    reader = granted.money.economist
    listed = door(reader, "GET", f"/forecasts?application={application.uid}").json["items"]
    assert [(one["amount"], one["period"]) for one in listed] == [(850_000, "t2"), (900_000, "t1")]
    assert [one["amount"] for one in door(reader, "GET", "/hand-backs").json["items"]] == [100_000]
    stranger = actors("sdn_handlaggare", "sdn-skarpnack")
    for path in (back, *paths):
        assert door(stranger, "GET", path).status_code == 404
    assert door(stranger, "GET", "/hand-backs").json["items"] == []


def test_a_finance_system_fetches_its_file(database, granted, door):
    with database.transaction():
        granted.application(1_000_000)
    economist, path = granted.money.economist, f"/finance-files/{uuid4()}"
    made = door(economist, "PUT", path, {})
    assert (made.status_code, made.json["granted"], made.json["lines"]) == (201, 1_000_000, 1)
    assert door(economist, "PUT", path, {}).json == made.json
    assert door(economist, "GET", "/finance-files").json["items"] == [made.json]
    told = door(economist, "GET", f"{path}.csv")
    assert (told.mimetype, told.data.count(b"\r\n")) == ("text/csv", 2)
    assert door(granted.writer, "GET", f"{path}.csv").status_code == 403
