"""The lock files: whole, in step with what setup.cfg and package.json ask for, the same on every machine."""

import ast
import configparser
import json
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SETUP = configparser.ConfigParser(interpolation=None)
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")


def requirements(*extras):
    extra = SETUP["options.extras_require"]
    text = "\n".join([SETUP["options"]["install_requires"], *(extra[name] for name in extras)])
    return [Requirement(line) for line in text.splitlines() if line]


def pins(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^(\S+?)==(\S+)", text, flags=re.MULTILINE))


def wanted(roots):
    """Follow what the installed packages themselves ask for, from `roots`; name -> the demands on it."""
    found, seen = {}, set()
    queue = list(roots)
    while queue:
        demand = queue.pop()
        name = canonicalize_name(demand.name)
        found.setdefault(name, []).append(demand)
        for extra in {"", *demand.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            asked = [Requirement(text) for text in distribution(name).requires or ()]
            queue += [one for one in asked if not one.marker or one.marker.evaluate({"extra": extra})]
    return found


@pytest.mark.parametrize(("lock", "extras"), [("run", ["build"]), ("dev", ["build", "dev"])])
def test_lock_is_what_setup_cfg_asks_for(lock, extras):
    locked, demands = pins(lock), wanted(requirements(*extras))
    assert sorted(locked) == sorted(demands), "run script/lock"
    on_each = [(one, locked[name]) for name, every in demands.items() for one in every]
    unmet = [str(one) for one, version in on_each if not one.specifier.contains(version, prereleases=True)]
    assert unmet == []


def test_both_locks_agree():
    run, dev = pins("run"), pins("dev")
    assert run.items() <= dev.items()


def test_environment_is_the_lock():
    assert {name: distribution(name).version for name in pins("dev")} == pins("dev")


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_python_lock_holds_hashes_and_no_addresses(lock):
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    shape = re.compile(r"[a-z0-9.-]+==[\w.+]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not shape.fullmatch(line)] == []


def test_npm_lock_holds_hashes_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_npm_lock_is_what_package_json_asks_for():
    asked = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for group in ("dependencies", "devDependencies"):
        assert locked[""].get(group) == asked.get(group)
        assert {name: locked[f"node_modules/{name}"]["version"] for name in asked[group]} == asked[group]


def imported(path):
    """The packages that a module imports at work, not for types alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_core_itself_works_with_the_seven_libraries_that_were_asked_for():
    core = [path for path in (ROOT / "core").rglob("*.py") if "testing" not in path.parts]
    used = {name for path in core for name in imported(path)}
    assert used >= {"flask", "pluggy", "sqlalchemy", "marshmallow", "apscheduler", "PIL", "geoalchemy2"}


def test_every_dependency_has_its_reason_in_the_docs():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    npm = json.loads((ROOT / "package.json").read_text())
    names = [one.name for one in requirements("build", "dev")] + [*npm["dependencies"], *npm["devDependencies"]]
    rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$", text, flags=re.MULTILINE)
    assert sorted(rows, key=str.lower) == sorted(names, key=str.lower)
