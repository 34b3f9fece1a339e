"""The documentation names what there is: it fails the build when it falls behind (style.md, habit 4)."""

import json
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from core import access, hookspecs, kit
from core.cli import main
from core.cli.running import openapi
from core.settings import Settings
from core.testing.servers import environment
from plugins import klotter
from tests.contract.city import CHECKOUT
from tests.contract.requests import walked
from tests.contract.test_hooks import HOOKS

DOCS = CHECKOUT / "docs"
ROWS = "Y1 Y2 Y4 B6 C2 C3 C9 I1 I2 I4 I7 I9 J1 J7 J8 K1 K3 K9 L1 L3 P2 R3"
TEST = re.compile(r"`(tests/\S+?\.py)::(\w+)`")


def reference(name):
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def in_table(page, kind=r"[\w.:]+"):
    """What stands in backticks in the first column of a page's tables."""
    return set(re.findall(rf"^\| `({kind})` \|", page, re.MULTILINE))


def test_every_setting_is_in_the_docs_with_its_own_words():
    page = reference("settings")
    assert in_table(page) == {f"TRYGGPLATS_{field.name.upper()}" for field in fields(Settings)}
    assert [field.name for field in fields(Settings) if field.metadata["doc"] not in page] == []


def test_every_permission_is_in_the_docs_with_who_has_it():
    rows = dict(re.findall(r"^\| `([a-z_]+:[a-z_]+:[a-z_]+)` (\|.*)$", reference("permissions"), re.MULTILINE))
    declared = {entry.key: entry for entry in (*access.PERMISSIONS, *klotter.tryggplats_permissions())}
    assert set(rows) == set(declared)
    assert list(access.PERMISSIONS) == sorted(access.PERMISSIONS, key=lambda entry: entry.key)
    for key, row in rows.items():
        _, _, own, city, _ = row.split("|")
        assert set(re.findall(r"`(\w+)`", own)) == set(declared[key].own), key
        everybody = declared[key].city in (access.EVERYONE, access.SIGNED_IN)
        if not everybody:
            assert set(re.findall(r"`(\w+)`", city)) == set(declared[key].city), key
        assert everybody == ("everybody" in city), key


def test_every_role_that_a_permission_names_exists():
    for entry in (*access.PERMISSIONS, *klotter.tryggplats_permissions()):
        assert {*entry.own, *entry.city} <= {*access.ROLES, "*"}, entry.key


def test_every_hook_is_in_the_docs_with_its_arguments():
    page = reference("hooks")
    hooks = [f"tryggplats_{name}" for name in HOOKS]
    assert in_table(page, r"tryggplats_\w+") == set(hooks)
    for name in hooks:
        row = re.search(rf"^\| `{name}` \|(.*?)\|", page, re.MULTILINE)[1]
        code = getattr(hookspecs, name).__code__
        assert re.findall(r"`(\w+)`", row) == list(code.co_varnames[: code.co_argcount]), name
        assert getattr(hookspecs, name).__doc__.split(".")[0].split(",")[0] in ("Declared", "Collected", "Veto", "Told")


def test_every_name_of_the_kit_is_in_the_docs_and_there():
    assert in_table(reference("kit")) == set(kit.NAMES)
    assert [name for name in kit.NAMES if not hasattr(kit, name)] == []
    assert sorted(kit.__all__, key=str.casefold) == sorted(kit.NAMES, key=str.casefold)


def commands(group=main, words=("tryggplats",)):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def test_every_command_is_in_the_docs_and_says_what_it_does():
    assert in_table(reference("commands"), r"tryggplats [a-z ]+") == {name for name, _ in commands()}
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
    routes = {(method, path.replace("<uuid:uid>", "{uid}")) for method, path in walked(app) if "/api/v1/" in path}
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


def test_the_ledger_names_only_tests_that_exist():
    page = (DOCS / "features.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z]\d+)?.*\|$", page, re.MULTILINE)
    asked = set(ROWS.split())
    assert asked <= set(rows)
    named = TEST.findall(page)
    assert len(named) >= len(asked)
    missing = [f"{path}::{test}" for path, test in named if not _has(CHECKOUT / path, test)]
    assert missing == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_page_names_only_files_and_tests_that_exist(page):
    text = page.read_text("utf-8")
    links = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if not link.startswith(("http", "mailto:"))}
    assert {link for link in links if not (page.parent / link).exists()} == set()
    assert [pair for pair in TEST.findall(text) if not _has(CHECKOUT / pair[0], pair[1])] == []


def _has(path: Path, test: str) -> bool:
    return path.is_file() and re.search(rf"def {test}\(", path.read_text("utf-8")) is not None


def test_the_readme_leads_on():
    text = (CHECKOUT / "README.md").read_text("utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        assert link.startswith("http") or (CHECKOUT / link).exists(), link
    assert "script/server" in text
    assert "script/test" in text


def test_the_description_is_valid_json_in_a_stable_order():
    text = (DOCS / "openapi.json").read_text("utf-8")
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text
