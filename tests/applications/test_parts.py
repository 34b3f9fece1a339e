"""The pages of an application's parts, without script: what is typed is kept, or told at its field."""

import pytest

from tests.applications.written import fourth, grounded, queries, scene, third, together, writing

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "grounded", "queries", "scene", "third", "together", "writing"]
OURS = ("plats", "problem", "underlag", "orsaker", "atgarder", "mal", "perspektiv", "tidplan")


def test_pages(database, grounded, client):
    client.login(grounded.writer)
    assert client.get("/ansokningar/ny").status_code == 200
    assert client.get(grounded.here).status_code == 200
    for key in OURS:
        page = client.get(f"{grounded.here}/{key}")
        assert page.status_code == 200, key
