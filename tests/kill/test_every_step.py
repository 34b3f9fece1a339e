"""The process dies at the n-th step of an act, n = 1, 2, 3 …: all of it is there or nothing, and again does it (D6).

A step is a statement, the moment before a commit and the one after, or a touch of a file under DATA_DIR.
The child is a fork of the test that ends with os._exit, as kill -9 ends it: nothing is closed or rolled back.
"""

import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from core import journal, outbox, plugins
from core.media import Photo, Upload, twin
from core.media.store import Store, digest
from core.testing.people import FORM_TOKEN
from core.upkeep.models import Deadline
from core.walks.models import Observation
from plugins.klotter.models import Incident
from tests.media.samples import telling
from tests.walks.scene import at

pytestmark = pytest.mark.timeout(300)
JPEG = telling("image/jpeg")
DIED = 9
TOUCHES = {"open", "os.rename", "os.remove", "os.truncate"}


@pytest.fixture
def dies_at(database):
    """Do an act in a process that dies at its n-th step; return whether it died before it was through."""
    return partial(dies, database)


def dies(database, number, act):
    """Count the steps on `database`; whether a process that did the act died at that one."""
    database.dispose()  # connections do not survive a fork
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            _count_steps(database, number)
            act()
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as a second pytest
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, DIED)
    return os.waitstatus_to_exitcode(status) == DIED


def _count_steps(database, number):
    left = [number]
    plugins.house().read_at = float("inf")  # else how plugins are is read once more on a slow day: a step too many

    def step(*_):
        left[0] -= 1
        if left[0] == 0:
            os._exit(DIED)

    def touched(name, arguments):
        if name in TOUCHES and str(database.settings.data_dir) in str(arguments[0]):
            writes = name != "open" or set(str(arguments[1])) & set("wax+")
            if writes:
                step()

    event.listen(database.engine, "before_cursor_execute", step)
    event.listen(database.engine, "commit", step)
    event.listen(Session, "after_commit", step)
    sys.addaudithook(touched)


def there(database, uid, photo):
    """What there is of an observation and its photo."""
    about = {
        "observation": select(Observation.id).where(Observation.uid == uid),
        "case": select(Incident.id).where(Incident.observation_uid == uid),
        "frist": select(Deadline.id).where(Deadline.subject_uid == uid),
        "photo": select(Photo.id).where(Photo.uid == photo, Photo.received_sha256.is_not(None)),
        "file": select(Photo.id).where(Photo.stored_sha256.in_(whole_files(database))).where(Photo.uid == photo),
        "lines": select(journal.JournalLine.seq).where(journal.JournalLine.subject_uid.in_((uid, photo))),
    }
    with database.transaction(write=False) as session:
        found = {name: len(session.scalars(rows).all()) for name, rows in about.items()}
        tasks = session.scalars(select(outbox.Task.payload)).all()
    return found | {"task": sum(task.get("photo") == str(photo) for task in tasks)}


def whole_files(database):
    """The names of the stored files whose content is what their name says."""
    return [path.name for path in Store(database.settings.data_dir).files.glob("*/*") if digest(path) == path.name]


NOTHING = {"observation": 0, "case": 0, "frist": 0, "photo": 0, "file": 0, "lines": 0, "task": 0}
ALL = {"observation": 1, "case": 1, "frist": 2, "photo": 1, "file": 1, "lines": 2, "task": 1}


def faults(database):
    with database.transaction(write=False):
        return list(journal.verify())


@pytest.mark.long
def test_log_observation_with_a_photo(phone, client, database, dies_at):
    """The phone's form: observation, photo, klotter's case and its frist in one transaction, killed at every step."""
    client.login(phone.holder)
    page = f"/vandringar/{phone.walk}/skriv-in"
    token = FORM_TOKEN.search(client.get(page).text)[1]

    def save():
        fields = {
            "csrf_token": token,
            "uid": str(uid),
            "kind": "klotter:klotter",
            "description": "Tagg",
            **at(500, 500),
        }
        with source.open("rb") as photo:
            answer = client.post(
                page, data={**fields, "photo": (photo, "foto.jpg")}, content_type="multipart/form-data"
            )
        return answer.status_code, answer.headers.get("Location")

    source = Path(database.settings.data_dir).with_name("foto.jpg")
    source.write_bytes(JPEG)
    states, number, died = [], 0, True
    while died:
        number, uid = number + 1, uuid4()
        died = dies_at(number, save)
        states.append(there(database, uid, twin(uid)))
        assert states[-1] in (NOTHING, ALL), f"half of it is there after step {number}"
        assert save() == (303, f"/iakttagelser/{uid}/kvitto")
        assert there(database, uid, twin(uid)) == ALL, f"after step {number} and once more"
    assert number > 30
    assert NOTHING in states
    assert states.index(ALL) < len(states) - 1, (
        "killed between the commit and the answer, it is there without a receipt"
    )
    assert NOTHING not in states[states.index(ALL) :]
    assert faults(database) == []


@pytest.mark.long
def test_log_observation_over_the_api(phone, database, dies_at):
    states, number, died = [], 0, True
    while died:
        number, uid, photo = number + 1, uuid4(), uuid4()
        said = {"kind": "klotter:klotter", "position": at(500, 500), "photos": [{"uid": str(photo)}]}
        died = dies_at(number, lambda: phone.log(uid, phone.walk, **said))  # noqa: B023
        found = there(database, uid, photo)
        states.append(found["observation"])
        whole = ALL | {"photo": 0, "file": 0, "lines": 1, "task": 0}
        assert found == (whole if found["observation"] else NOTHING), f"half of it is there after step {number}"
        again = phone.log(uid, phone.walk, **said)
        assert (again.status_code, [entry["uid"] for entry in again.json["photos"]]) == (201, [str(photo)])
        assert again.json["number"] == number
    assert states == sorted(states)
    assert faults(database) == []


@pytest.mark.other_database_long
def test_the_last_piece_of_a_photo(phone, database, dies_at):
    """Killed at every step of the request that would have given the receipt."""
    number, died, kept = 0, True, []
    while died:
        number, uid = number + 1, uuid4()
        phone.piece(uid, JPEG[:500], length=len(JPEG))
        died = dies_at(number, lambda: phone.piece(uid, JPEG[500:], offset=500, length=len(JPEG)))  # noqa: B023
        found = there(database, uid, uid)
        kept.append(found["photo"])
        assert found == NOTHING | dict.fromkeys(("photo", "file", "lines", "task"), found["photo"]), f"step {number}"
        assert phone.asks(uid) == (len(JPEG) if found["photo"] else 500), "what was safe before is safe"
        assert phone.resume(uid, JPEG).status_code == 200
        assert there(database, uid, uid) == NOTHING | dict.fromkeys(("photo", "file", "lines", "task"), 1)
    assert kept == sorted(kept)
    assert number > 15
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 0
    assert faults(database) == []
