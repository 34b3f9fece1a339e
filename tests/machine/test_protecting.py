"""Of a row of level 3 or more a plugin is told kind, uid and that it is protected, in whatever hook (design.md 9)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import access, plugins
from core.app import house
from core.hookspecs import Event
from core.refs import DeadlineRef, MeasureRef, MoveRef, ObservationRef, PlaceRef, Subject

ACTOR = access.system("test")
MOMENT = datetime(2027, 2, 1, 12, tzinfo=UTC)
MOVE = MoveRef("observation", "granska", "ny", "granskad", reason="Hon bor i port 4")
PLACE = PlaceRef(uuid4(), "PL-00007", "Skyddade boendet", "bostad")
ABOUT = Subject("observation", uuid4(), "Port 4", place=PLACE.uid, point=(674_000.0, 6_580_000.0), category="kategori")
SEEN = ObservationRef(
    uuid4(), 7, "bra:sak", "Port 4", "ny", 4, MOMENT, PLACE, (674_000.0, 6_580_000.0), {"values": {"var": "Port 4"}}
)
FRIST = DeadlineRef(uuid4(), "bra:frist", "brattom", "oppen", ABOUT, MOMENT)
SOUGHT = MeasureRef(uuid4(), "bra:sak", "Port 4", uuid4(), PLACE.uid)
TELLING = ("Port 4", "port 4", "Skyddade boendet", "PL-00007", "674000", "kategori", "brattom", str(PLACE.uid))
"""What would tell of it, as it looks in the words of a value."""


def listener(hook, said, answer):
    """An implementation of `hook` that keeps what it is told."""

    def about(subject):
        said.append(subject)
        return answer

    def moved(move, subject):
        said.extend((subject, move))
        return answer

    def seen(observation):
        said.append(observation)
        return answer

    def sought(measure):
        said.append(measure)
        return answer

    def at(place):
        said.append(place)
        return answer

    own = {"sections": about, "after_observation": seen, "measure_objections": sought, "events": at}
    return own.get(hook, moved)


@pytest.fixture
def heard(settings, plugin):
    """Call a hook in which one plugin listens; return what it heard, and everybody's answers."""
    opened = []

    def call(hook, answer=(), **values):
        said = []
        listening = {hook: listener(hook, said, answer)}
        opened.append(house(settings, extra=[plugin("bra", **listening)]))
        with opened[-1].transaction():
            called = plugins.collected(hook, actor=ACTOR, **values)
        [own] = [entry for entry in called if entry.plugin == "bra"]
        assert own.failure == ""
        return said, own.values

    yield call
    for database in opened:
        database.dispose()


@pytest.mark.one_database
@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize(
    ("hook", "name", "value"),
    [
        ("sections", "subject", ABOUT),
        ("objections", "subject", SEEN),
        ("objections", "subject", FRIST),
        ("measure_objections", "measure", SOUGHT),
        ("after_observation", "observation", SEEN),
        ("after_move", "subject", FRIST),
    ],
)
def test_a_protected_row_is_told_as_such_and_no_more(heard, hook, name, value, level):
    values = {"sections": {"page": "place"}, "objections": {"move": MOVE}, "after_move": {"move": MOVE}}.get(hook, {})
    open_, _ = heard(hook, **{name: value}, **values)
    assert value in open_
    said, _ = heard(hook, **{name: replace(value, level=level)}, **values)
    told = repr(said)
    assert [word for word in TELLING if word in told] == []
    assert "Skyddat ärende" in told
    assert str(value.uid) in told
    assert f"level={level}" in told
    assert (said[0].kind, said[0].uid) == (value.kind, value.uid)


@pytest.mark.one_database
def test_a_frist_about_a_protected_row_is_protected_too(heard):
    said, _ = heard("after_move", subject=replace(FRIST, about=replace(ABOUT, level=3)), move=MOVE)
    assert [word for word in TELLING if word in repr(said)] == []


@pytest.mark.one_database
def test_of_a_protected_place_a_plugin_is_told_nothing_and_tells_nothing(heard):
    happened = [Event(MOMENT, "Sak", "Öppet"), Event(MOMENT, "Sak", "Skyddat", level=3)]
    asked = {"before": MOMENT, "limit": 5}
    said, answers = heard("events", happened, place=replace(PLACE, level=3), **asked)
    assert repr(said) == repr([replace(PLACE, level=3, name="Skyddat ärende", number="")])
    assert [event.text for event in answers] == ["Öppet"]
