"""Kinds of measure that belong to a plugin: chosen while it is there, and approved by it before money is sought.

As cameras and barriers will be (domain.md 1.5): neither is a kind of the city's own.
"""

from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import db, flow
from core.app import create_app
from core.applications.models import ApplicationMeasure
from core.applications.services import applications, coach, measures
from core.applications.states import APPLICATION
from core.cooperation import catalogue
from core.hookspecs import Manifest, MeasureKind, Objection, hookimpl
from core.schema import Invalid
from tests.applications.coach.conftest import application_of, said

pytestmark = pytest.mark.other_database_long
KINDS = ("kamera", "fordonsskydd")


@pytest.fixture
def with_plugins(settings, tmp_path):
    """Start with a plugin for cameras and one for barriers; both approve what is in `approved`, by its text."""
    opened = []

    def start(approved):
        def of(name):
            def load():
                made = ModuleType(name)
                said = {
                    "manifest": lambda: Manifest(name=name, title=name.title(), root=tmp_path, core=">=1,<2"),
                    "measure_kinds": lambda: [MeasureKind(f"{name}:{name}", name.title())],
                    "measure_objections": objections,
                }
                for hook, function in said.items():
                    setattr(made, f"tryggplats_{hook}", hookimpl(function))
                return made

            def objections(measure):
                if measure.kind == f"{name}:{name}" and measure.text not in approved:
                    return [Objection(f"Beslutet om {measure.text} är inte fattat.")]
                return []

            return name, load

        opened.append(create_app(settings, extra_plugins=[of(name) for name in KINDS]).database)
        return opened[-1]

    yield start
    for database in opened:
        database.dispose()


@pytest.mark.parametrize("kind", [*KINDS, "kamera:kamera", "fordonsskydd:fordonsskydd"])
def test_without_the_plugin_nobody_can_seek_money_for_it(database, whole, kind):
    with database.transaction():
        assert kind not in catalogue.measure_kinds()
        with pytest.raises(Invalid) as refused:
            measures.add_measure(whole.writer, whole.uid, measure_uid=uuid4(), kind=kind, text="Vid torget")
    assert list(refused.value.errors) == ["kind"]


@pytest.mark.parametrize("name", KINDS)
def test_with_it_the_plugin_s_own_approval_is_waited_for(database, whole, with_plugins, name):
    """Told by the coach while it is written, and refused when it is handed in."""
    approved = []
    with with_plugins(approved).transaction():
        assert catalogue.measure_kinds()[f"{name}:{name}"].title == name.title()
        db.session().scalars(select(ApplicationMeasure)).one().kind = f"{name}:{name}"
        db.session().flush()
        found = application_of(whole)
        told = coach.read_coach(whole.writer, found)
        words = "Gör klart prövningen av Bänkar: Beslutet om Bänkar är inte fattat."
        assert [str(one.lack.text) for one in told.stops("skicka_in")] == [words]
        assert told.stops("granskning") == ()
        found.state = "namndbeslutad"
        with pytest.raises(flow.Refused) as refused:
            applications.move_application(whole.leader, whole.uid, "skicka_in")
        assert said(refused) == [words]
        assert refused.value.objections[0].field == "atgarder.tillagg"
        approved.append("Bänkar")
        assert applications.move_application(whole.leader, whole.uid, "skicka_in").state == "inskickad"
        approved.clear()  # it is taken back before the assessment begins
        with pytest.raises(flow.Refused) as refused:
            flow.move(APPLICATION, application_of(whole), "borja_bedoma", whole.officer)
    assert words in said(refused)


def test_what_the_plugin_approves_is_asked_of_its_own_kinds_only(database, whole, with_plugins):
    with with_plugins([]).transaction():
        assert coach.read_coach(whole.writer, application_of(whole)).missing == ()
