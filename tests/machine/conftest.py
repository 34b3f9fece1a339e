"""What the tests of the machine share: child processes, several threads at once, and plugins made on the spot."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from core.hookspecs import Manifest, hookimpl
from core.testing.servers import environment


@pytest.fixture
def start_child(settings):
    """Start a Python program as a process of the same installation; it is killed at the end if it still runs."""
    children = []

    def start(*arguments, **how):
        child = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **how,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def together():
    """Call a function with each value at the same time, in threads, and return the answers."""

    def call(function, values):
        with ThreadPoolExecutor(len(values)) as pool:
            return list(pool.map(function, values))

    return call


@pytest.fixture
def plugin(tmp_path):
    """Make a plugin: name and loader, as `house(settings, extra=[…])` takes them."""

    def make(name="bra", *, core=">=1,<2", manifest=True, root: Path = tmp_path, **hooks):
        def load():
            module = ModuleType(name)
            if manifest:
                hooks["manifest"] = lambda: Manifest(name=name, title=name.title(), root=root, core=core)
            for hook, function in hooks.items():
                setattr(module, f"tryggplats_{hook}", hookimpl(function))
            return module

        return name, load

    return make
