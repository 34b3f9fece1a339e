"""Rules of the house that the code itself can be asked about (style.md, "Tests that keep it so")."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core import access, heads, lease, outbox, upgrade, worker  # noqa: F401 - every table
from core.agreements.states import AGREEMENT, COLLABORATION, COMMITMENT, COUNCIL, DECISION, MEETING
from core.app import create_app  # noqa: F401 - every room
from core.applications.states import APPLICATION, ASKED, ASSESSMENT, ROUND
from core.applications.states import DECISION as GRANT_DECISION
from core.applications.states import MEETING as BODY_MEETING
from core.cooperation.states import (
    CAUSE,
    CONSULTATION,
    CYCLE,
    GOAL,
    LIFT,
    MEASURE,
    PICTURE,
    PROBLEM,
    WEEKLY_ACTION,
    WEEKLY_REPORT,
)
from core.db import Base
from core.duties.states import ACTION_PLAN, CITY_REPORT, ILS_REPORT
from core.flow import Flow, FlowFault, Move, State, drawing
from core.followup.states import CARRY_OVER, CLAIMS, EFFECTS, REALLOCATION, REPORTS
from core.http import app_version
from core.imports import IMPORT
from core.places.states import PLACE
from core.presence.states import ACTIVATION, PATROL, PERMIT, PROJECT
from core.reserve.states import BOOKING
from core.upkeep.states import DEADLINE
from core.walks.states import OBSERVATION, WALK
from core.works.states import DEVIATION, ORDER, PENALTY
from plugins import klotter  # noqa: F401 - its table
from tests.contract.city import CHECKOUT

SOURCES = sorted([*(CHECKOUT / "core").rglob("*.py"), *(CHECKOUT / "plugins").rglob("*.py")])
FLOWS = (
    IMPORT, PLACE, WALK, OBSERVATION, DEADLINE, ORDER, PENALTY, DEVIATION, CYCLE, PICTURE, PROBLEM, CAUSE, GOAL,
    MEASURE, CONSULTATION, LIFT, WEEKLY_REPORT, WEEKLY_ACTION, COLLABORATION, AGREEMENT, COUNCIL, MEETING, DECISION,
    COMMITMENT, BOOKING, ROUND, APPLICATION, ASKED, ASSESSMENT, BODY_MEETING, GRANT_DECISION, CLAIMS, CARRY_OVER,
    REALLOCATION, REPORTS, EFFECTS, CITY_REPORT, ACTION_PLAN, ILS_REPORT, ACTIVATION, PERMIT, PATROL, PROJECT,
)  # fmt: skip


def inside(path):
    return path.relative_to(CHECKOUT).as_posix()


def test_who_imports_whom():
    """The contracts of setup.cfg: layers, rooms, plugins, rules without web."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


# --- The one place that commits -------------------------------------------------------------------------------------

OWN_CONNECTION = {"core/db.py", "core/upgrade.py"}
"""The one place that commits, and migrations, which have a connection of their own."""


def calls(tree, *names):
    """Lines that call a method with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def test_nothing_commits_but_the_database():
    found = {inside(path) for path in SOURCES if any(calls(ast.parse(path.read_text()), "commit", "rollback"))}
    assert found == OWN_CONNECTION


# --- Rooms ------------------------------------------------------------------------------------------------------------


def test_what_takes_in_records_of_any_room_names_none():
    """What people read of them, and what they belong to, stands on the room's own `Recording`."""
    taking_in = [*(CHECKOUT / "core/sync").glob("*.py"), *(CHECKOUT / "templates/sync").glob("*.html")]
    taking_in += [CHECKOUT / "core/http" / name for name in ("sync.py", "sync_api.py", "sent.py")]
    named = re.compile("walk|observation|vandring|iakttagelse", re.IGNORECASE)
    assert {inside(path): named.findall(path.read_text()) for path in taking_in if named.search(path.read_text())} == {}


def test_the_app_says_that_it_is_the_newest():
    """Counted up in one of them only, every phone would be told of a new version that is not there, or never of one."""
    [said] = re.findall(r"export const APP = (\d+);", (CHECKOUT / "frontend/ts/falt/api.ts").read_text())
    assert int(said) == app_version.NEWEST


def test_a_right_that_many_ask_for_has_one_name():
    """It is declared in access.py; models, which import nothing that runs, and the menu say it themselves."""
    saying = {inside(path) for path in SOURCES if '"walks:observation:log"' in path.read_text()}
    assert saying == {"core/permissions.py", "core/app.py", "core/walks/models/walks.py", "core/walks/states.py"}


def test_base64url_is_written_in_one_place():
    """Without padding, as joserfc has it."""
    assert {inside(path) for path in SOURCES if re.search("base64 import .*urlsafe", path.read_text())} == set()


# --- Services -------------------------------------------------------------------------------------------------------

MACHINE_S_OWN = {
    "core/followup/services/effects.py::freeze": "what follows when somebody has been let move an application",
    "core/followup/services/effects.py::start_clock": "what follows when somebody has been let move an application",
    "core/followup/services/final.py::ask_for_it": "what follows when somebody has been let move an application",
    "core/followup/services/final.py::not_yet": "what follows when somebody has been let move an application",
    "core/followup/services/final.py::open_again": "what follows when somebody has been let move an application",
    "core/followup/services/keeping.py::ask_the_city": "what follows when somebody has been let ask for something",
    "core/followup/services/keeping.py::promise": "what follows when somebody has been let change what is promised",
    "core/followup/services/reporting.py::begun": "what follows when somebody has been let move an application",
    "core/followup/services/reporting.py::plan_all": "a job of the worker",
    "core/followup/services/reporting.py::plan": "what follows when an application is carried out, and a job",
    "core/followup/services/reporting.py::new": "what follows when an application is carried out, and a job",
    "core/followup/services/reporting.py::no_more": "what follows when somebody has been let move an application",
    "core/followup/services/reporting.py::again": "what follows when somebody has been let move an application",
    "core/applications/services/applications.py::make_move": "core.flow asks for the right of each move",
    "core/applications/services/applications.py::note": "what follows when somebody has been let move an application",
    "core/reserve/services/book.py::lock_frames": "what a room does that has let somebody decide about money",
    "core/applications/services/applications.py::touch_rows": "what follows when somebody has been let write a row",
    "core/applications/services/applications.py::touch": "what follows when somebody has been let write in a part",
    "core/applications/services/granting.py::after_decision": "what follows a decision that is confirmed",
    "core/applications/services/granting.py::book_grant": "what follows a decision that is confirmed",
    "core/applications/services/granting.py::book_back": "what follows a decision that is corrected or declined",
    "core/applications/services/promises_live.py::end_live": "what follows when it is not finished after all",
    "core/applications/services/promises_live.py::make_live": "what follows when an application is marked as finished",
    "core/works/services/penalties.py::note_recounted": "what follows when somebody has been let recount or settle one",
    "core/cooperation/services/promises.py::follow_measure": "what follows when somebody has been let move a measure",
    "core/cooperation/services/promises.py::follow_step": "what follows when somebody has been let move a cycle",
    "core/cooperation/services/weekly.py::plan_week": "what every group has each week, whoever begins it or joins",
    "core/cooperation/services/weekly.py::plan_weeks": "a job of the worker",
    "core/people/services/devices.py::device_seen": "what the frame notes of a phone, which it has just looked up",
    "core/people/services/devices.py::open_code": "what new_code does when it has made sure who it is",
    "core/people/services/signing_in.py::open_session": "what sign_in does when it has made sure who it is",
    "core/people/services/signing_in.py::seen": "what the frame notes of a session, which it has just looked up",
    "core/people/services/signing_in.py::sweep": "a job of the worker",
    "core/documents/services.py::sweep": "a job of the worker",
    "core/places/services/answering.py::begin_control": "what add_place does for the place that it has just added",
    "core/places/services/areas.py::find_districts": "what import_areas does afterwards, for every place",
    "core/places/services/areas.py::locate": "what add_place and change_place do with the shape they were let have",
    "core/upkeep/services/calendars.py::fill_calendar": "a job of the worker",
    "core/upkeep/services/digest.py::ask_for_letters": "a job of the worker",
    "core/upkeep/services/digest.py::put_letters": "a task of the worker",
    "core/upkeep/services/digest.py::write_letters": "a task of the worker",
    "core/upkeep/services/reminders.py::drop_outdated": "a part of the task that writes letters",
    "core/upkeep/services/reminders.py::tell_new": "what follows when a frist is planned for somebody",
    "core/upkeep/services/reminders.py::write_reminders": "a part of the task that writes letters",
    "core/walks/services/placing.py::put_at": "where an observation belongs that somebody has been let log or change",
    "core/walks/services/placing.py::recognise": "the thing of an observation that somebody has been let log or change",
    "core/walks/services/placing.py::settle": "where an observation lies that somebody has been let log or change",
    "core/walks/services/promises.py::given": "what follows when somebody has been let read a report in",
    "core/walks/services/promises.py::read_in": "what follows when somebody has been let read a report in",
    "core/walks/services/promises.py::logged": "what follows when somebody has been let log or change an observation",
    "core/walks/services/promises.py::moved": "what follows when somebody has been let move an observation",
    "core/walks/services/promises.py::walked": "what follows when somebody has been let move a walk",
    "core/walks/services/ordering.py::follow_order": "told of an order that somebody has been let move",
    "core/works/services/legs.py::begin": "what follows when somebody has been let order something",
    "core/works/services/legs.py::begin_anew": "what follows when somebody has been let take up or give away an order",
    "core/works/services/orders.py::draw_terms": "the terms of an order that somebody has been let change",
    "core/works/services/proposing.py::settle_penalties": "what precedes when somebody has been let give an order away",
    "core/works/services/legs.py::moved": "what follows when somebody has been let move an order",
    "core/works/services/penalties.py::note_penalty": "what follows when somebody has been let weigh a penalty",
    "core/works/services/legs.py::retime": "what follows when somebody has been let give an order another priority",
    "core/works/services/control.py::begin_warranty": "what follows when somebody has been let approve an order",
    "core/works/services/proposing.py::propose_penalties": "a job of the worker",
    "core/works/services/plans.py::make_planned_orders": "a job of the worker",
    "core/applications/services/editions.py::freeze": "what follows when somebody has been let move an application",
    "core/cooperation/services/cycles.py::note": "what follows when somebody has been let do something with a cycle",
    "core/cooperation/services/pictures.py::ask_for_pictures": "what follows when somebody has been let move a cycle",
    "core/cooperation/services/pictures.py::open_if_all_are_in": "what follows when somebody has been let hand in",
    "core/cooperation/services/pictures.py::open_when_time_is_out": "a job of the worker",
    "core/duties/services/clocks.py::begin": "what follows when somebody has been let write down a decision",
    "core/duties/services/clocks.py::promise": "what follows when somebody has been let decide or open something",
    "core/duties/services/clocks.py::warn_of_what_runs_out": "a job of the worker",
    "core/agreements/services/keeping.py::set_links": "what follows when somebody has been let change a thing",
    "core/agreements/services/keeping.py::promise": "what follows when somebody has been let promise something",
    "core/agreements/services/keeping.py::stands_there": "what follows when somebody has been let hand a promise over",
    "core/agreements/services/commitments.py::make_commitment_times": "a job of the worker",
    "core/agreements/services/signing.py::end_what_is_over": "a job of the worker",
    "core/agreements/services/keeping.py::note": "what follows when somebody has been let do something",
    "core/applications/services/promising.py::ask_anew": "what follows when somebody has been let change a promise",
    "core/applications/services/rounds.py::touch": "what follows when somebody has been let change a round",
    "core/operation/services.py::check_daily": "a job of the worker",
    "plugins/klotter/services.py::open_incident": "told of an observation that core has let somebody log",
    "plugins/klotter/services.py::follow": "told of a move that core has let somebody make",
    "plugins/klotter/services.py::close_mistaken": "told of a change that core has let somebody make",
    "plugins/klotter/services.py::catch_up": "a job of the worker",
}
"""Functions that write without anybody: the machine does them by itself."""

WAYS_TO_WRITE = (
    r"session\(\)\.(add|add_all|delete|flush|merge)\(",
    r"\b(insert|update|delete)\([A-Z]|\.insert\(\)",
    r"^ *\(?(?!self)\w+\.\w+[^=()]*\)? = ",  # a row's attribute
    r"(journal\.write|write_journal|flow\.move|outbox\.put|plan_deadline)\(",
    r"media\.(expect|append|receive_file)\(",
)
WRITES = re.compile("|".join(WAYS_TO_WRITE), re.MULTILINE)
ASKS = re.compile(r"\b(access\.)?(require|find|in_step|lock_granted|part_to_write|writable|rule_of|visible)\(")


def functions(path):
    """The functions of a module: name, first argument, and the text of it and of the private ones that it calls."""
    tree = ast.parse(path.read_text())
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    texts = {name: ast.unparse(node) for name, node in found.items()}

    def whole(name, seen):
        inner = [other for other in found if other not in seen and other != name and f"{other}(" in texts[name]]
        return texts[name] + "".join(whole(other, {*seen, name}) for other in inner)

    for name, node in found.items():
        if not name.startswith("_") and not any("guard" in ast.unparse(one) for one in node.decorator_list):
            arguments = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            yield name, arguments[:1], whole(name, set())


SERVICES = [path for path in SOURCES if "services" in (path.stem, path.parent.name)]


def test_every_service_that_writes_takes_the_actor_first_and_asks_for_the_right():
    assert len(SERVICES) >= 5
    wrong, writing = [], 0
    for path in SERVICES:
        for name, first, text in functions(path):
            where = f"{inside(path)}::{name}"
            if not WRITES.search(text) or where in MACHINE_S_OWN:
                continue
            writing += 1
            if first != ["actor"]:
                wrong.append(f"{where} takes {first} first")
            elif not ASKS.search(text):
                wrong.append(f"{where} asks for no right")
    assert wrong == []
    assert writing > 10


def test_what_the_machine_does_by_itself_is_still_there():
    there = {f"{inside(path)}::{name}" for path in SERVICES for name, _, text in functions(path) if WRITES.search(text)}
    assert set(MACHINE_S_OWN) <= there


# --- Models ---------------------------------------------------------------------------------------------------------


def models():
    mine = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(
        (one for one in mine if one.__module__.startswith(("core.", "plugins."))), key=lambda one: one.__name__
    )


def test_every_table_has_a_row_rule():
    assert len(models()) > 20
    assert [model.__name__ for model in models() if not access.has_rule(model)] == []


# --- Flows ----------------------------------------------------------------------------------------------------------


def test_every_flow_is_known_to_these_tests():
    """Each `states.py` of core is read; a new flow must be drawn and checked here too."""
    rooms = [path.parent.name for path in sorted((CHECKOUT / "core").glob("*/states.py"))]
    found = [vars(importlib.import_module(f"core.{room}.states")).values() for room in rooms]
    assert len(rooms) > 5
    assert {one.key for flows in found for one in flows if isinstance(one, Flow)} == {one.key for one in FLOWS}


HOUSE_S_OWN = {"upkeep:deadline:plan", "works:penalty:propose", "works:order:undo", "walks:report:undo"}
"""Rights that no role has: such moves follow from what somebody else does."""


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.key)
def test_a_flow_is_sound(flow):
    """From the start every state is reached, every way out of a closed one says why, somebody may make each move."""
    for move in flow.moves:
        right = access.permissions()[move.needs]
        assert right.own or right.city or move.needs in HOUSE_S_OWN, move.key
        if any(flow.states[source].closed for source in move.sources):
            assert move.reason, f"{move.key} opens what was closed without saying why"
    for key, state in flow.states.items():
        assert re.fullmatch("[a-z_]+", key)
        assert state.label
        leads_on = any(key in move.sources for move in flow.moves)
        assert leads_on or state.closed, f"{key} is a dead end that is not closed"


def test_a_flow_that_is_not_sound_fails_where_it_is_written():
    states = {"a": State("A"), "b": State("B")}

    def flow(*moves, start="a"):
        return Flow("prov", start=start, states=states, moves=moves)

    there = Move("dit", ("a",), "b", "Dit", "x:y:z")
    assert flow(there).move("dit") == there
    with pytest.raises(FlowFault, match="okänt läge c"):
        flow(there, Move("bort", ("b",), "c", "Bort", "x:y:z"))
    with pytest.raises(FlowFault, match="läget b går inte att nå"):
        flow(Move("runt", ("a",), "a", "Runt", "x:y:z"))
    with pytest.raises(FlowFault, match="okänt läge c"):
        flow(there, start="c")
    with pytest.raises(FlowFault, match="samma nyckel"):
        flow(there, Move("dit", ("b",), "a", "Tillbaka", "x:y:z"))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.key)
def test_the_drawing_in_the_docs_is_the_flow(flow):
    """A new state or move is pasted in from what this test shows."""
    page = (CHECKOUT / "docs" / "reference" / "states.md").read_text("utf-8")
    assert f"```mermaid\n{drawing(flow)}```" in page


# --- Files ----------------------------------------------------------------------------------------------------------


def test_the_tree_has_what_was_asked_for():
    """Who opens it for the first time finds these."""
    top = list(CHECKOUT.iterdir())
    assert {"core", "plugins", "migrations", "templates", "tests"} <= {path.name for path in top if path.is_dir()}
    assert {"setup.cfg", "README.md"} <= {path.name for path in top if path.is_file()}


def test_no_file_grows_past_four_hundred_lines():
    tests = (CHECKOUT / "tests").rglob("*.py")
    assert [inside(path) for path in (*SOURCES, *tests) if len(path.read_text().splitlines()) > 400] == []


def test_no_function_grows_past_sixty_lines():
    found = [
        f"{inside(path)}::{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60
    ]
    assert found == []
