"""A file under a name that says nothing, to be looked at and stripped."""

import io

import pytest

from core.media.formats import inspect, strip


@pytest.fixture(scope="module")
def workbench(tmp_path_factory):
    return tmp_path_factory.mktemp("media") / "photo.jpg"


@pytest.fixture
def look(workbench):
    def look(data):
        workbench.write_bytes(data)
        return inspect(workbench)

    return look


@pytest.fixture
def stripped(workbench):
    def stripped(data):
        workbench.write_bytes(data)
        out = io.BytesIO()
        strip(workbench, out, inspect(workbench))
        return out.getvalue()

    return stripped
