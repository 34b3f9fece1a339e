"""A part was granted: a new plan that fits is accepted in time, or the money is given back (domain.md 1.3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import clock as the_clock
from core import db, flow
from core.access import Denied, Missing
from core.applications.models import ApplicationMeasure, CostLine, Milestone
from core.applications.services import answering, applications, deciding, granting
from core.reserve.models import Booking
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.applications.deciding import FRAMES, PROPOSED, add_measure
from tests.applications.test_deciding import left, said


def costs(application, amounts):
    for year, kronor in amounts.items():
        known = update(CostLine).where(CostLine.application_id == application.id, CostLine.year == year)
        db.session().execute(known.values(amount=kronor))


def frist(application):
    return db.session().scalars(select(Deadline).where(Deadline.subject_uid == application.uid)).one()


def test_a_plan_that_fits_is_accepted_and_what_is_dropped_is_marked(database, decided):
    with database.transaction():
        gym = add_measure(decided.row(), "Utegym", number=2, amount=2_050_000)
        decided.granted()
        with pytest.raises(flow.Refused) as refused:
            answering.accept(decided.applicant, decided.application)
        told = [text.replace("\u00a0", " ") for text in said(refused)]
        assert told == [
            "Utgifterna för 2027 är 3 800 000 kr. Beviljat är 2 800 000 kr. Ändra utgifterna så att de stämmer.",
            "Utgifterna för 2028 är 2 250 000 kr. Beviljat är 1 200 000 kr. Ändra utgifterna så att de stämmer.",
            "Åtgärderna kostar 4 100 000 kr mer än vad som är beviljat. Välj vilka som utgår, eller ändra beloppen.",
        ]
    with database.transaction():
        costs(decided.row(), PROPOSED)
        lamps = ApplicationMeasure.text == "14 lyktor"
        db.session().execute(update(ApplicationMeasure).where(lamps).values(amount=4_000_000))
        answering.accept(decided.applicant, decided.application, dropped=[gym.uid])
    with database.transaction():
        assert decided.row().state == "beviljad"
        assert db.session().get_one(ApplicationMeasure, gym.id).dropped_on == the_clock.today()
        assert frist(decided.row()).state == "klar"
        assert granting.granted_now(decided.row()) == PROPOSED


def test_milestones_of_what_is_dropped_are_asked_about_before_the_plan_is_locked(database, decided):
    with database.transaction():
        gym = add_measure(decided.row(), "Utegym", number=2, amount=2_050_000)
        steps = [
            Milestone(application_id=decided.row().id, title=title, due_on=the_clock.today(), weight=50)
            for title in ("Gymmet är klart", "Lyktorna är tända")
        ]
        db.session().add_all(steps)
        decided.granted()
        costs(decided.row(), PROPOSED)
        lamps = ApplicationMeasure.text == "14 lyktor"
        db.session().execute(update(ApplicationMeasure).where(lamps).values(amount=4_000_000))
        gone, stays = (one.uid for one in steps)
    dropped = [gym.uid]
    for wrong in (
        {"dropped": dropped},
        {"dropped": dropped, "struck": [gone], "all_hold": True},
        {"dropped": dropped, "struck": [gone, stays]},
        {"struck": [gone]},
    ):
        with pytest.raises(Invalid) as refused, database.transaction():
            answering.accept(decided.applicant, decided.application, **wrong)
        assert list(refused.value.flat()) == ["struck"]
    with database.transaction():
        answering.accept(decided.applicant, decided.application, dropped=dropped, struck=[gone])
    with database.transaction():
        assert [one.title for one in answering.steps_of(decided.row())] == ["Lyktorna är tända"]


def test_after_the_last_day_it_takes_more_time_from_the_city(database, decided, clock):
    with database.transaction():
        row = decided.granted()
        costs(decided.row(), PROPOSED)
        db.session().execute(update(ApplicationMeasure).values(amount=4_000_000))
    clock.pass_by(days=40)
    with database.transaction():
        with pytest.raises(flow.Refused, match="Be stadsledningskontoret om mer tid"):
            answering.accept(decided.applicant, decided.application)
        until = the_clock.today() + timedelta(days=5)
        with pytest.raises(Invalid):
            answering.more_time(decided.second, decided.application, until=row.plan_by, reason="Semester")
        answering.more_time(decided.second, decided.application, until=until, reason="Semester")
        assert frist(decided.row()).due_on == until
        assert answering.accept(decided.applicant, decided.application).state == "beviljad"


@pytest.mark.parametrize("first", ["delvis_beviljad", "beviljad"])
def test_what_is_declined_is_given_back_once(database, decided, first):
    with database.transaction():
        decided.granted()
        if first == "beviljad":
            costs(decided.row(), PROPOSED)
            db.session().execute(update(ApplicationMeasure).values(amount=4_000_000))
            answering.accept(decided.applicant, decided.application)
        answering.decline(decided.applicant, decided.application, reason="Vi hinner inte")
        with pytest.raises(flow.Refused):
            answering.decline(decided.applicant, decided.application, reason="Vi hinner inte")
    with database.transaction():
        assert left() == FRAMES
        assert decided.row().state == "avstadd"
        assert db.session().scalars(select(Booking.kind).order_by(Booking.id)).all()[-1] == "aterlamning"


def test_another_board_and_who_only_writes_answer_nothing(database, decided, actors):
    with database.transaction():
        decided.granted()
    for role, code, refusal in (("sdn_handlaggare", "sdn-farsta", Denied), ("forv_chef", "sdn-jarva", Missing)):
        somebody = actors(role, code)
        with pytest.raises(refusal), database.transaction():
            answering.decline(somebody, decided.application, reason="Nej")


def test_a_declined_grant_can_be_corrected_and_decided_anew(database, decided):
    with database.transaction():
        row = decided.granted()
        answering.decline(decided.applicant, decided.application, reason="Vi hinner inte")
        deciding.ask_to_correct(decided.secretary, row.uid, reason="Fel belopp")
        deciding.correct(decided.second, row.uid)
        assert left() == FRAMES, "nothing is booked back twice"
        decided.granted()
        answering.decline(decided.applicant, decided.application, reason="Inte nu heller")
        assert left() == FRAMES
        events = [one.kind for one in applications.events_of(decided.applicant, decided.row())]
        assert events[:2] == ["avsta", "bevilja_delvis"]
