"""What is not taken in, whole and in words: altered, for another server, of a stranger, by who may not (39)."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import clock as core_clock
from core.handover import HandoverRefused, public_key
from core.handover.sealed import open_file
from core.outbox import Task
from core.testing.people import Client
from core.testing.phones import Phone
from tests.handover.conftest import Carrier


def refused(answer):
    """The words of a refusal."""
    assert answer.status_code == 422, answer.json
    return answer.json["detail"]


def test_a_file_that_was_altered_in_any_section_is_refused_whole(
    things, phone, colleague, work, settings, nothing_taken_in
):
    file = things.file(phone)
    lines = file.split(b"\n", 3)
    places = {
        "magic": 2,
        "sealed": len(lines[0]) + 40,
        "signature": len(b"\n".join(lines[:3])) - 3,
        "part": len(file) - 9,
    }
    for section, at in places.items():
        altered = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        words = refused(colleague.carry(altered))
        assert words.startswith("Filen är inte gjord av" if section == "magic" else "Filen är ändrad"), section
    for other in (file[:-1], file + b"x", b"", file[:50], b"\n".join(lines[:2])):
        refused(colleague.carry(other))
    work()
    assert nothing_taken_in()


@pytest.mark.one_database
@given(data=st.data())
@hypothesis(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_byte_of_it_can_be_another(data, things, phone, settings, tmp_path):
    file = bytearray(things.file(phone))
    at, other = data.draw(st.integers(0, len(file) - 1)), data.draw(st.integers(1, 255))
    file[at] ^= other
    path = tmp_path / "file"
    path.write_bytes(file)
    with pytest.raises(HandoverRefused):
        open_file(path, settings)


def test_one_for_another_server_or_key_is_refused_in_words(things, phone, colleague, settings, nothing_taken_in):
    elsewhere = things.file(phone, site="https://annan.example")
    assert "annan server" in refused(colleague.carry(elsewhere))
    other_key = things.file(phone, city=public_key(replace(settings, secret_key="x" * 32)))
    assert "annan nyckel" in refused(colleague.carry(other_key))
    assert nothing_taken_in()


def test_of_a_phone_that_nobody_knows_or_of_another_than_has_sealed_it(
    things, phone, colleague, app, actors, nothing_taken_in
):
    """Who carries a file cannot sign it as her own either."""
    stranger = Phone(Client(app, actors))
    assert "inte känd" in refused(colleague.carry(things.file(stranger)))
    hers = Phone(Client(app, actors)).log_in(colleague.holder)
    resigned = things.file(hers, signer=phone.thumbprint)
    assert "ändrad" in refused(colleague.carry(resigned))
    assert nothing_taken_in()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "otherwise",
    [
        {"items": [{"kind": "record"}]},
        {"items": [{"kind": ["record"]}]},
        {"items": [{"kind": "annat", "of": "observation", "uid": "x"}]},
        {"parts": [], "items": [{"kind": "photo", "of": "observation", "uid": "4b6f1a52-6d0f-4a3c-9d57-0a8f4f1f2d11"}]},
        {"key": "kort"},
        {"items": {}},
        {"mer": 1},
    ],
)
def test_what_no_app_of_ours_has_sealed_is_refused(things, phone, colleague, otherwise):
    assert "går inte att läsa" in refused(colleague.carry(things.file(phone, "record", **otherwise)))


def test_who_does_no_field_work_carries_nothing(things, phone, actors, client, nothing_taken_in):
    visitor = actors("entreprenor", "trafik")
    carrier = Carrier(client, actors.token(visitor), visitor)
    assert carrier.carry(things.file(phone)).status_code == 403
    assert nothing_taken_in()


def test_what_is_no_file_and_more_than_a_day_s_is_refused(things, phone, colleague, app):
    assert colleague.carry(b"{}", "application/json").status_code == 415
    file, own = things.file(phone), app.database.settings
    try:
        app.database.settings = replace(own, quota_bytes=len(file) + 10)
        assert [colleague.carry(file).status_code for _ in range(2)] == [202, 202]
        assert colleague.carry(things.file(phone)).status_code == 429
        app.database.settings = replace(own, quota_bytes=len(file) - 1)
        assert colleague.carry(things.file(phone)).status_code == 413
    finally:
        app.database.settings = own


def test_a_file_that_is_gone_before_it_was_opened_is_told(things, phone, colleague, work, settings):
    colleague.carry(things.file(phone))
    for path in (settings.data_dir / "parts").iterdir():
        path.unlink()
    work()
    assert colleague.carried()[0]["state"] == "failed"
    assert colleague.carry(things.file(phone)).status_code == 202
    work()
    assert colleague.carried()[0]["state"] == "done"


def test_pressed_twice_it_waits_once_and_after_a_while_it_is_taken_in_again(things, phone, colleague, clock, database):
    clock.stop_at(core_clock.now())
    file = things.file(phone)
    waiting = []
    for minutes in (0, 1, 10):
        clock.pass_by(minutes=minutes)
        assert colleague.carry(file).json["state"] == "opening"
        with database.transaction(write=False) as session:
            waiting.append(session.scalar(select(func.count()).where(Task.kind == "handover")))
    assert waiting == [1, 1, 2]


def test_the_page_takes_a_file_without_script_and_names_nobody(things, phone, walker, colleague, work, client):
    """What came is told in numbers; the form is drawn again with why a file was refused."""
    client.login(colleague.holder)
    assert "Ingen fil har skickats in" in client.get("/overlamnade").text
    empty = client.submit("/overlamnade", {"file": (BytesIO(b"ingenting"), "fil.tpho")})
    assert empty.status_code == 422
    assert "Filen är inte gjord av fältappen" in empty.text
    assert "Filen behöver du välja igen." in empty.text
    assert "fotot" not in empty.text
    assert client.submit("/overlamnade").status_code == 422
    sent = client.submit("/overlamnade", {"file": (BytesIO(things.file(phone)), "fil.tpho")})
    assert (sent.status_code, sent.location) == (303, "/overlamnade")
    assert "Öppnas" in client.get("/overlamnade").text
    work()
    page = client.get("/overlamnade").text
    for words in ("Fältpersonal, Farsta stadsdelsnämnd", "1: 1 mottagna", "Öppnad"):
        assert words in page
    assert walker.holder.name not in page.partition("<main")[2].replace("Fältpersonal", "")
