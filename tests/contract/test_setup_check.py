"""`script/check`: goes through all of it, the lock files too, and says what did not hold."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = (".venv/bin/python", ".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/lint-imports")


@pytest.fixture
def checked(tmp_path):
    """Run the script among programs that find no fault, but for those whose arguments name `fault`."""
    (tmp_path / "script").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "script" / "check", tmp_path / "script")

    def check(fault):
        for name in (*PROGRAMS, "script/bootstrap", "script/translate", "bin/git"):
            program = tmp_path / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(f'#!/bin/sh\ncase "$*" in *{fault}*) exit 1 ;; esac\n')
            program.chmod(0o755)
        return subprocess.run(
            [tmp_path / "script" / "check"],
            env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    return check


@pytest.mark.parametrize(
    ("fault", "title"), [("test_setup_locks.py", "Låsfilerna (test_setup_locks)"), ("format", "Utseende (ruff format)")]
)
def test_what_does_not_hold_is_named_and_the_rest_is_looked_at_too(checked, fault, title):
    assert checked("nothing").returncode == 0
    done = checked(fault)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == f"- {title}"
    assert done.stdout.count("== ") == 8
