"""The phone's form: only the chosen kind is asked, and nothing that a phone says of itself keeps one from saving."""

import re
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.hookspecs import Manifest, ObservationKind, hookimpl
from core.people.models import Organisation
from core.places.models import Place
from core.schema import Schema, fields
from core.testing import application
from core.walks.models import Observation, Walk
from tests.walks.scene import at


class Fill(Schema):
    """A question that must be answered."""

    fill = fields.Integer(required=True, min=0, max=100, label="Hur full är den, i procent?")


def load():
    """Load a plugin beside klotter whose kind has a question that must be answered."""
    module = ModuleType("prov")
    module.tryggplats_manifest = hookimpl(lambda: Manifest("prov", "Prov", root=Path(__file__).parent, core=">=1,<2"))
    kinds = [
        ObservationKind("prov:full", "Full papperskorg", details=Fill),
        ObservationKind("prov:ren", "Ren parkering", good=True),
    ]
    module.tryggplats_observation_kinds = hookimpl(lambda: kinds)
    for hook in (module.tryggplats_manifest, module.tryggplats_observation_kinds):
        hook.__module__ = "prov"
    return module


@pytest.fixture
def app(settings):
    """The application with that plugin."""
    made = application(settings, ("prov", load))
    yield made
    made.database.dispose()


@pytest.fixture
def database(app):
    return app.database


@pytest.fixture
def save(client, scene):
    """Send the form as the page does: with the questions of every kind, answered or empty."""
    client.login(scene.leader)

    def save(kind, **more):
        sent = {"uid": str(uuid4()), "kind": kind, "description": "", "d_prov_full.fill": ""} | more
        return client.submit(f"/vandringar/{scene.walk}/skriv-in", sent)

    return save


def logged(database):
    with database.transaction(write=False) as session:
        return session.scalars(select(Observation).order_by(Observation.id)).all()


@pytest.mark.one_database
def test_the_questions_of_other_kinds_stay_out_of_it(save, database):
    assert save("belysning").status_code == 303
    assert save("belysning", **{"d_prov_full.fill": "många"}).status_code == 303
    assert [row.details["values"] for row in logged(database)] == [{}, {}]


@pytest.mark.one_database
def test_the_question_of_the_chosen_kind_must_be_answered(save, database):
    for answer in ("", "många", "101"):
        refused = save("prov:full", **{"d_prov_full.fill": answer})
        assert refused.status_code == 422, answer
        assert 'aria-invalid="true"' in refused.text
    assert save("prov:full", **{"d_prov_full.fill": "90"}).status_code == 303
    assert [row.details["values"] for row in logged(database)] == [{"fill": 90}]


@pytest.mark.one_database
def test_a_position_that_cannot_be_right_does_not_keep_anybody_from_saving(save, database, client):
    abroad = {"latitude": "57.70", "longitude": "11.97", "accuracy_m": "8", "source": "gps"}
    here = {name: str(value) for name, value in at(500, 500).items()}
    for said in (abroad, here | {"accuracy_m": "250000", "source": "gps"}):
        saved = save("belysning", **said)
        assert saved.status_code == 303
        assert "Telefonen gav inget läge som går att använda." in client.get(saved.location).text
    saved = save("belysning", **here, accuracy_m="12", source="gps")
    assert "inget läge" not in client.get(saved.location).text
    assert [(row.point is None, row.position_source) for row in logged(database)] == [
        (True, "plats"),
        (True, "plats"),
        (False, "gps"),
    ]


@pytest.mark.one_database
def test_what_is_good_is_not_grave(save, database):
    save("positivt_bevara")
    save("prov:ren")
    save("belysning")
    save("belysning", danger="true")
    assert [(row.nature, row.severity) for row in logged(database)] == [
        ("positivt", 1),
        ("positivt", 1),
        ("brist", 2),
        ("brist", 4),
    ]


@pytest.mark.one_database
def test_what_the_theme_is_about_stands_first_also_when_something_is_refused(save, client, scene, database):
    def shown(answer):
        return re.findall(r'type="radio" name="kind" value="([^"]+)"', answer.text)

    page = f"/vandringar/{scene.walk}/skriv-in"
    client.login(scene.leader)
    assert shown(client.get(page))[:2] == ["belysning", "vaxtlighet_sikt"]
    everything = set(shown(client.get(page)))
    with database.transaction() as session:
        session.scalars(select(Walk)).one().theme = "klotter"
    first = ["klotter:klotter", "skadegorelse", "skrap_dumpning"]
    for answer in (client.get(page), save("finns-inte")):
        assert shown(answer)[:3] == first
        assert "positivt_bevara" in shown(answer)[:8]
        assert (len(shown(answer)), set(shown(answer))) == (len(everything), everything), "each once, and all of them"


@pytest.mark.one_database
def test_whom_one_rings_about_a_danger(save, client, scene, database):
    """112, the jour of the place, and the functions with a number of who leads the walk or answers."""
    with database.transaction() as session:
        session.scalars(select(Place)).one().oncall = "08-465 004 00"
        boards = select(Organisation).where(Organisation.code.in_(("sdn-farsta", "trafik")))
        for board in session.scalars(boards):
            board.contacts = f"Registrator: registrator@staden.example\nDriftcentral {board.code}: 08-465 004 01"
    asked = client.get(f"/vandringar/{scene.walk}/skriv-in").text
    told = client.get(save("belysning", danger="ja").location).text
    for page, whose in ((asked, "sdn-farsta"), (told, "trafik")):
        assert re.findall(r'href="tel:([^"]+)"', page) == ["112", "0846500400", "0846500401"]
        assert f"Driftcentral {whose}" in page
        assert "registrator@" not in page
    assert "tel:" not in client.get(save("belysning").location).text
