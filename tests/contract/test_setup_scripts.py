"""The scripts that a newcomer runs first."""

import fcntl
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


def bootstrap(folder, packages, seconds=60):
    """Run the script in it as an ordinary user."""
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*as_nobody, folder / "script" / "bootstrap", packages],
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


@pytest.mark.parametrize(
    ("packages", "needed"), [("run", ["spatialite"]), ("dev", ["spatialite", "postgis", "chromium", "libatomic1"])]
)
def test_bootstrap_without_the_right_to_install_says_what_to_run(bare_machine, packages, needed):
    """An ordinary user on a machine that has nothing gets the one line that somebody else has to run."""
    done = bootstrap(bare_machine, packages)
    assert done.returncode == 1
    assert done.stdout == ""
    line = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert all(name in line for name in needed)


def test_two_that_are_started_at_once_wait_for_each_other(bare_machine):
    held = os.open(bare_machine, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(subprocess.TimeoutExpired):
        bootstrap(bare_machine, "run", seconds=2)
    os.close(held)
    assert bootstrap(bare_machine, "run").returncode == 1
