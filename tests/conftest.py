"""What only our own tests need; the rest is `core.testing`, which plugin authors have too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis

from tests.walks.scene import GROUND

CHECKOUT = Path(__file__).parents[1]

# A slow machine is no fault, and CI finds the same thing twice.
hypothesis.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.load_profile("house")


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="Also the tests that take minutes: kill, soak, fuzz.")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that lies beside the checkout on a developer's machine."""
    folder = CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data that lies beside the checkout, in ../shared/data")
    return folder


@pytest.fixture
def template(request, template):
    """What a test begins with: the ground of the scene, where it asks for the scene."""
    return GROUND if "scene" in request.fixturenames else template


@pytest.fixture(autouse=True)
def umask():
    """A command that is run inside the test's process closes what it writes to others; the next test begins open."""
    ours = os.umask(0o022)
    yield
    os.umask(ours)
