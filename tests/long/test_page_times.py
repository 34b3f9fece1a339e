"""The pages whose times `benchmarks.pages` tells are there, and show what was planted."""

import pytest
from sqlalchemy import func, select

from benchmarks.pages import READERS, report
from benchmarks.seeds import observations
from core.walks.models import Observation


@pytest.mark.long
@pytest.mark.one_database("postgres")
def test_each_page_that_is_timed_shows_what_was_planted(database, client, actors):
    with database.transaction():
        observations.template()
    address = database.settings.database_url
    observations.plant(address, 2400)
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count(Observation.id))) == 2401
    spots, figures = observations.ends(address), {}
    for (role, organisation), pages in READERS.items():
        client.login(actors(role, organisation))
        for page in pages:
            answer = client.get(page.format(**spots))
            assert answer.status_code == 200, page
            figures[(role, organisation), page, 2400] = [(12.0, len(answer.data))] * 3
        assert "Vandring" in client.get("/vandringar").text
    assert "Belysning" in client.get(f"/platser/{spots['place']}").text
    told = "\n".join(report([(reader, page) for reader, pages in READERS.items() for page in pages], figures, [2400]))
    assert "/platser/{place}" in told
    assert "      12" in told
