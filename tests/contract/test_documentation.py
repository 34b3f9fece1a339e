"""The pages that name what is in the code name all of it, and nothing that is gone."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import core.app
import core.upgrade  # noqa: F401 - with these two every model is imported
from core import access
from core.db import Base
from core.media import STATES
from core.settings import Settings
from core.upkeep.states import DEADLINE
from core.walks.states import OBSERVATION, WALK
from plugins import klotter

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
EVERYBODY, LOGGED_IN = ("*",), tuple(access.ROLES)


def read(name):
    return (DOCS / name).read_text("utf-8")


def rows(text):
    """The cells of every row of every table, without the headings' lines."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


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


def test_the_page_of_permissions_names_every_role():
    documented = {row[0]: row[1] for row in rows(read("reference/permissions.md")) if len(row) == 3}
    documented.pop("Role")
    assert documented == {f"`{role}`": title for role, title in access.ROLES.items()}


def test_the_word_list_has_every_table():
    documented = {row[1]: row[2] for row in rows(read("ordlista.md")) if len(row) == 4}
    documented.pop("In the code")
    assert documented == {
        f"`{one.class_.__name__}`": f"`{one.local_table.name}`"
        for one in Base.registry.mappers
        if one.class_.__module__.partition(".")[0] in ("core", "plugins")
    }


@pytest.mark.parametrize(("name", "flow"), [("Walk", WALK), ("Observation", OBSERVATION), ("Deadline", DEADLINE)])
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
        (ROOT / "setup.cfg").read_text().partition("[importlinter:contract:layers]")[2].partition("layers =\n")[2]
    )
    checked = []
    for line in contract.partition("\n\n")[0].splitlines():
        names = [name.strip(" ()") for name in line.split("|")]
        if there := [
            name for name in names if (ROOT / "core" / name).is_dir() or (ROOT / "core" / f"{name}.py").exists()
        ]:
            checked.append(sorted(there))
    drawn = read("architecture.md").partition("checked by `script/check`):\n\n")[2].partition("\n\n")[0]
    assert [sorted(name.strip() for name in line.split("·")) for line in drawn.splitlines()] == checked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = page.read_text("utf-8")
    links = [*re.findall(r"\]\(([^)#]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


def test_every_page_is_reached_from_the_first():
    """Whoever begins at README.md finds every page by following links."""
    found, ahead = set(), [ROOT / "README.md"]
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


def test_the_ledger_names_tests_that_exist():
    ledger = read("features.md")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", ledger)
    assert len(named) == len(rows(ledger)) - 1, "each row names a test"
    gone = [f"{file}::{test}" for file, test in named if not _has(ROOT / file, test)]
    assert gone == []


def _has(file, test):
    return file.exists() and re.search(rf"^def {test}\(", file.read_text("utf-8"), re.MULTILINE) is not None


ROWS = "Y1 Y2 Y4 B6 C2 C3 C9 I1 I2 I4 I7 I9 J1 J7 J8 K1 K3 K9 L1 L3 P2 R3"


def test_the_ledger_has_the_rows_that_were_asked_for():
    assert [row[0].partition(" ")[0] for row in rows(read("features.md"))[1:] if row[0]] == ROWS.split(" ")
