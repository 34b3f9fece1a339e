"""Scenarios 1 and 2 of domain.md 13, from their first sentence to their last.

Scenario 8 is told in tests/followup/test_city.py, scenario 10 in test_assessing.py and in tests/works/test_sides.py.
"""

import pytest
from sqlalchemy import select, update

from core import db, flow
from core.applications.models import STREET, ApplicationMeasure, CostLine, RunningCost
from core.applications.services import answering, applications, granting
from core.cooperation.models import Cause, Goal
from core.places.models import PlaceControl
from core.reserve.models import Booking
from core.reserve.services import Over
from tests.applications.coach.conftest import application_of, text_of, whole
from tests.applications.deciding import FRAMES, PROPOSED, SOUGHT, add_application
from tests.applications.test_deciding import left, round_of

__all__ = ["whole"]

AFTER = {year: FRAMES[year] - PROPOSED[year] for year in FRAMES}


def test_scenario_1_farsta_is_granted_a_part_over_two_years_and_the_second_is_bound_at_once(database, decided):
    with database.transaction():
        assert (sum(SOUGHT.values()), sum(PROPOSED.values())) == (6_050_000, 4_000_000)
        assert decided.row().sought == 6_050_000
        decided.granted()
    with database.transaction():
        assert decided.row().state == "delvis_beviljad"
        assert left() == AFTER == {2027: 10_650_000, 2028: 3_500_000}
        with pytest.raises(flow.Refused, match="Beviljat är"):
            answering.accept(decided.applicant, decided.application)
    with database.transaction():
        for year, kronor in PROPOSED.items():
            mine = update(CostLine).where(CostLine.application_id == decided.row().id, CostLine.year == year)
            db.session().execute(mine.values(amount=kronor))
        db.session().execute(update(ApplicationMeasure).values(amount=sum(PROPOSED.values())))
        assert answering.accept(decided.applicant, decided.application).state == "beviljad"
        assert granting.granted_now(decided.row()) == PROPOSED
    assert left_in(database) == AFTER, "the revised plan moves no money"
    over = {2028: AFTER[2028] + 1}
    with database.transaction():
        other = add_application(round_of(decided), title="Nästa torg", sought=over, proposed=over)
        with pytest.raises(Over):
            decided.granted(application=other.uid, outcome="beviljad", amounts=over, motive_text="")
    assert left_in(database) == AFTER
    with database.transaction():
        assert len(db.session().scalars(select(Booking).where(Booking.kind == "beslut")).all()) == 1


def left_in(database):
    with database.transaction(write=False):
        return left()


def test_scenario_2_at_64_percent_neither_a_review_nor_a_submission_is_let_through(database, whole):
    """Without a tested cause, a measured goal, three years of running cost and alternatives: told as a list."""
    with database.transaction():
        db.session().scalars(select(Cause)).one().state = "hypotes"
        db.session().scalars(select(Goal)).one().baseline = None
        for row in db.session().scalars(select(RunningCost).where(RunningCost.year > 2)):
            db.session().delete(row)
        for row in db.session().scalars(select(PlaceControl).where(PlaceControl.role.in_(STREET))):
            row.role = "driftansvar_park"  # nobody must be consulted
        text_of(application_of(whole)).alternatives = ""
    with pytest.raises(flow.Refused) as refused, database.transaction():
        applications.move_application(whole.writer, whole.uid, "begar_granskning", version=None)
    assert str(refused.value.objections[0].message) == (
        "Ansökan är 64 procent klar. Granskning kan begäras vid 70 procent."
    )
    with database.transaction():
        application_of(whole).state = "namndbeslutad"
    with pytest.raises(flow.Refused) as refused, database.transaction():
        applications.move_application(whole.chief, whole.uid, "skicka_in", version=None)
    assert [(one.field, str(one.message)) for one in refused.value.objections] == [
        ("orsaker.orsak", "Pröva orsakerna i samverkan tills minst en är trolig."),
        ("atgarder.koppling", "Koppla 1 av 1 åtgärder till en trolig orsak: Bänkar."),
        ("mal.matbart", "Skriv utgångsläget för 1 av 1 mål: Färre undviker torget."),
        ("drift.drift", "Fyll i driftkostnad år 3, 4, 5."),
        (
            "atgarder.alternativ",
            "Beskriv alternativen, också vad som händer om inget görs. Ni söker mer än 1\u00a0000\u00a0000 kr.",
        ),
    ]
    with database.transaction(write=False):
        assert (application_of(whole).state, application_of(whole).submitted_at) == ("namndbeslutad", None)
