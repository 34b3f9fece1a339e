"""ILS: goals in three levels, lines and verdicts per tertial, what a cycle's goal gave, the text, what is frozen."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import access, flow, imports
from core.cooperation.models import Goal, Problem
from core.duties.documents import ils_table
from core.duties.goals_in import CityGoals
from core.duties.ils_text import COLUMNS, Row, paragraph
from core.duties.models import IlsGoal, IlsIndicator, IlsLine, IlsReport, IlsVerdict
from core.duties.services import ils, ils_goals
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.cooperation.conftest import begin

pytestmark = pytest.mark.other_database_long

COUNT = 3


@pytest.fixture
def board(actors):
    return actors("sdn_samordnare", "sdn-farsta")


@pytest.fixture
def steered(database, municipality, board):
    """Kommunfullmäktige's goals of 2027, three of Farsta's under them, with indicators and activities."""
    home, made = None, []
    with database.transaction():
        home = organisation("sdn-farsta").uid
        first = {"year": 2027, "number": "1", "text": "Ett tryggt Stockholm"}
        ils_goals.add_city_goal(municipality.city, uid=uuid4(), **first)
        second = {"year": 2027, "number": "1.2", "text": "Staden förebygger brott", "under": "1"}
        above = ils_goals.add_city_goal(municipality.city, uid=uuid4(), **second)
        for number, text in enumerate(("Trygga torg", "Färre brott", "Fler i föreningar"), 1):
            known = {"year": 2027, "number": f"1.2.{number}", "text": text, "parent": above.uid, "organisation": home}
            goal = ils_goals.add_board_goal(board, uid=uuid4(), **known)
            what = {"text": f"Andel {number}", "unit": "%", "target": 80.0, "direction": "hogre"}
            ils_goals.add_indicator(board, goal.uid, uid=uuid4(), **what)
            ils_goals.add_activity(board, goal.uid, uid=uuid4(), text=f"Aktivitet {number}")
            made.append(goal.uid)
    return home, made


@pytest.fixture
def report(database, municipality, steered):
    with database.transaction():
        [made] = ils.open_reports(municipality.city, year=2027, period="T2", organisations=[steered[0]])
        return made.uid


def lines(database, report):
    """The uids of the report's lines: of indicators, and of activities."""
    with database.transaction(write=False) as now:
        key = now.scalars(select(IlsReport.id).where(IlsReport.uid == report)).one()
        rows = now.scalars(select(IlsLine).where(IlsLine.report_id == key).order_by(IlsLine.id)).all()
        return (
            [row.uid for row in rows if row.indicator_id],
            [row.uid for row in rows if row.activity_id],
            list(now.scalars(select(IlsVerdict.uid).where(IlsVerdict.report_id == key).order_by(IlsVerdict.id))),
        )


def filled(database, board, report):
    """Fill a report in: one goal met, one in part, one not."""
    of_indicators, of_activities, verdicts = lines(database, report)
    with database.transaction():
        for uid, outcome in zip(of_indicators, (85, 79, None), strict=True):
            ils.write_indicator(board, uid, outcome=outcome, forecast=81)
        for uid, status in zip(of_activities, ("avslutad", "forsenad", "ej_paborjad"), strict=True):
            why = "Upphandlingen överklagades." if status == "forsenad" else ""
            ils.write_activity(board, uid, status=status, deviation=why)
        for uid, verdict in zip(verdicts, ("helt", "delvis", "ej"), strict=True):
            ils.judge(board, uid, verdict=verdict)


def test_a_tertial_is_opened_once_with_its_day_in_the_yearly_wheel_as_a_frist(database, municipality, steered, board):
    with database.transaction() as now:
        asked = {"year": 2027, "organisations": [steered[0]]}
        made = [ils.open_reports(municipality.city, period=period, **asked)[0] for period in ("T1", "T2", "VB")]
        again = ils.open_reports(municipality.city, period="T2", **asked)[0]
        assert again.id == made[1].id
        frister = [now.scalars(select(Deadline).where(Deadline.subject_uid == one.uid)).one() for one in made]
        assert [row.due_on for row in frister] == [date(2027, 5, 31), date(2027, 9, 30), date(2028, 2, 28)]
        assert {row.organisation_id for row in frister} == {organisation("sdn-farsta").id}
    with pytest.raises(access.Denied), database.transaction():
        ils.open_reports(board, period="T1", **asked)


def test_the_export_has_exactly_the_columns_and_a_row_for_each_indicator_and_activity(
    database, board, report, tmp_path
):
    filled(database, board, report)
    with database.transaction(write=False):
        made = ils_table(board, report)
        made.sheet.write_csv(tmp_path / "ils.csv")
    told = (tmp_path / "ils.csv").read_text("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(told), delimiter=";"))
    assert head == [
        "org", "period", "kf_mal", "namndmal", "indikator", "arsmal", "utfall", "prognos", "enhet", "kommentar",
        "aktivitet", "status", "avvikelse_orsak",
    ]  # fmt: skip
    assert len(rows) == 2 * COUNT
    known = ["Farsta stadsdelsnämnd", "T2 2027", "1.2 Staden förebygger brott"]
    assert rows[0] == [*known, "1.2.1 Trygga torg", "Andel 1", "80,0", "85,0", "81,0", "%", "", "", "", ""]
    late = [
        *known,
        "1.2.2 Färre brott",
        "",
        "",
        "",
        "",
        "",
        "",
        "Aktivitet 2",
        "Försenad",
        "Upphandlingen överklagades.",
    ]
    assert late in rows


def test_a_report_has_all_its_lines_however_many(database, municipality, board, steered):
    with database.transaction():
        for number in range(200):
            ils_goals.add_activity(board, steered[1][0], uid=uuid4(), text=f"Till {number}")
        [made] = ils.open_reports(municipality.city, year=2027, period="T2", organisations=[steered[0]])
        assert sum(len(one.lines) for one in ils.read_report(board, made.uid).goals) == 200 + 2 * COUNT


def test_however_many_indicators_a_goal_has_its_page_is_as_many_queries(database, board, steered, client, queries):
    goal = steered[1][0]
    client.login(board)
    client.get(f"/ils/mal/{goal}")
    with queries() as few:
        client.get(f"/ils/mal/{goal}")
    with database.transaction():
        for number in range(3):
            what = {"text": f"Till {number}", "unit": "%", "target": 80.0, "direction": "hogre"}
            ils_goals.add_indicator(board, goal, uid=uuid4(), **what)
            ils_goals.add_activity(board, goal, uid=uuid4(), text=f"Till {number}")
    with queries() as many:
        page = client.get(f"/ils/mal/{goal}").text
    assert ("Till 2" in page, len(many)) == (True, len(few))


def test_a_board_that_has_ended_gets_no_new_goals(database, board, steered):
    with database.transaction() as now:
        home = organisation("sdn-farsta")
        above = now.scalar(select(IlsGoal.uid).where(IlsGoal.number == "1.2"))
        home.valid_to = date(2027, 2, 28)
    facts = {"year": 2027, "number": "1.2.9", "text": "För sent", "parent": above, "organisation": home.uid}
    with pytest.raises(access.Missing), database.transaction():
        ils_goals.add_board_goal(board, uid=uuid4(), **facts)


def test_the_paragraph_says_it_in_the_citys_words(database, board, report):
    filled(database, board, report)
    with database.transaction(write=False):
        assert ils.read_report(board, report).text == (
            "Nämnden når 1 av 3 mål: 1 uppfylls helt, 1 uppfylls delvis och 1 uppfylls ej. "
            "Av 3 indikatorer har 1 nått årsmålet, och 1 saknar utfall. "
            "Av 3 aktiviteter är 1 avslutad, 1 försenad och 1 ej påbörjad. "
            "Försenad: Aktivitet 2. Upphandlingen överklagades."
        )
    row = Row("N", "T2 2027", "1", "1.1", aktivitet="Gå", status="Påbörjad")
    told = paragraph("Nämnden", ["helt", "helt", "helt", "delvis", "ej"], [row, row])
    assert told == (
        "Nämnden når 3 av 5 mål: 3 uppfylls helt, 1 uppfylls delvis och 1 uppfylls ej. Av 2 aktiviteter är 2 påbörjade."
    )
    assert len(COLUMNS) == 13


def test_a_tertial_begins_where_the_last_one_ended_and_says_nothing_that_nobody_has(
    database, municipality, board, steered, report, client
):
    filled(database, board, report)
    with database.transaction():
        [made] = ils.open_reports(municipality.city, year=2027, period="VB", organisations=[steered[0]])
        told = ils.read_report(board, made.uid)
    assert [row.status for row in told.rows if row.aktivitet] == ["Avslutad", "Försenad", "Ej påbörjad"]
    assert told.text == (
        "Nämnden har 3 mål, som inte är bedömda än. Inget utfall är ifyllt för 3 indikatorer. "
        "Av 3 aktiviteter är 1 avslutad, 1 försenad och 1 ej påbörjad. "
        "Försenad: Aktivitet 2. Upphandlingen överklagades."
    )
    client.login(board)
    page = client.get(f"/ils/rader/{lines(database, made.uid)[0][0]}").text
    assert "Årsmål" in page
    assert "&lt;span" not in page


def test_the_figures_propose_and_the_board_judges_and_no_goal_is_left_unjudged(database, board, report):
    of_indicators, _, verdicts = lines(database, report)
    with database.transaction():
        ils.write_indicator(board, of_indicators[0], outcome=80, forecast=None)
        ils.write_indicator(board, of_indicators[1], outcome=None, forecast=79.5)
        assert [one.proposed for one in ils.read_report(board, report).goals] == ["helt", "ej", ""]
        ils.judge(board, verdicts[0], verdict="delvis")
    with pytest.raises(flow.Refused, match=r"1\.2\.2, 1\.2\.3"), database.transaction():
        ils.move_report(board, report, "stang")


def test_what_is_late_says_why(database, board, report):
    _, of_activities, _ = lines(database, report)
    with pytest.raises(Invalid, match="varför"), database.transaction():
        ils.write_activity(board, of_activities[0], status="forsenad", deviation=" ")


def test_a_closed_tertial_is_frozen_whatever_changes_and_its_frist_is_met(
    database, municipality, board, report, steered
):
    filled(database, board, report)
    with database.transaction() as now:
        before = ils.read_report(board, report)
        ils.move_report(board, report, "stang")
        frist = now.scalars(select(Deadline).where(Deadline.subject_uid == report)).one()
        assert frist.state == "klar"
    of_indicators, _, verdicts = lines(database, report)
    for act in (
        lambda: ils.write_indicator(board, of_indicators[0], outcome=1, forecast=1),
        lambda: ils.judge(board, verdicts[0], verdict="ej"),
    ):
        with pytest.raises(flow.Refused, match="stängd"), database.transaction():
            act()
    with database.transaction():
        ils_goals.add_activity(board, steered[1][0], uid=uuid4(), text="Tillagd efteråt")
        aim = ils_goals.read_aim(board, steered[1][0])
        ils_goals.change_goal(board, aim.goal.uid, number="1.2.1", text="Tryggare torg")
        facts = {"text": "En annan andel", "unit": "%", "target": 90.0, "direction": "hogre", "measured_by": None}
        ils_goals.change_indicator(board, aim.indicators[0].uid, **facts)
        ils_goals.change_activity(board, aim.activities[0].uid, text="En annan aktivitet", measure=None)
        after = ils.read_report(board, report)
        assert (after.rows, after.text) == (before.rows, before.text)
    with pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        ils.move_report(board, report, "oppna_igen")
    with database.transaction() as now:
        ils.move_report(board, report, "oppna_igen", reason="Fel siffra.")
        frist = now.scalars(select(Deadline).where(Deadline.subject_uid == report)).one()
        assert (frist.state, frist.due_on) == ("oppen", date(2027, 9, 30))
        ils.write_indicator(board, of_indicators[0], outcome=1, forecast=1)


def test_of_two_who_give_the_same_number_at_once_one_is_told_so(database, municipality, board, steered):
    """The second waits for the first, and is told beside the field; past the services the tables refuse it."""
    home, made = steered
    with database.transaction():
        above = ils_goals.read_aim(board, made[0]).above[0]
    facts = {"organisation": home, "year": 2027, "number": "1.2.9", "parent": above.uid}

    def write(text):
        begun.wait()
        try:
            with database.transaction():
                ils_goals.add_board_goal(board, uid=uuid4(), text=text, **facts)
        except Invalid as refused:
            return str(refused)
        return "made"

    begun = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(write, ("Trygga torg", "Ljusa torg")))
    assert ("made" in told, "finns redan" in str(told)) == (True, True)
    city = {"year": 2027, "number": "1.2", "text": "Samma nummer", "level_of_goal": "omrade", "content": b"x"}
    with pytest.raises(IntegrityError), database.transaction() as now:
        now.add(IlsGoal(uid=uuid4(), **city))
        now.flush()


def test_what_a_board_has_written_is_changed_by_its_own_and_on_its_newest_version(
    database, board, steered, actors, client
):
    other = actors("sdn_samordnare", "sdn-jarva")
    with database.transaction():
        aim = ils_goals.read_aim(board, steered[1][0])
        with pytest.raises(Invalid, match="finns redan"):
            ils_goals.change_goal(board, aim.goal.uid, number="1.2.2", text="Trygga torg")
        with pytest.raises(access.Missing):
            ils_goals.change_goal(other, aim.goal.uid, number="9", text="Deras")
        with pytest.raises(access.Missing):
            ils_goals.goal_of(other, IlsIndicator, aim.indicators[0].uid)
    client.login(board)
    page, address = f"/ils/mal/{aim.goal.uid}", f"/ils/indikatorer/{aim.indicators[0].uid}"
    assert "Ändra ”Andel 1”" in client.get(page).text
    known = {"text": "Andel trygga", "unit": "%", "target": "85", "direction": "hogre", "measured_by": ""}
    assert client.submit(address, known | {"version": "1"}).status_code == 303
    assert "Andel trygga" in client.get(page).text
    assert client.submit(address, known | {"version": "1"}).status_code == 409
    wrong = client.submit(address, known | {"target": "många", "version": "2"})
    assert wrong.status_code == 422
    assert 'value="många"' in wrong.text, "what was written is there still"
    taken = client.submit(page, {"nr": "1.2.2", "text": "Trygga torg", "version": "1"})
    assert taken.status_code == 422
    assert taken.text.count("Mål 1.2.2 finns redan") == 2, "in the summary and at the field"


def test_the_outcome_comes_from_the_goal_of_a_cycle_when_it_was_measured_by_then(database, board, steered, scene):
    with database.transaction() as now:
        cycle = begin(board, scene.place)
        home = organisation("sdn-farsta").id
        known = {"what": "Mörkt", "state": "prioriterad", "organisation_id": home}
        problem = Problem(uid=uuid4(), content=b"", cycle_id=cycle.id, number=1, **known)
        now.add(problem)
        now.flush()
        goal = Goal(
            uid=uuid4(), content=b"", cycle_id=cycle.id, problem_id=problem.id, number=1, text="Ljusare", state="smart"
        )
        now.add(goal)
        now.flush()
        what = {"text": "Trygga på torget", "unit": "%", "target": 60.0, "direction": "hogre", "measured_by": goal.uid}
        ils_goals.add_indicator(board, steered[1][0], uid=uuid4(), **what)
        [made] = ils.open_reports(access.system("test"), year=2027, period="T2", organisations=[steered[0]])

        def outcome():
            rows = ils.read_report(board, made.uid).rows
            return next(row.utfall for row in rows if row.indikator == "Trygga på torget")

        assert outcome() is None
        goal.result_value, goal.result_on = 64.0, date(2027, 9, 1)
        now.flush()
        assert outcome() is None, "it was measured after the tertial's last day"
        goal.result_on = date(2027, 8, 31)
        now.flush()
        assert outcome() == 64.0
        lines_of_it = select(IlsLine).join(IlsIndicator).join(IlsReport).where(IlsReport.uid == made.uid)
        own = now.scalars(lines_of_it.where(IlsIndicator.goal_id == goal.id)).one()
        ils.write_indicator(board, own.uid, outcome=62, forecast=None)
        assert outcome() == 62, "what the board says goes before it"


def test_another_boards_report_is_read_by_the_city_and_written_by_its_own(database, report, actors):
    _, of_activities, _ = lines(database, report)
    reader, other = actors("ks_las", "ks"), actors("sdn_samordnare", "sdn-jarva")
    with database.transaction():
        assert ils.read_report(reader, report).report.period == "T2"
    for act in (
        lambda: ils.read_report(other, report),
        lambda: ils.write_activity(other, of_activities[0], status="avslutad"),
    ):
        with pytest.raises(access.Missing), database.transaction():
            act()


def test_kommunfullmaktiges_goals_are_read_in_from_a_file_and_undone(database, municipality):
    kind, batch = CityGoals(), imports.Batch(uuid4(), "Budget 2027", 1, None)
    first, second = uuid4(), uuid4()
    rows = [
        (first, {"key": "2027:2", "text": "Ett hållbart Stockholm", "under": ""}),
        (second, {"key": "2027:2.1", "text": "Rena gator", "under": "2"}),
    ]
    with database.transaction():
        for uid, known in rows:
            assert list(kind.look(municipality.city, batch, known, {})) == []
            kind.create(municipality.city, batch, uid, known, {})
        assert kind.known(municipality.city, batch, ["2027:2.1", "2027:9"]) == {"2027:2.1"}
        goals = {goal.number: goal for goal in ils_goals.city_goals(municipality.city, 2027)}
        assert (goals["2.1"].level_of_goal, goals["2.1"].parent.number) == ("omrade", "2")
        assert [one.stops for one in kind.look(municipality.city, batch, {"key": "två"}, {})] == [True]
    with pytest.raises(imports.Refused, match="hänger under"), database.transaction():
        kind.undo(municipality.city, first, "Fel fil.")
    with database.transaction():
        kind.undo(municipality.city, second, "Fel fil.")
        kind.undo(municipality.city, first, "Fel fil.")
        assert ils_goals.city_goals(municipality.city, 2027) == []
