"""What has happened on a place: from every room and plugin, newest first, page by page without a gap."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline
from core.walks import services as walks
from core.walks.models import Observation
from tests.walks.scene import add_place, square


@pytest.fixture
def log(database, scene):
    """Log something on the scene's walk so many minutes ago."""

    def log(kind, minutes=0, **more):
        with database.transaction():
            seen = core_clock.now() - timedelta(minutes=minutes)
            return walks.log_observation(
                scene.leader, uid=uuid4(), walk=scene.walk, kind=kind, seen_at=seen, **more
            ).uid

    return log


def happenings(client, scene, address=None):
    """Return the texts of the timeline, and the address of what is older."""
    text = client.get(address or f"/platser/{scene.place}").text
    part = text.partition('id="handelser"')[2].partition("</ol>")
    lines = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li.*?</li>", part[0], re.DOTALL)]
    older = re.search(r'href="([^"]*fore=[^"]*)"', text)
    return [unescape(line) for line in lines], older and unescape(older[1])


def test_walks_frister_and_graffiti_stand_in_one_line_of_time(client, actors, database, scene, log, clock):
    clock.stop_at("2027-03-08T18:00")
    log("belysning", 90, description="Två lyktor lyser inte.")
    graffiti = log("klotter:klotter", 60, description="Taggar på muren.")
    log("skrap_dumpning", 30)
    with database.transaction():
        frister = upkeep.deadlines_of(scene.leader, "observation", graffiti)
        [frist] = [row for row in frister if row.kind == "klotter:sanering"]
    client.login(scene.leader)
    lines, older = happenings(client, scene)
    words = [next(word for word in ("Skräp", "Sanera", "Taggar", "lyktor") if word in line) for line in lines]
    assert words in (["Skräp", "Sanera", "Taggar", "lyktor"], ["Skräp", "Taggar", "Sanera", "lyktor"])
    assert older is None
    assert "Sanera klotter, senast 2027-03-09" in " ".join(lines)
    assert "Iakttagelse 1 på vandringen Kvällsvandring" in lines[-1]
    page = client.get(f"/platser/{scene.place}").text
    assert f'href="/skotsel/frister/{frist.uid}"' in page
    assert f'href="/iakttagelser/{graffiti}"' in page


def test_older_happenings_come_page_by_page_without_a_gap(client, scene, log, clock):
    """75 observations a minute apart, 30 to a page."""
    clock.stop_at("2027-03-08T18:00")
    for minute in range(75):
        log("belysning", minute, description=f"nr {minute:02}.")
    client.login(scene.leader)
    pages, address = [], None
    while True:
        lines, address = happenings(client, scene, address)
        pages.append([int(number) for line in lines for number in re.findall(r"nr (\d\d)\.", line)])
        if address is None:
            break
    assert [len(page) for page in pages] == [30, 30, 15]
    assert [number for page in pages for number in page] == list(range(75))


def test_happenings_of_one_moment_are_not_lost_between_two_pages(client, scene, log, clock):
    """A walk's entries may carry the same second; a page that ends among them must not skip the rest."""
    clock.stop_at("2027-03-08T18:00")
    log("belysning", 5, description="nr 40.")
    for number in range(40):
        log("belysning", 10, description=f"nr {number:02}.")
    client.login(scene.leader)
    found, address = [], None
    while True:
        lines, address = happenings(client, scene, address)
        found += [int(number) for line in lines for number in re.findall(r"nr (\d\d)\.", line)]
        if address is None:
            break
    assert sorted(found) == list(range(41))


def test_what_is_protected_leaves_no_trace(client, database, scene, log):
    """From level 3 on: not in the timeline, not in the parts of the page, for nobody."""
    log("belysning", 90, description="Det här får synas.")
    hidden = log("klotter:klotter", 60, description="Hemlig beskrivning.")
    with database.transaction() as session:
        for model, key in ((Observation, Observation.uid), (Deadline, Deadline.subject_uid)):
            for row in session.scalars(select(model).where(key == hidden)):
                row.level = 3
    client.login(scene.leader)
    page = client.get(f"/platser/{scene.place}").text
    lines, _ = happenings(client, scene)
    assert [line for line in lines if "får synas" in line]
    assert "Hemlig" not in page
    assert "Sanera" not in page
    assert "Skyddat ärende" in page, "the open frist is counted, and says no more"


def test_another_organisations_happenings_are_not_told(client, actors, scene, log):
    """Trafik answers for refuse and light on the place; what the board alone answers for is not its business."""
    log("belysning", 20, description="Lyktan.")
    log("odslighet", 10, description="Ingen är här på kvällen.")
    client.login(actors("tk_drift", "trafik"))
    lines, _ = happenings(client, scene)
    assert [line for line in lines if "Lyktan." in line]
    assert not [line for line in lines if "Ingen är här" in line]


def test_each_place_has_its_own(client, database, scene, log):
    with database.transaction():
        other = add_place("Tomma torget", square(700, 700, 50))
    log("belysning", 20)
    client.login(scene.leader)
    assert "Inga iakttagelser, frister eller åtgärder än." in client.get(f"/platser/{other}").text
