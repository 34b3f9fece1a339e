"""Every krona points at evidence: picked where it was seen, measured or told, with a link back (E16, X2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, db
from core.applications.models import ApplicationEvidence
from core.applications.services import applications, evidence, parts
from core.cooperation import services as cooperation
from core.schema import Invalid
from core.walks import services as walks
from tests.applications.written import fourth, grounded, queries, scene, third, together, writing
from tests.cooperation.conftest import asked_for, hand_in
from tests.figures.putting import put
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "grounded", "queries", "scene", "third", "together", "writing"]


@pytest.fixture
def seen(database, scene, writing):
    """The application is about the square, where two things have been seen; a third was seen elsewhere."""
    with database.transaction():
        parts.write_part(writing.writer, writing.uid, "plats", places=[scene.place])
        elsewhere = add_place("Annan plats", square(100, 100, 50))
        known = {"walk": scene.walk, "severity": 2}
        return [
            walks.log_observation(scene.leader, uid=uuid4(), kind=kind, place=place, description=said, **known).uid
            for kind, place, said in (
                ("belysning", scene.place, "Två lyktor lyser inte."),
                ("toalett", scene.place, ""),
                ("belysning", elsewhere, "Inte här."),
            )
        ]


def test_what_was_seen_on_the_place_is_picked_once_and_links_back(database, writing, seen, client):
    here = f"{writing.here}/underlag"
    client.login(writing.writer)
    page = client.get(here).text
    assert str(seen[0]) in page
    assert str(seen[1]) in page
    assert str(seen[2]) not in page, "what was seen elsewhere is not offered"
    lights = client.get(f"{here}?sort=belysning").text
    assert str(seen[0]) in lights
    assert str(seen[1]) not in lights
    picked = {"observations": [str(seen[0]), str(seen[1])]}
    assert client.submit(f"{here}/iakttagelser", picked, page=here).status_code == 303
    assert client.submit(f"{here}/iakttagelser", picked, page=here).status_code == 422, "they are in it already"
    assert client.submit(f"{here}/iakttagelser", {"observations": [str(seen[2])]}, page=here).status_code == 422
    page = client.get(here).text
    assert f'href="/iakttagelser/{seen[0]}"' in page
    assert "Trygghetsvandring: " in page
    assert "Två lyktor lyser inte." in page
    with database.transaction() as session:
        rows = session.scalars(select(ApplicationEvidence).order_by(ApplicationEvidence.id)).all()
        assert [row.kind for row in rows] == ["trygghetsvandring", "trygghetsvandring"]
        assert rows[0].period == clock.today().isoformat()


def test_who_does_not_reach_what_was_seen_reads_what_it_says_without_a_link(database, writing, seen, actors, client):
    with database.transaction():
        evidence.pick_observations(writing.writer, writing.uid, seen[:1])
        found = applications.read_application(writing.writer, writing.uid)
        found.state = "inskickad"
    client.login(actors("ks_las", "ks"))
    page = client.get(f"{writing.here}/underlag")
    assert page.status_code == 200
    assert "Två lyktor lyser inte." in page.text
    assert f'href="/iakttagelser/{seen[0]}"' not in page.text


def test_a_figure_of_the_area_is_picked_with_its_value(database, writing, seen, actors, client):
    knower = actors("slk_handlaggare", "slk")
    with database.transaction():
        figure = put(knower, "trygg_kvall", "farsta", "2024", "62,5")
    here = f"{writing.here}/underlag"
    client.login(writing.writer)
    assert client.submit(f"{here}/siffror", {"figures": [str(figure)]}, page=here).status_code == 303
    page = client.get(here).text
    assert f'href="/statistik/siffror/{figure}"' in page
    with database.transaction() as session:
        [row] = session.scalars(select(ApplicationEvidence))
        assert (row.kind, row.value, row.unit, row.period) == ("trygghetsmatning", 62.5, "procent", "2024")


def test_what_pictures_say_is_offered_when_they_are_open_and_not_before(database, writing, together, client):
    today = clock.today()
    told = {"kind": "grannsamtal", "what": "Boende väljer andra vägar.", "source": "40 samtal"}
    told |= {"first_on": today - timedelta(days=9), "last_on": today}
    with database.transaction():
        asked_for(together)
        cycle = cooperation.read_cycle(together.leader, together.cycle)
        picture = cooperation.own_picture(together.leader, cycle).report.uid
        said = cooperation.add_evidence(together.leader, picture, evidence=uuid4(), **told).uid
        parts.write_part(writing.writer, writing.uid, "orsaker", cycle=together.cycle)
    client.login(writing.writer)
    here = f"{writing.here}/underlag"
    assert "Boende väljer andra vägar." not in client.get(here).text, "not even one's own, while they are sealed"
    with pytest.raises(Invalid), database.transaction():
        evidence.pick_told(writing.writer, writing.uid, [said])
    with database.transaction():
        for actor in together.actors:
            hand_in(actor, together.cycle)
    assert client.submit(f"{here}/lagesbilder", {"told": [str(said)]}, page=here).status_code == 303
    page = client.get(here).text
    assert "Dialog: Boende väljer andra vägar." in page
    assert f'href="/lagesbilder/{picture}"' in page
    with database.transaction():
        found = applications.read_application(writing.writer, writing.uid)
        [row] = evidence.evidence_of(writing.writer, found).rows
        evidence.take_evidence(writing.writer, row.uid)
        assert evidence.told_to_choose(writing.writer, found), "what was taken out is offered again"


def test_evidence_by_hand_is_written_changed_and_refused_at_its_field(writing, client):
    here, uid = f"{writing.here}/underlag", uuid4()
    client.login(writing.writer)
    said = {
        "uid": str(uid),
        "kind": "polisstatistik",
        "says": "31 körningar en vecka",
        "value": "31",
        "unit": "körningar",
    }
    assert client.submit(f"{here}/nytt", said, page=here).status_code == 303
    wrong = client.submit(f"{here}/nytt", {"uid": str(uuid4()), "kind": "polisstatistik", "says": ""}, page=here)
    assert wrong.status_code == 422
    assert '<details class="tp-details" open>' in wrong.text
    changed = {"kind": "polisstatistik", "says": "31 körningar vecka 46", "value": "31", "compared": "9"}
    assert client.submit(f"/ansokningar/underlag/{uid}", changed | {"compared_with": "vecka 45"}).status_code == 303
    assert "vecka 45" in client.get(here).text


def test_the_same_evidence_again_is_the_same_and_other_words_are_refused(database, writing):
    with database.transaction():
        known = {"kind": "dialog", "says": "Möte på torget"}
        first = evidence.add_evidence(writing.writer, writing.uid, evidence=uuid4(), **known).uid
        again = evidence.add_evidence(writing.writer, writing.uid, evidence=first, **known).uid
    assert first == again
    with pytest.raises(db.Conflict), database.transaction():
        evidence.add_evidence(writing.writer, writing.uid, evidence=first, kind="dialog", says="Annat")
