"""The law's duties: what a lägesbild must hold, the clocks of 24 months, and the statement of three municipalities."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, flow, letters
from core import clock as house_clock
from core.duties.hooks import tryggplats_todo
from core.duties.law import LACKING, LATE, MET, PARTS, SECTIONS
from core.duties.services import clocks, compliance, plans, reports
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline, Reminder
from core.upkeep.services import put_letters
from tests.duties.conftest import NEEDED


def said(refused):
    return [str(objection.message) for objection in refused.value.objections]


def standings(actor):
    return {one.key: one.state for one in compliance.statement(actor)}


# --- What a lägesbild must hold -----------------------------------------------------------------------------------


def test_a_lagesbild_has_the_twelve_sections_and_is_approved_with_what_the_law_asks_for(database, municipality):
    with database.transaction():
        report = municipality.report("sammanfattning", "brottslighet")
    assert len(SECTIONS) == 12
    with pytest.raises(flow.Refused) as refused, database.transaction():
        municipality.approve(report.uid)
    assert [PARTS[part] for part in ("konsekvenser", "ovrigt", "analys")] == [
        one.partition(" saknas")[0] for one in said(refused)
    ]
    with database.transaction():
        for key in ("konsekvenser", "platser", "analys"):
            reports.write_section(municipality.city, report.uid, key, text="Skrivet.")
        found = municipality.approve(report.uid)
    assert (found.state, found.decided_by, found.decision) == ("godkand", "Kommunstyrelsen", "KS 2027/12")


@pytest.mark.other_database_long
@pytest.mark.parametrize("empty", ["brottslighet", "konsekvenser", "otrygghet", "analys"])
def test_each_part_of_the_law_stops_the_approval_when_it_is_empty(database, municipality, empty):
    with database.transaction():
        report = municipality.report(*({"brottslighet", "konsekvenser", "otrygghet", "analys"} - {empty}))
        reports.write_section(municipality.city, report.uid, empty, text="  \n ")
    with pytest.raises(flow.Refused, match="saknas"), database.transaction():
        municipality.approve(report.uid)


def test_what_is_approved_is_not_rewritten_until_the_approval_is_undone_with_a_reason(database, municipality):
    with database.transaction():
        report = municipality.approved()
    with pytest.raises(flow.Refused, match="inget utkast"), database.transaction():
        reports.write_section(municipality.city, report.uid, "prognos", text="Mer.")
    with pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        reports.move_report(municipality.city, report.uid, "angra")
    with database.transaction() as now:
        found = reports.move_report(municipality.city, report.uid, "angra", reason="Fel dag.")
        [frist] = now.scalars(select(Deadline).where(Deadline.subject_uid == report.uid))
        assert (found.state, found.valid_until, frist.state) == ("utkast", None, "utgar")
        again = municipality.approve(report.uid, date(2027, 2, 1))
        assert (frist.state, frist.due_on, again.valid_until) == ("oppen", date(2029, 2, 1), date(2029, 2, 1))


def test_a_draft_is_read_by_those_who_write_it_and_a_remiss_by_all_who_work_in_the_city(database, municipality, actors):
    reader, police = actors("medarbetare", "trafik"), actors("polis", "polis-jarva")
    with database.transaction():
        report = municipality.report(*NEEDED_ALL)
    with pytest.raises(access.Missing), database.transaction():
        reports.read_report(reader, report.uid)
    with database.transaction():
        reports.move_report(municipality.city, report.uid, "remittera")
        assert reports.read_report(reader, report.uid).missing == []
    with pytest.raises(access.Denied), database.transaction():
        reports.read_report(police, report.uid)


NEEDED_ALL = tuple(SECTIONS)


@pytest.mark.other_database_long
def test_a_table_is_pasted_whole_and_a_ragged_one_is_told_at_its_row(database, municipality):
    with database.transaction():
        report = municipality.report()
        known = {"title": "Anmälda brott", "source": "Brå"}
        found = reports.add_table(municipality.city, report.uid, table=uuid4(), cells="År;Antal\n2025;12\n", **known)
        assert found.rows == [["År", "Antal"], ["2025", "12"]]
    with pytest.raises(Invalid, match="Rad 3"), database.transaction():
        ragged = "År\tAntal\n2025\t12\n2026"
        reports.add_table(municipality.city, report.uid, table=uuid4(), cells=ragged, **known)


# --- The clocks ---------------------------------------------------------------------------------------------------


@pytest.mark.other_database_long
@pytest.mark.parametrize(
    ("decided", "until"),
    [
        (date(2027, 3, 1), date(2029, 3, 1)),
        (date(2024, 2, 29), date(2026, 3, 2)),  # 28 February 2026 is a Saturday
        (date(2022, 2, 28), date(2024, 2, 28)),  # a year with 29 February ends on the day of the same number
        (date(2026, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_lagesbild_holds_for_24_months_as_the_engine_counts_them(database, municipality, clock, decided, until):
    clock.stop_at(f"{max(decided, date(2023, 7, 2))}T09:00")
    with database.transaction() as now:
        report = municipality.approved(decided)
        [frist] = now.scalars(select(Deadline).where(Deadline.subject_uid == report.uid))
    assert (report.valid_until, frist.due_on, frist.rule["clock"]) == (until, until, "statutory")


def test_a_warning_comes_9_6_and_3_months_before_once_each_in_a_letter_and_in_att_gora(database, municipality, clock):
    with database.transaction():
        municipality.function()
        report = municipality.approved(date(2027, 3, 1))
    days = clocks.warning_days(date(2027, 3, 1))
    assert days == {9: date(2028, 6, 1), 6: date(2028, 9, 1), 3: date(2028, 12, 1)}
    for left, on in days.items():
        clock.stop_at(f"{on - timedelta(days=1)}T07:00")
        assert _warned(database, municipality, report) == {9: None, 6: 9, 3: 6}[left]
        clock.stop_at(f"{on}T07:00")
        assert _warned(database, municipality, report) == left
        assert _warned(database, municipality, report) == left
    with database.transaction(write=False) as now:
        lines = now.scalars(select(Reminder).where(Reminder.subject_uid == report.uid)).all()
        assert [line.on_day for line in lines] == list(days.values())


def _warned(database, municipality, report):
    """Which warning holds in Att göra, after the daily job."""
    with database.transaction():
        clocks.warn_of_what_runs_out()
    with database.transaction(write=False):
        todos = {todo.key: todo for todo in tryggplats_todo(municipality.city, 50)}
    told = todos.get(f"duties:snart:{report.uid}")
    return int("".join(filter(str.isdigit, told.detail))) if told else None


def test_the_letter_of_the_day_tells_what_runs_out(database, municipality, clock):
    with database.transaction():
        municipality.function()
        municipality.approved(date(2027, 3, 1))
        home = organisation("slk")
        home.contacts = "Trygghet: trygghet@staden.example"
    clock.stop_at("2028-06-01T07:00")
    with database.transaction():
        clocks.warn_of_what_runs_out()
        put_letters(house_clock.today())
    with database.transaction(write=False) as now:
        row = now.scalars(select(Reminder).where(Reminder.subject_kind == "city_report")).one()
        assert row.letter == letters.daily("trygghet@staden.example", house_clock.today())


def test_the_next_one_replaces_it_and_meets_its_clock(database, municipality, clock):
    with database.transaction():
        first = municipality.approved()
    clock.stop_at("2028-11-01T09:00")
    with database.transaction() as now:
        municipality.approved()
        [frist] = now.scalars(select(Deadline).where(Deadline.subject_uid == first.uid))
        assert (reports.read_report(municipality.city, first.uid).report.state, frist.state) == ("ersatt", "klar")


def test_nothing_is_decided_before_what_it_is_built_on(database, municipality):
    with database.transaction():
        report = municipality.report(*NEEDED)
    with pytest.raises(Invalid, match="uppgifter till och med 2026-12-31"), database.transaction():
        municipality.approve(report.uid, date(2026, 12, 30))
    with database.transaction():
        municipality.approve(report.uid, date(2027, 2, 1))
    with pytest.raises(Invalid, match="godkändes 2027-02-01"), database.transaction():
        municipality.decided(report, date(2027, 1, 31))


def test_what_has_run_out_held_since_its_own_decision_and_a_moved_last_day_is_explained(
    database, municipality, clock, client
):
    clock.stop_at("2024-03-01T09:00")
    with database.transaction():
        plan = municipality.decided(municipality.approved(date(2024, 2, 29)), date(2024, 2, 29))
    clock.stop_at("2025-07-27T09:00")
    with database.transaction():
        municipality.approved()
    clock.stop_at("2027-01-01T09:00")
    with database.transaction(write=False):
        [late] = [one for one in compliance.statement(municipality.city) if one.key == "uppdatering"]
    assert (late.state, late.on, late.until) == (LATE, date(2024, 2, 29), date(2026, 3, 2))
    assert "närmaste vardag efter 2026-02-28 (lag 1930:173)" in late.told
    client.login(municipality.city)
    assert "24 månader efter beslutet är 2026-02-28" in client.get(f"/lagkrav/atgardsplaner/{plan.uid}").text


def test_what_was_replaced_holds_again_when_the_next_one_is_undone(database, municipality, clock):
    with database.transaction():
        first = municipality.approved()
    clock.stop_at("2028-11-01T09:00")
    with database.transaction():
        draft = municipality.report(*NEEDED).uid
    with pytest.raises(Invalid, match="beslutades 2027-03-01"), database.transaction():
        municipality.approve(draft, date(2027, 2, 28))
    with database.transaction() as now:
        municipality.approve(draft)
        reports.move_report(municipality.city, draft, "angra", reason="Fel paragraf.")
        held = reports.approved_report(municipality.city)
        [frist] = now.scalars(select(Deadline).where(Deadline.subject_uid == first.uid))
        assert (held.uid, held.valid_until) == (first.uid, date(2029, 3, 1))
        assert (frist.state, frist.due_on) == ("oppen", date(2029, 3, 1))


# --- The plan -----------------------------------------------------------------------------------------------------


def test_a_plan_is_built_on_a_lagesbild_decided_and_followed_up_measure_by_measure(database, municipality, actors):
    farsta = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        draft = municipality.report()
    with pytest.raises(flow.Refused, match="Planen bygger på"), database.transaction():
        plans.begin_plan(municipality.city, draft.uid, uid=uuid4(), title="För tidigt")
    with database.transaction() as now:
        plan = municipality.decided(municipality.approved())
        assert plan.valid_until == date(2029, 3, 1)
        [measure] = plans.read_plan(farsta, plan.uid).measures
        kinds = {
            row.kind for row in now.scalars(select(Deadline).where(Deadline.subject_uid.in_((plan.uid, measure.uid))))
        }
        assert kinds == {"core:atgardsplan", "core:plan_uppfoljning", "core:planatgard"}
    with pytest.raises(flow.Refused, match="resultatet av åtgärd 1"), database.transaction():
        plans.follow_up_plan(municipality.city, plan.uid, text="Klart.")
    with database.transaction() as now:
        plans.give_result(farsta, measure.uid, result="genomford", why="Tio nya lyktor.")
        found = plans.follow_up_plan(municipality.city, plan.uid, text="Klart.")
        frist = select(Deadline.state).where(Deadline.subject_uid == plan.uid, Deadline.kind == "core:plan_uppfoljning")
        assert (found.state, now.scalar(frist)) == ("uppfoljd", "klar")


def test_the_next_plan_takes_the_place_of_the_one_before_with_all_its_frister(database, municipality):
    with database.transaction() as now:
        report = municipality.approved()
        first = municipality.decided(report)
        [measure] = plans.read_plan(municipality.city, first.uid).measures
        municipality.decided(report)
        rows = now.scalars(select(Deadline).where(Deadline.subject_uid.in_((first.uid, measure.uid))))
        assert {row.kind.removeprefix("core:"): row.state for row in rows} == {
            "atgardsplan": "klar", "plan_uppfoljning": "utgar", "planatgard": "utgar"
        }  # fmt: skip
        assert first.state == "ersatt"


@pytest.mark.parametrize("followed", [False, True])
def test_the_plan_before_holds_again_with_its_frister_when_the_decision_is_undone(database, municipality, followed):
    with database.transaction() as now:
        report = municipality.approved()
        first = municipality.decided(report)
        [measure] = plans.read_plan(municipality.city, first.uid).measures
        if followed:
            plans.give_result(municipality.city, measure.uid, result="genomford", why="Klart.")
            plans.follow_up_plan(municipality.city, first.uid, text="Klart.")
        second = municipality.decided(report)
        plans.move_plan(municipality.city, second.uid, "angra", reason="Fel dag.")
        rows = now.scalars(select(Deadline).where(Deadline.subject_uid.in_((first.uid, measure.uid))))
        stand = {row.kind.removeprefix("core:"): row.state for row in rows}
    done = "klar" if followed else "oppen"
    assert (first.state, stand["atgardsplan"]) == ("uppfoljd" if followed else "beslutad", "oppen")
    assert (stand["plan_uppfoljning"], stand["planatgard"]) == (done, done)


def test_only_who_answers_for_a_measure_says_what_it_gave(database, municipality, actors):
    other = actors("sdn_samordnare", "sdn-jarva")
    with database.transaction():
        plan = municipality.decided(municipality.approved())
        [measure] = plans.read_plan(municipality.city, plan.uid).measures
    with pytest.raises(access.Missing), database.transaction():
        plans.give_result(other, measure.uid, result="ej", why="Inte vår.")


def test_a_plan_without_measures_is_not_decided(database, municipality):
    with database.transaction():
        report = municipality.approved()
        plan = plans.begin_plan(municipality.city, report.uid, uid=uuid4(), title="Tom")
    decided = {"decided_on": date(2027, 3, 1), "decided_by": "KS", "decision": "§ 1"}
    with pytest.raises(flow.Refused, match="minst en åtgärd"), database.transaction():
        plans.decide_plan(municipality.city, plan.uid, **decided)
    with pytest.raises(Invalid, match="tidigare dag"), database.transaction():
        plans.decide_plan(municipality.city, plan.uid, **(decided | {"decided_on": date(2027, 3, 2)}))


# --- Three municipalities -----------------------------------------------------------------------------------------


def test_a_municipality_that_is_on_time_meets_every_duty(database, municipality):
    with database.transaction():
        municipality.function()
        municipality.appoint_everywhere()
        municipality.decided(municipality.approved())
        assert set(standings(municipality.city).values()) == {MET}
        by_key = {one.key: one for one in compliance.statement(municipality.city)}
        assert (by_key["uppdatering"].on, by_key["uppdatering"].until) == (date(2027, 3, 1), date(2029, 3, 1))
        assert all(one.link.startswith("/lagkrav") for one in by_key.values())


def test_a_late_municipality_is_told_what_is_late_and_since_when(database, municipality, clock):
    with database.transaction():
        municipality.function()
        municipality.appoint_everywhere()
        municipality.decided(municipality.approved())
    clock.stop_at("2029-03-01T23:00")
    with database.transaction(write=False):
        assert set(standings(municipality.city).values()) == {MET}, "the last day is in time"
    clock.stop_at("2029-03-02T00:30")
    with database.transaction(write=False):
        found = standings(municipality.city)
        assert {key for key, state in found.items() if state == LATE} == {"uppdatering", "uppfoljning"}
        assert {state for key, state in found.items() if key not in ("uppdatering", "uppfoljning")} == {MET}


def test_a_municipality_without_samordnare_and_one_without_anything(database, municipality):
    with database.transaction(write=False):
        assert set(standings(municipality.city).values()) == {LACKING}
    with database.transaction():
        municipality.function()
        municipality.decided(municipality.approved())
        municipality.appoint_everywhere(but=("sdn-farsta", "sisab"))
        by_key = {one.key: one for one in compliance.statement(municipality.city)}
        assert [key for key, one in by_key.items() if one.state != MET] == ["samordnare"]
        assert by_key["samordnare"].told.startswith("2 av ")
        assert by_key["samordnare"].link == "/lagkrav/samordnare?visa=saknas"
