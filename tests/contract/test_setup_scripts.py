"""The scripts that a newcomer runs first."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*(path for path in (ROOT / "script").iterdir() if not path.suffix), ROOT / ".ci" / "run"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_can_be_run(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


@pytest.fixture
def bare_machine():
    """A folder that everybody can read, with the script in it and with programs that refuse."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "script").mkdir()
    shutil.copy(ROOT / "script" / "bootstrap", folder / "script")
    for refusing in ("dpkg-query", "sudo"):
        (folder / refusing).write_text("#!/bin/sh\nexit 1\n")
        (folder / refusing).chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("packages", "needed"), [("run", ["spatialite"]), ("dev", ["spatialite", "postgis", "chromium", "libatomic1"])]
)
def test_bootstrap_without_the_right_to_install_says_what_to_run(bare_machine, packages, needed):
    """An ordinary user on a machine that has nothing gets the one line that somebody else has to run."""
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_nobody, bare_machine / "script" / "bootstrap", packages],
        env={"PATH": f"{bare_machine}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    line = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert all(name in line for name in needed)
