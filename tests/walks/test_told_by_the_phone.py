"""What a phone tells of how something was seen, and how dark it was (B18, C12, X5, X11)."""

from copy import deepcopy
from datetime import datetime
from uuid import uuid4

import pytest

from core.walks.recording import told
from core.walks.schemas import ObservationIn
from core.walks.services.light import sky_at
from tests.media.samples import encoded
from tests.walks.scene import at

NIGHT = "2026-11-20T19:30:00Z"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("seen_at", "low", "high", "after"),
    [
        ("2026-06-21T11:00:00+00:00", 54, 55, None),  # noon at midsummer
        ("2026-11-20T14:30:00+00:00", -4, -1, 0),  # the sun has just set
        ("2026-11-20T19:30:00+00:00", -40, -37, 5),
        ("2026-11-21T01:30:00+00:00", -41, -38, 11),  # after midnight it is still the night before
    ],
)
def test_how_low_the_sun_stood(database, seen_at, low, high, after):
    with database.transaction(write=False):
        elevation, minutes = sky_at(None, datetime.fromisoformat(seen_at))
    assert low < elevation < high
    assert (minutes is None) if after is None else (minutes // 60 == after)


def test_what_is_told_is_kept_and_darkness_is_computed(scene, phone, clock):
    clock.stop_at(NIGHT)
    uid, photo, before = uuid4(), str(uuid4()), str(uuid4())
    step = {"step": "foto", "at": "2026-11-20T19:29:00Z", "position": at(500, 500)}
    listed = {"uid": photo, "direction": 0.0, "pairs_with": before, "role": "efter"}
    said = {"heading": 0.0, "torch": True, "steps": [step], "photos": [listed], "seen_at": NIGHT}
    first = phone.log(uid, scene.walk, position=at(500, 500), **said)
    assert first.status_code == 201, first.json
    assert (first.json["heading"], first.json["torch"]) == (0.0, True)
    assert first.json["steps"][0]["at"] == "2026-11-20T19:29:00Z"
    assert first.json["sun_elevation"] < -30
    assert 310 < first.json["after_sunset_min"] < 335
    [told] = first.json["photos"]
    assert (told["direction"], told["pairs_with"]) == (0.0, before)
    again = phone.log(uid, scene.walk, position=at(500, 500), **said)
    assert (again.status_code, again.json) == (201, first.json)
    other = phone.log(uid, scene.walk, position=at(500, 500), **said | {"heading": 90.0})
    assert other.status_code == 409


def test_what_a_phone_said_is_read_and_not_altered():
    """It is asked for once more: of a record that is kept, and when somebody chooses."""
    listed = {"uid": str(uuid4()), "position": at(500, 500), "type": "image/jpeg"}
    step = {"step": "foto", "at": NIGHT}
    body = {"walk": None, "kind": "belysning", "position": at(500, 500), "photos": [listed], "steps": [step]}
    known = ObservationIn().load(body)
    before = deepcopy(known)
    assert told(known) == told(known)
    assert known == before


def test_the_phone_s_direction_goes_before_the_file_s(scene, phone):
    uid, photo = uuid4(), uuid4()
    phone.log(uid, scene.walk, photos=[{"uid": str(photo), "direction": 12.5}])
    phone.piece(photo, encoded("image/jpeg"))
    assert phone.read(uid).json["photos"][0]["direction"] == 12.5


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"heading": 361}, "heading"),
        ({"torch": "ja"}, "torch"),
        ({"steps": [{"step": "foto"}]}, "steps.0.at"),
        ({"photos": [{"uid": str(uuid4()), "direction": -1}]}, "photos.0.direction"),
    ],
)
def test_what_is_not_meant_is_refused_by_field(scene, phone, wrong, field):
    refused = phone.log(uuid4(), scene.walk, **wrong)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
