"""A merger that is planned ahead changes nothing before its day: who leads, who is asked, who is near."""

from datetime import timedelta

import pytest

from core import access, clock
from core.people import services as people
from core.walks import services

DAY = timedelta(days=1)
HOUSE = access.system("test")


@pytest.fixture
def planned(scene, database):
    """Farsta and Skarpnäck become one board the day after tomorrow; what it will answer for then is already known."""
    with database.transaction():
        facts = {"codes": ["sdn-farsta", "sdn-skarpnack"], "on": clock.today() + 2 * DAY, "source": "Beslut"}
        people.merge_organisations(HOUSE, name="Nya nämnden", code="sdn-ny", **facts)
        scene.control("klotter", "sdn-ny", days=(2, None))
    return scene


def test_who_carries_on_later_neither_leads_nor_is_asked_before_its_day(planned, database, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction(write=False):
        assert [row.code for row in services.led_by(leader)] == ["sdn-farsta"], "its last day has not been"
        asked = {row.code for row in services.organisations(leader)}
        assert "sdn-farsta" in asked
        assert "sdn-ny" not in asked
        near = services.nearest_to(services.read_walk(leader, planned.walk))
        codes = {row.code for row in services.organisations(leader) if row.id in near}
        assert codes == {"sdn-farsta", "trafik"}
        new = people.organisation("sdn-ny")
        assert new.id not in near
