"""Flows: found wrong when they are written, and made one move at a time with everything that stands in the way."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from core import access, db, flow, journal, plugins
from core.app import house
from core.flow import Flow, FlowFault, Move, State
from core.hookspecs import Objection
from core.refs import ObservationRef

ACTOR = access.system("test")


def a_flow(**changed):
    described = {
        "key": "prov",
        "start": "ny",
        "states": {"ny": State("Ny"), "pagar": State("Pågår"), "klar": State("Klar", closed=True)},
        "moves": (
            Move("borja", ("ny",), "pagar", "Börja", "walks:walk:lead"),
            Move("avsluta", ("pagar",), "klar", "Avsluta", "walks:walk:lead", reason=True),
        ),
    }
    return Flow(**described | changed)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"start": "nyy"}, "okänt läge nyy"),
        ({"moves": (Move("borja", ("ny",), "pagr", "Börja", "x"),)}, "okänt läge pagr"),
        ({"moves": (Move("borja", ("nu",), "pagar", "Börja", "x"),)}, "okänt läge nu"),
        ({"moves": (Move("borja", ("ny",), "pagar", "Börja", "x"),)}, "läget klar går inte att nå"),
        ({"moves": (Move("borja", ("pagar",), "klar", "Börja", "x"),)}, "läget klar, pagar går inte att nå"),
        ({"moves": (*a_flow().moves, a_flow().moves[0])}, "två steg har samma nyckel"),
    ],
)
def test_an_unsound_flow_is_refused_where_it_is_written(changed, fault):
    with pytest.raises(FlowFault, match=f"prov: {fault}"):
        a_flow(**changed)


def test_a_sound_flow_knows_its_open_states_and_its_moves():
    assert a_flow().open_states() == ("ny", "pagar")
    assert a_flow().move("borja").target == "pagar"
    with pytest.raises(access.Missing):
        a_flow().move("hoppa")


def test_a_guard_of_an_unknown_move_is_refused():
    with pytest.raises(access.Missing):
        a_flow().guard("hoppa")(lambda _row, _actor: [])


def a_row(state="ny", key="skrap", level=1):
    uid, now = db.new_uid(), flow.journal.clock.now()
    ref = ObservationRef(uid, 1, key, "Klotter", state, 1, now, None, None, {}, level=level)
    return SimpleNamespace(uid=uid, state=state, level=level, plugin_keys=lambda: (key,), ref=lambda: ref)


@pytest.fixture
def refused(database):
    """Try a move and return what stands in its way."""

    def refused(row, key, *, moves=None, reason="", on=database):
        with on.transaction():
            try:
                flow.move(moves or a_flow(), row, key, ACTOR, reason=reason)
            except flow.Refused as refusal:
                return [(str(objection.message), objection.field) for objection in refusal.objections]
        return []

    return refused


def test_a_move_changes_the_state_and_leaves_a_line(database, refused):
    row = a_row()
    assert refused(row, "borja") == []
    assert row.state == "pagar"
    with database.transaction(write=False) as session:
        line = session.scalars(select(journal.JournalLine).order_by(journal.JournalLine.seq.desc())).first()
        detail = session.get(journal.JournalDetail, line.seq)
    assert (line.action, line.subject_kind, line.subject_uid) == ("prov:borja", "prov", row.uid)
    assert detail.detail == {"from": "ny", "to": "pagar", "reason": ""}


def test_a_step_cannot_be_skipped(refused):
    row = a_row()
    assert refused(row, "avsluta", reason="x") == [("Det går inte nu: läget är ”Ny”. Ladda om sidan.", "")]
    assert row.state == "ny"


def test_everything_that_stands_in_the_way_is_said_at_once(refused):
    moves = a_flow()
    moves.guard("avsluta")(lambda _row, _actor: [Objection("Det saknas foto.", "photo")])
    moves.guard("avsluta")(lambda _row, _actor: [Objection("Det saknas plats.")])
    row = a_row("pagar")
    assert refused(row, "avsluta", moves=moves, reason="  ") == [
        ("Det saknas foto.", "photo"),
        ("Det saknas plats.", ""),
        ("Skriv varför.", "reason"),
    ]
    assert row.state == "pagar"


def test_a_protected_row_s_reason_stays_out_of_the_journal(database, refused):
    assert refused(a_row("pagar", level=3), "avsluta", reason="hemligt") == []
    with database.transaction(write=False) as session:
        statement = select(journal.JournalDetail.detail).order_by(journal.JournalDetail.seq.desc())
        assert session.scalars(statement).first() == {}


def test_a_move_without_the_permission_is_denied(database):
    for actor in (access.NOBODY, access.Actor("person", "Någon", 1)):
        with pytest.raises(access.Denied), database.transaction():
            flow.move(a_flow(), a_row(), "borja", actor)


# --- With plugins -------------------------------------------------------------------------------------------------


@pytest.fixture
def with_plugin(settings, plugin):
    opened = []

    def start(**hooks):
        opened.append(house(settings, extra=[plugin("bra", **hooks)]))
        return opened[-1]

    yield start
    for database in opened:
        database.dispose()


def test_a_plugin_s_objection_refuses_the_move(with_plugin, refused):
    def object_(move, subject):
        return [Objection(f"{move.key} {subject.title}")] if move.key == "borja" else []

    database = with_plugin(objections=object_)
    assert refused(a_row(), "borja", on=database) == [("borja Klotter", "")]
    assert refused(a_row("pagar"), "avsluta", reason="x", on=database) == []


def test_a_plugin_that_fails_objects(with_plugin, refused):
    def object_(move):
        raise SystemExit(1)

    (said,) = refused(a_row(), "borja", on=with_plugin(objections=object_))
    assert said[0].startswith("Tillägget Bra svarar inte.")


def test_what_hangs_on_a_plugin_that_is_gone_cannot_move_until_a_reason_is_recorded(with_plugin, refused):
    """A parked camera plugin must not open the camera guard (design.md 6)."""
    database = with_plugin()
    row = a_row(key="bra:sak")
    assert refused(row, "borja", on=database) == []
    for state, word in (("off", "bra:sak"), ("parked", "bra:sak"), ("on", "borta:sak")):
        with database.transaction():
            plugins.set_state(ACTOR, "bra", state, "prov")
        (said,) = refused(a_row(key=word), "borja", on=database)
        assert "är inte igång" in said[0]
    for name in ("bra", "borta"):
        with database.transaction():
            plugins.set_state(ACTOR, name, "waived", "Beslut 2027:4")
        assert refused(a_row(key=f"{name}:sak"), "borja", on=database) == []
