"""The machine of what phones send, with slips of paper for records: order, five days, one that fails."""

from dataclasses import dataclass
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from core import access, db, sync
from core.schema import Schema, fields
from core.sync import APPLIED, HELD, MERGED, REVIEW, Kept, records
from core.sync.merging import merge

pytestmark = pytest.mark.one_database


class SlipFields(Schema):
    """What may be changed of a slip of paper."""

    colour = fields.Choice({"blue": "Blå", "red": "Röd"}, label="Färg")
    text = fields.String(max=30, multiline=True, label="Text")


@dataclass
class Slip:
    colour: str = "blue"
    text: str = ""
    version: int = 1
    level: int = 1


class Slips:
    """Slips of paper in a drawer: `drawers` are what they belong to."""

    title, page, edit = "Lappen", "/lappar/{uid}", "walks:observation:edit"
    fields, reasons = SlipFields, {"drawer": "Väntar på lådan."}

    def __init__(self):
        self.drawers, self.slips, self.torn = set(), {}, set()

    def create(self, actor, uid, body, *, late=False):
        if body["drawer"] not in self.drawers and not late:
            raise Kept("drawer", UUID(body["drawer"]))
        self.slips[uid] = Slip()
        sync.arrived(uid)
        return 1

    def find(self, actor, uid):
        if uid in self.torn:
            raise RuntimeError("torn")
        if uid not in self.slips:
            raise access.Missing("slip", uid)
        return self.slips[uid]

    def refuse(self, row):
        if row.text == "sealed":
            raise Kept("sealed")

    def stands(self, row):
        return {"colour": row.colour, "text": row.text}

    def holds(self, row, name, value):
        return getattr(row, name) == value

    def write(self, actor, row, values):
        row.__dict__.update(values)
        row.version += 1


@pytest.fixture
def slips(monkeypatch):
    one = Slips()
    monkeypatch.setitem(records._recordings, "slip", one)
    return one


@pytest.fixture
def send(database, actors):
    """Send a change of a slip: before and after of its text, after another change."""
    sender = actors("falt")

    def send(slip, before, text, after=None, uid=None, **more):
        told = {"base_version": 1, "after": after, "made_at": None}
        change = {"before": {"text": before}, "fields": {"text": text}}
        with database.transaction():
            return sync.receive(sender, "slip", uid or uuid4(), slip, **(told | change | more)).state

    send.sender = sender
    return send


def state_of(database, uid):
    with database.transaction(write=False):
        return db.session().query(sync.Change).filter_by(uid=uid).one().state


def test_apart_they_stand_together_and_where_they_meet_somebody_chooses():
    stands = {"colour": "red", "text": "mine"}
    before, wanted = {"colour": "blue", "text": ""}, {"colour": "green", "text": "mine"}
    taken, met = merge(before, wanted, lambda name, value: stands[name] == value)
    assert (taken, met) == ({}, ["colour"])
    taken, met = merge(before, wanted, lambda name, value: {"colour": "blue", "text": "x"}[name] == value)
    assert (taken, met) == ({"colour": "green"}, ["text"])


def test_changes_in_every_order_come_to_the_same(slips, send, work):
    """Three of one phone, each on the one before, before and after the slip itself (sync-cases.md 23, 24)."""
    ends = set()
    for order in permutations(("slip", "a", "b", "c")):
        slip, uids = uuid4(), {name: uuid4() for name in "abc"}
        told = {"a": ("", "A", None), "b": ("A", "B", uids["a"]), "c": ("B", "C", uids["b"])}
        for name in order:
            if name == "slip":
                slips.slips[slip] = Slip()
            else:
                before, text, after = told[name]
                send(slip, before, text, after, uid=uids[name])
        work()
        ends.add((slips.slips[slip].text, slips.slips[slip].version))
    assert ends == {("C", 4)}


def test_what_follows_on_its_own_changes_is_applied_and_not_merged(slips, send):
    slip, first = uuid4(), uuid4()
    slips.slips[slip] = Slip()
    assert send(slip, "", "A", uid=first) == APPLIED
    assert send(slip, "A", "B", first) == APPLIED
    slips.slips[slip].version += 1  # at the desk somebody has changed the colour
    assert send(slip, "B", "C") == MERGED


def test_after_five_days_a_record_goes_without_and_a_change_is_left_to_a_person(slips, send, work, database, clock):
    clock.stop_at("2027-03-01T12:00")
    alone, lonely, first = uuid4(), uuid4(), uuid4()
    with database.transaction():
        kept = sync.create(send.sender, "slip", alone, {"drawer": str(uuid4())})
    assert (kept.state, kept.reason) == (HELD, "drawer")
    assert send(lonely, "", "A", uid=first) == HELD
    clock.pass_by(days=4)
    work()
    assert [state_of(database, uid) for uid in (alone, first)] == [HELD, HELD]
    clock.pass_by(days=1)
    work()
    assert [state_of(database, uid) for uid in (alone, first)] == [APPLIED, REVIEW]
    assert set(slips.slips) == {alone}
    slips.slips[lonely] = Slip()  # it comes after all
    with database.transaction():
        sync.arrived(lonely)
    work()
    assert (state_of(database, first), slips.slips[lonely].text) == (APPLIED, "A")


def test_one_that_fails_keeps_no_other(slips, send, work, database):
    torn, whole = (uuid4(), uuid4()), uuid4()
    for slip, uid in ((torn[0], torn[1]), (whole, uuid4())):
        send(slip, "", "A", uid=uid)
    slips.torn.add(torn[0])
    slips.slips[whole] = Slip()
    work()
    assert slips.slips[whole].text == "A"
    assert state_of(database, torn[1]) == HELD
