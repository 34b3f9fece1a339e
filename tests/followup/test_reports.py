"""Reports of a grant: planned by themselves, frozen as they were handed in, approved by another; the final one."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core import db, flow
from core.applications.models import ApplicationMeasure, Attachment
from core.applications.services import applications, coach
from core.followup.models import GrantReport
from core.followup.services import final, outturn, pairs, reporting
from core.followup.services.outturn import Voucher
from core.media.models import Photo
from core.media.states import NOT_REVIEWED, READY, REVIEWED
from core.schema import Invalid
from core.upkeep import services as upkeep
from tests.followup.conftest import YEAR


@pytest.fixture(autouse=True)
def day(clock):
    clock.stop_at("2027-03-01T09:00")


def begun(granted, **facts):
    """An application whose work has just begun."""
    application = granted.application(**facts)
    application.state, application.budget_reference = "beviljad", "KSU § 7"
    db.session().flush()
    applications.move_application(granted.writer, application.uid, "starta")
    return application


def reports(granted, application):
    return {one.period or one.kind: one for one in reporting.reports_of(granted.writer, application)}


def finish(granted, application, on=date(2027, 6, 15)):
    pairs.pair(granted.writer, application.uid, uid=uuid4(), title="Torget", why_not="Mörkt och regn.")
    applications.move_application(granted.writer, application.uid, "fardigstall", finished_on=on)


def test_the_next_tertial_is_planned_when_the_work_begins_and_the_others_as_time_goes(database, granted, clock):
    with database.transaction():
        application = begun(granted)
        planned = {key: one.due_on for key, one in reports(granted, application).items()}
        assert planned == {"2027-T1": date(2027, 5, 31)}
        clock.stop_at("2028-01-10T09:00")
        reporting.plan_all()
        reporting.plan_all()
        planned = {key: one.due_on for key, one in reports(granted, application).items()}
        assert planned == {
            "2027-T1": date(2027, 5, 31),
            "2027-T2": date(2027, 9, 30),
            "2027-VB": date(2028, 2, 28),
            "2028-T1": date(2028, 5, 31),
        }
        [deadline] = upkeep.deadlines_of(granted.writer, "grant_report", reports(granted, application)["2027-T2"].uid)
        assert deadline.due_on == date(2027, 9, 30)


def test_a_report_keeps_the_figures_of_the_day_when_it_was_handed_in(database, granted):
    with database.transaction():
        application = begun(granted, code="P7")
        db.session().add(ApplicationMeasure(application_id=application.id, number=1, kind="", text="Lyktor", done=40))
        report = reports(granted, application)["2027-T1"]
        with pytest.raises(flow.Refused) as refused:
            reporting.move_report(granted.writer, report.uid, "lamna_in")
        assert "Skriv vad som har gjorts" in str(refused.value)
        reporting.change_report(granted.writer, report.uid, version=None, delivered="Grunden är lagd.")
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        row = Voucher("P7", "2027-03", "V 1", 250_000)
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)
        [edition] = reporting.editions_of(granted.writer, report)
        assert edition.content["schema"] == 1
        assert [(one["year"], one["used"]) for one in edition.content["money"]] == [(YEAR, 0)]
        assert edition.content["measures"][0]["done"] == 40
        assert edition.content["words"]["delivered"] == "Grunden är lagd."
        with pytest.raises(flow.Refused):
            reporting.change_report(granted.writer, report.uid, version=None, delivered="Nytt.")
        reporting.move_report(granted.money.other, report.uid, "lamna_tillbaka", reason="Skriv om risker.")
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        first, second = reversed(reporting.editions_of(granted.writer, report))
        assert [one.content["money"][0]["used"] for one in (first, second)] == [0, 250_000]


def test_another_person_approves_it_and_none_of_the_same_board(database, granted, actors):
    own = actors("slk_handlaggare", "sdn-farsta")
    with database.transaction():
        application = begun(granted)
        report = reports(granted, application)["2027-T1"]
        reporting.change_report(granted.writer, report.uid, version=None, delivered="Grunden är lagd.")
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        with pytest.raises(flow.Refused) as refused:
            reporting.move_report(own, report.uid, "godkann")
        assert "från din egen organisation" in str(refused.value)
        reporting.move_report(granted.money.other, report.uid, "godkann")
        assert report.state == "godkand"
        assert {one.state for one in upkeep.deadlines_of(granted.writer, "grant_report", report.uid)} == {"klar"}


def test_the_city_skips_a_report_with_a_reason_and_wants_it_after_all(database, granted):
    with database.transaction():
        application = begun(granted)
        report = reports(granted, application)["2027-T1"]
        reporting.move_report(granted.money.other, report.uid, "hoppa_over", reason="Började nyss.")
        [deadline] = upkeep.deadlines_of(granted.writer, "grant_report", report.uid)
        assert (report.skipped_why, deadline.state) == ("Började nyss.", "utgar")
        reporting.move_report(granted.money.other, report.uid, "ta_med", reason="Behövs.")
        assert (report.state, deadline.state, deadline.due_on) == ("planerad", "oppen", date(2027, 5, 31))


def test_when_the_work_is_finished_a_final_report_takes_the_place_of_the_tertials(database, granted, clock):
    with database.transaction():
        application = begun(granted)
        clock.stop_at("2027-06-20T09:00")
        reporting.plan_all()
        finish(granted, application)
        found = reports(granted, application)
        assert {key: one.state for key, one in found.items()} == {
            "2027-T1": "planerad",
            "2027-T2": "overhoppad",
            "slut": "planerad",
        }
        assert found["slut"].due_on == date(2027, 9, 15)
        applications.move_application(granted.writer, application.uid, "ratta_fardig", reason="Ett fel.")
        states = {key: one.state for key, one in reports(granted, application).items()}
        assert states == {"2027-T1": "planerad", "2027-T2": "planerad", "slut": "overhoppad"}


def test_the_final_report_says_what_it_cost_and_makes_it_accounted_for(database, granted, clock):
    with database.transaction():
        application = begun(granted, amount=1_000_000, code="P8")
        clock.stop_at("2027-06-20T09:00")
        row = Voucher("P8", "2027-05", "V 1", 850_000)
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)
        finish(granted, application)
        cost = final.cost_of(granted.writer, application)
        assert (cost.deviation, cost.percent, cost.left) == (-150_000, -15, 150_000)
        report = reports(granted, application)["slut"]
        reporting.change_report(granted.writer, report.uid, version=None, delivered="Allt.")
        with pytest.raises(flow.Refused) as refused:
            reporting.move_report(granted.writer, report.uid, "lamna_in")
        fields = {one.field for one in refused.value.objections}
        assert fields == {"goals", "lessons", "handover", "money"}
        words = dict.fromkeys(("goals", "lessons", "handover", "money"), "Som planerat.")
        reporting.change_report(granted.writer, report.uid, version=None, **words)
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        with pytest.raises(flow.Refused):
            applications.move_application(granted.money.other, application.uid, "slutredovisa")
        reporting.move_report(granted.money.other, report.uid, "godkann")
        assert application.state == "slutredovisad"
        applications.move_application(granted.money.other, application.uid, "ratta_redovisning", reason="Fel summa.")
        assert (application.state, report.state) == ("fardig", "planerad")


def test_a_board_that_is_late_with_its_reports_is_told_where_it_applies_next(database, granted, clock):
    """By the coach, which advises and stops nothing: how many of each sort, and the way to the oldest."""
    with database.transaction():
        application = begun(granted)
        report = reports(granted, application)["2027-T1"]
        again = granted.application()
        assert late(granted, again) == []
        clock.stop_at("2027-06-01T09:00")
        [said] = late(granted, again)
        assert said.lack.text.startswith("Nämnden är sen med 1 rapport. ")
        assert [(one.name, one.link) for one in said.lack.about] == [
            ("Tertial 1 2027, Ljusare torg", f"/rapporter/{report.uid}")
        ]
        finish(granted, application, date(2027, 6, 1))
        clock.stop_at("2027-12-01T09:00")
        [said] = late(granted, again)
        assert said.lack.text.startswith("Nämnden är sen med 1 rapport och 1 slutredovisning. ")
        reporting.change_report(granted.writer, report.uid, version=None, delivered="Lyktorna står.")
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        [said] = late(granted, again)
        assert said.lack.text.startswith("Nämnden är sen med 1 slutredovisning. ")


def late(granted, application):
    return [one for one in coach.read_coach(granted.writer, application).advice if one.rule.key == "sena_loften"]


def photo(granted, application, *, review=REVIEWED, role="iakttagelse"):
    row = Photo(uid=uuid4(), sender_id=granted.writer.id, state=READY, review=review, role=role)
    row.received_at = core_clock.now()
    db.session().add(row)
    db.session().flush()
    facts = {"kind": "foto", "title": "Torget", "added_at": core_clock.now(), "photo_id": row.id}
    db.session().add(Attachment(uid=uuid4(), application_id=application.id, **facts))
    db.session().flush()
    return row


def test_nothing_is_finished_without_a_reviewed_photo_of_it_or_a_reason(database, granted):
    with database.transaction():
        application = begun(granted)
        with pytest.raises(flow.Refused) as refused:
            applications.move_application(granted.writer, application.uid, "fardigstall")
        assert "minst en bild efter arbetet" in str(refused.value)
        before, unseen = photo(granted, application), photo(granted, application, review=NOT_REVIEWED, role="efter")
        after = photo(granted, application, role="efter")
        known = {"title": "Torget", "before": before.uid}
        with pytest.raises(Invalid):
            pairs.pair(granted.writer, application.uid, uid=uuid4(), after=unseen.uid, **known)
        with pytest.raises(Invalid):
            pairs.pair(granted.writer, application.uid, uid=uuid4(), **known)
        made = pairs.pair(granted.writer, application.uid, uid=uuid4(), after=after.uid, **known)
        assert pairs.shown(granted.writer, pairs.pairs_of(granted.writer, application)) == {before.uid, after.uid}
        after.review = NOT_REVIEWED  # somebody has to look at it again
        db.session().flush()
        assert pairs.shown(granted.writer, pairs.pairs_of(granted.writer, application)) == {before.uid}
        with pytest.raises(flow.Refused):
            applications.move_application(granted.writer, application.uid, "fardigstall")
        after.review = REVIEWED
        db.session().flush()
        applications.move_application(granted.writer, application.uid, "fardigstall")
        assert db.session().scalar(select(GrantReport.state).filter_by(kind="slut")) == "planerad"
        assert made.after_id == after.id
