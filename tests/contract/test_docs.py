"""The documentation names what there is: it fails the build when it falls behind (style.md, habit 4)."""

import json
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import core.app
import core.upgrade  # noqa: F401 - with these two every model is imported
from core import access, hookspecs, kit
from core.agreements.states import AGREEMENT, COLLABORATION, COMMITMENT, COUNCIL, DECISION, MEETING
from core.applications.states import APPLICATION, ASKED, ASSESSMENT, ROUND
from core.applications.states import DECISION as GRANT_DECISION
from core.applications.states import MEETING as BODY_MEETING
from core.cli import main
from core.cli.running import openapi
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
from core.followup.states import CARRY_OVER, CLAIMS, EFFECTS, REALLOCATION, REPORTS
from core.media import STATES
from core.places.states import PLACE
from core.presence.states import ACTIVATION, PATROL, PERMIT, PROJECT
from core.reserve.states import BOOKING
from core.settings import Settings
from core.testing.servers import environment
from core.upkeep.states import DEADLINE
from core.walks.states import OBSERVATION, WALK
from core.works.states import DEVIATION, ORDER, PENALTY
from plugins import klotter
from tests.contract.city import CHECKOUT
from tests.contract.requests import walked
from tests.contract.test_hooks import HOOKS

DOCS = CHECKOUT / "docs"
PAGES = sorted([CHECKOUT / "README.md", *DOCS.rglob("*.md")])
EVERYBODY, LOGGED_IN = ("*",), tuple(access.ROLES)
ROWS = (
    "A1 A2 A3 A4 A5 A7 A8 A10 A11 B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B13 B14 B15 B16 B17 B18 B19 C1 C2 C3 C4 "
    "C5 C6 C7 C8 C9 C10 C12 E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 E14 E15 E16 E17 F1 F2 F3 F4 F5 F6 F7 F8 "
    "F10 G1 G2 G3 G4 G5 G6 G7 G8 G9 G10 G11 G12 G13 G14 G15 G17 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 I1 I2 I3 I4 I5 "
    "I6 I7 I9 I10 I11 I13 J1 J2 J4 J7 J8 J9 K1 K2 K3 K4 K9 L1 L3 L7 M1 M2 M3 M5 O1 O2 O4 P2 P3 Q1 Q3 Q4 R1 R3 X1 "
    "X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X14 X15 X17 X18 X20 Y1 Y2 Y3 Y4 Y5 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 "
    "Z13 Z14 Z15 Z16 Z17 Z18 Z19 Z20 Z21 Z22 Z23 Z24 Z25 Z26 Z27 Z33 Z34 Z35 Z36 Z37 Z39 Z40 Z41 Z42 Z43 Z44 Z46 "
    "Z47 Z48"
)
TEST = re.compile(r"`(tests/\S+?\.py)::(\w+)`")


def read(name):
    return (DOCS / name).read_text("utf-8")


def rows(text):
    """The cells of every row of every table, without the headings' lines."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def in_table(page, kind=r"[\w.:]+"):
    """What stands in backticks in the first column of a page's tables."""
    return set(re.findall(rf"^\| `({kind})` \|", page, re.MULTILINE))


def holders(roles):
    if roles in (EVERYBODY, LOGGED_IN):
        return "everybody" if roles == EVERYBODY else "everybody logged in"
    return ", ".join(f"`{role}`" for role in dict.fromkeys(roles))


def test_the_page_of_settings_says_what_the_code_says():
    expected = [
        [
            f"`TRYGGPLATS_{one.name.upper()}`",
            f"`{one.default}`" if one.default not in ("", None) else "",
            one.metadata["doc"],
        ]
        for one in fields(Settings)
    ]
    assert rows(read("reference/settings.md"))[1:] == expected


def test_the_page_of_permissions_says_who_has_each():
    documented = [
        [key, own, city]
        for key, _, own, city in (row for row in rows(read("reference/permissions.md")) if len(row) == 4)
    ]
    entries = [*access.PERMISSIONS, *klotter.tryggplats_permissions()]
    expected = [[f"`{entry.key}`", holders(entry.own), holders(entry.city)] for entry in entries]
    assert [row for row in documented if row[0] != "Permission"] == expected
    assert list(access.PERMISSIONS) == sorted(access.PERMISSIONS, key=lambda entry: entry.key)


def test_the_page_of_permissions_names_every_role():
    documented = {row[0]: row[1] for row in rows(read("reference/permissions.md")) if len(row) == 3}
    documented.pop("Role")
    assert documented == {f"`{role}`": title for role, title in access.ROLES.items()}


def test_the_page_of_permissions_says_what_a_phone_may():
    told = read("reference/permissions.md").partition("### On a phone")[2].partition("## ")[0]
    entries = [*access.PERMISSIONS, *klotter.tryggplats_permissions()]
    assert re.findall(r"`(\w+:\w+:\w+)`", told) == [entry.key for entry in entries if entry.field]


def test_every_role_that_a_permission_names_exists():
    for entry in (*access.PERMISSIONS, *klotter.tryggplats_permissions()):
        assert {*entry.own, *entry.city} <= {*access.ROLES, "*"}, entry.key


def test_every_hook_is_in_the_docs_with_its_arguments():
    page = read("reference/hooks.md")
    hooks = [f"tryggplats_{name}" for name in HOOKS]
    assert in_table(page, r"tryggplats_\w+") == set(hooks)
    for name in hooks:
        row = re.search(rf"^\| `{name}` \|(.*?)\|", page, re.MULTILINE)[1]
        code = getattr(hookspecs, name).__code__
        assert re.findall(r"`(\w+)`", row) == list(code.co_varnames[: code.co_argcount]), name
        assert getattr(hookspecs, name).__doc__.split(".")[0].split(",")[0] in ("Declared", "Collected", "Veto", "Told")


def test_who_takes_all_of_the_contract_gets_its_hooks_and_values_and_not_only_what_it_passes_on():
    taken = {}
    exec("from core.hookspecs import *", taken)
    assert {"hookimpl", "Manifest", "ObservationKind", "DeadlineRef", "tryggplats_manifest"} <= set(taken)


def test_every_name_of_the_kit_is_in_the_docs_and_there():
    assert in_table(read("reference/kit.md")) == set(kit.NAMES)
    assert [name for name in kit.NAMES if not hasattr(kit, name)] == []
    assert sorted(kit.__all__, key=str.casefold) == sorted(kit.NAMES, key=str.casefold)


def commands(group=main, words=("tryggplats",)):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join((*words, name)), command


def test_every_command_is_in_the_docs_and_says_what_it_does():
    assert in_table(read("reference/commands.md"), r"tryggplats [a-z ]+") == {name for name, _ in commands()}
    for name, command in commands():
        assert command.help, name
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or parameter.help, f"{name} {parameter.name}"


@pytest.mark.one_database
def test_the_committed_description_of_the_api_is_that_of_the_code(settings, tmp_path):
    """When it differs: tryggplats openapi --write docs/openapi.json"""
    told = tmp_path / "openapi.json"
    done = CliRunner(env=environment(settings)).invoke(openapi, ["--write", str(told)])
    assert done.exit_code == 0, done.output
    assert told.read_text("utf-8") == (DOCS / "openapi.json").read_text("utf-8")


@pytest.mark.one_database
def test_the_description_names_every_route_of_the_api_and_no_other(start):
    app = start().app
    described = app.test_client().get("/api/openapi.json", base_url=app.settings.base_url).json
    named = {(method.upper(), path) for path, item in described["paths"].items() for method in item} - {
        (method, path) for method, path in _without_methods(described)
    }
    called = re.compile(r"<(?:uuid:|int:)?(\w+)>")
    routes = {(method, called.sub(r"{\1}", path)) for method, path in walked(app) if "/api/v1/" in path}
    assert {pair for pair in named if pair[0] != "HEAD"} == routes
    heads = {path for method, path in named if method == "HEAD"}
    assert heads <= {path for method, path in routes if method == "GET"}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                assert operation["x-permission"] in access.permissions(), (method, path)
                assert operation.get("summary") or operation.get("description"), (method, path)
                assert {"4XX", "5XX"} <= set(operation["responses"]), (method, path)


def _without_methods(described):
    return [("PARAMETERS", path) for path in described["paths"]]


def test_the_description_is_valid_json_in_a_stable_order():
    text = (DOCS / "openapi.json").read_text("utf-8")
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text


def test_the_word_list_has_every_table():
    documented = {row[1]: row[2] for row in rows(read("ordlista.md")) if len(row) == 4}
    documented.pop("In the code")
    assert documented == {
        f"`{one.class_.__name__}`": f"`{one.local_table.name}`"
        for one in Base.registry.mappers
        if one.class_.__module__.partition(".")[0] in ("core", "plugins")
    }


@pytest.mark.parametrize(
    ("name", "flow"),
    [
        ("Place", PLACE),
        ("Walk", WALK),
        ("Observation", OBSERVATION),
        ("Deadline", DEADLINE),
        ("WorkOrder", ORDER),
        ("Penalty", PENALTY),
        ("Deviation", DEVIATION),
        ("Cycle", CYCLE),
        ("SituationReport", PICTURE),
        ("Problem", PROBLEM),
        ("Cause", CAUSE),
        ("Goal", GOAL),
        ("Measure", MEASURE),
        ("Consultation", CONSULTATION),
        ("Lift", LIFT),
        ("WeeklyReport", WEEKLY_REPORT),
        ("WeeklyAction", WEEKLY_ACTION),
        ("CityReport", CITY_REPORT),
        ("ActionPlan", ACTION_PLAN),
        ("IlsReport", ILS_REPORT),
        ("Activation", ACTIVATION),
        ("ActivationPermit", PERMIT),
        ("PatrolRequest", PATROL),
        ("PlanningProject", PROJECT),
        ("Collaboration", COLLABORATION),
        ("Agreement", AGREEMENT),
        ("Council", COUNCIL),
        ("Meeting", MEETING),
        ("MeetingDecision", DECISION),
        ("Commitment", COMMITMENT),
        ("Booking", BOOKING),
        ("Round", ROUND),
        ("Application", APPLICATION),
        ("ApplicationAsk", ASKED),
        ("Assessment", ASSESSMENT),
        ("BodyMeeting", BODY_MEETING),
        ("GrantDecision", GRANT_DECISION),
        ("Claim", CLAIMS),
        ("CarryOver", CARRY_OVER),
        ("Reallocation", REALLOCATION),
        ("GrantReport", REPORTS),
        ("Effect", EFFECTS),
    ],
)
def test_the_word_list_has_every_state(name, flow):
    part = read("ordlista.md").partition(f"(`{name}`)\n")[2].partition("\n## ")[0]
    documented = {row[0]: row[1] for row in rows(part)[1:]}
    assert documented == {f"`{key}`": state.label for key, state in flow.states.items()}


def test_the_word_list_has_every_state_of_a_photo():
    part = read("ordlista.md").partition("(`Photo`)\n")[2]
    assert {row[0] for row in rows(part)[1:]} == {f"`{key}`" for key in STATES}


def test_the_drawing_of_the_observation_is_its_flow():
    drawn = set(re.findall(r"^    (\w+) --> (\w+): (\w+)$", read("architecture.md"), re.MULTILINE))
    assert drawn == {(source, move.target, move.key) for move in OBSERVATION.moves for source in move.sources}
    assert f"[*] --> {OBSERVATION.start}\n" in read("architecture.md")


def test_the_layers_on_the_page_are_those_that_are_checked():
    """The page leaves out what is not built yet: the optional ones in setup.cfg that have no folder."""
    contract = (
        (CHECKOUT / "setup.cfg").read_text().partition("[importlinter:contract:layers]")[2].partition("layers =\n")[2]
    )
    checked = []
    for line in contract.partition("\n\n")[0].splitlines():
        names = [name.strip(" ()") for name in line.split("|")]
        if there := [
            name for name in names if (CHECKOUT / "core" / name).is_dir() or (CHECKOUT / "core" / f"{name}.py").exists()
        ]:
            checked.append(sorted(there))
    drawn = read("architecture.md").partition("checked by `script/check`):\n\n")[2].partition("\n\n")[0]
    assert [sorted(name.strip() for name in line.split("·")) for line in drawn.splitlines()] == checked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_a_page_names_only_files_pictures_and_tests_that_exist(page):
    text = page.read_text("utf-8")
    links = [*re.findall(r"\]\(([^)#\s]+)", text), *re.findall(r'src="([^"]+)"', text)]
    inside = {link for link in links if not link.startswith(("http", "mailto:"))}
    assert {link for link in inside if not (page.parent / link).exists()} == set()
    assert [pair for pair in TEST.findall(text) if not _has(CHECKOUT / pair[0], pair[1])] == []


def _has(path: Path, test: str) -> bool:
    return path.is_file() and re.search(rf"^ *def {test}\(", path.read_text("utf-8"), re.MULTILINE) is not None


def test_every_page_is_reached_from_the_first():
    """Whoever begins at README.md finds every page by following links."""
    found, ahead = set(), [CHECKOUT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in found or not page.exists():
            continue
        found.add(page)
        links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")) if page.suffix == ".md" else []
        ahead += [(page.parent / link).resolve() for link in links if "://" not in link]
    within = {page for folder in found if folder.is_dir() for page in folder.glob("*.md")}
    assert set(PAGES) - found - within == set()


def test_the_pictures_are_small():
    pictures = [*DOCS.glob("images/*")]
    assert len(pictures) >= 2
    assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []


def test_the_readme_leads_on():
    text = (CHECKOUT / "README.md").read_text("utf-8")
    assert "script/server" in text
    assert "script/test" in text


def test_the_ledger_has_the_rows_that_were_asked_for_and_each_names_a_test():
    """That the tests exist is asked of every page."""
    ledger = rows(read("features.md"))[1:]
    assert [row[0].partition(" ")[0] for row in ledger if row[0]] == ROWS.split(" ")
    assert [row for row in ledger if len(TEST.findall(row[2])) != 1] == []


def test_who_coordinates_is_called_what_the_city_calls_the_function():
    """The word that was in use before it is said nowhere: forms and demo name the role (domain.md, Words)."""
    said = [CHECKOUT / "templates", CHECKOUT / "core", DOCS / "anvandarguide"]
    files = [one for root in said for kind in ("*.py", "*.csv", "*.toml", "*.html", "*.md") for one in root.rglob(kind)]
    assert len(files) > 500
    assert [one.name for one in files if "trygghetssamordnare" in one.read_text(encoding="utf-8").casefold()] == []
