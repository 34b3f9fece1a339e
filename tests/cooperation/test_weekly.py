"""Weekly reports (EST): the rhythm of an area's group, and what never leaves it (H11, domain.md 5.2)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, flow
from core import clock as core_clock
from core.cooperation import few, waiting
from core.cooperation.models import WeeklyItem, WeeklyReport
from core.cooperation.services import weekly, weeks_shown
from core.cooperation.weeks import Quarter, Week
from core.journal import JournalDetail
from core.people.services import organisation
from core.places.models import Area
from core.schema import Invalid
from core.upkeep.services import list_open

SECRET = "Det ryktas om en uppgörelse på lördag"


class Group:
    """Farsta's group: its board leads, the police and trafiknämnden are in it."""

    def __init__(self, database, actors):
        self.leader = actors("sdn_samordnare", "sdn-farsta")
        self.police, self.traffic = actors("polis", "polis-farsta"), actors("tk_drift", "trafik")
        self.outside, self.city = actors("sdn_samordnare", "sdn-jarva"), actors("slk_handlaggare", "slk")
        with database.transaction() as session:
            home = organisation("sdn-farsta")
            area = session.scalars(select(Area).where(Area.organisation_id == home.id)).first()
            known = {"area": area.uid, "organisation": "sdn-farsta", "function": "Samordnare"}
            self.uid = weekly.begin_group(self.leader, uid=uuid4(), **known).uid
            for code, function in (("polis-farsta", "Kommunpolis"), ("trafik", "Driftingenjör")):
                weekly.add_member(self.leader, self.uid, organisation=organisation(code).uid, function=function)

    def report(self, actor, week):
        """The uid of somebody's own report of a week."""
        rows = [row for row in weeks_shown.to_report(actor, 99) if Week(row.iso_year, row.iso_week) == week]
        return rows[0].uid

    def line(self, actor, week, **facts):
        known = {"category": "ordningsstorning", "severity": 2, "trend": "okar", "certainty": "fakta"}
        return weekly.add_item(actor, self.report(actor, week), item=uuid4(), **(known | facts))

    def hand_in(self, actor, week):
        return weekly.move_report(actor, self.report(actor, week), "lamna_in")

    def shown(self, actor, week):
        group = weeks_shown.read_group(actor, self.uid)
        return weeks_shown.show_week(actor, group, week, weekly.categories())


@pytest.fixture
def group(database, scene, actors, clock):
    clock.stop_at("2027-03-03T09:00")  # a Wednesday of week 9
    return Group(database, actors)


WEEK = Week(2027, 9)


def test_the_week_asks_each_member_and_its_reports_are_due_on_monday_at_noon(database, group, clock):
    with database.transaction():
        weekly.plan_weeks()  # again does no harm
        rows = list(database_reports())
        assert {(row.iso_year, row.iso_week) for row in rows} == {(2027, 9)}
        assert len(rows) == 3
        [frist] = [row for row in list_open(group.traffic).rows if row.kind == "core:veckorapport"]
        assert core_clock.local(frist.due_at).isoformat()[:16] == "2027-03-08T12:00"
        [review] = [row for row in list_open(group.leader).rows if row.kind == "core:veckogenomgang"]
        assert review.due_on.isoformat() == "2027-03-09"
        assert review.due_on.strftime("%A") == "Tuesday"
        told = list(waiting.todo(group.police, 20))  # closes no frister, and is told all the same
        assert [(one.title, one.latest) for one in told] == [("Lämna in veckorapporten: vecka 9", "2027-03-08 12.00")]
    clock.stop_at("2027-03-08T13:00")
    with database.transaction():
        weekly.plan_weeks()
        group.hand_in(group.police, WEEK)
        late = {one.member.organisation.code: one.late for one in group.shown(group.leader, WEEK).standings}
    assert late == {"sdn-farsta": True, "polis-farsta": True, "trafik": True}


def database_reports():
    from core import db

    return db.session().scalars(select(WeeklyReport))


def test_a_report_with_a_personnummer_stays_a_draft(database, group, client):
    with database.transaction():
        line = group.line(group.police, WEEK, note="Han heter 811218-9876").uid
        uid = group.report(group.police, WEEK)
    client.login(group.police)
    here = f"/samverkan/veckorapporter/{uid}"
    refused = client.submit(f"{here}/steg/lamna_in", page=here)
    assert refused.status_code == 409
    assert "En rad ser ut att ha ett personnummer." in refused.text
    with database.transaction() as session:
        assert session.scalar(select(WeeklyReport.state).where(WeeklyReport.uid == uid)) == "utkast"
        weekly.remove_item(group.police, line)
        group.line(group.police, WEEK, note="Ring 070 174 06 05 till kontoret")
        assert group.hand_in(group.police, WEEK).state == "inlamnad", "a number to ring is only warned of"
    assert "innan du lämnar in" not in client.get(here).text


def test_a_report_is_closed_when_it_is_handed_in_and_again_when_the_group_has_met(database, group, clock):
    with database.transaction():
        item = group.line(group.police, WEEK)
        report = group.hand_in(group.police, WEEK)
    with pytest.raises(flow.Refused, match="inlämnad"), database.transaction():
        weekly.remove_item(group.police, item.uid)
    with pytest.raises(access.Missing), database.transaction():
        weekly.move_report(group.outside, report.uid, "skriv_om")
    with pytest.raises(access.Denied), database.transaction():
        weekly.move_report(group.traffic, report.uid, "skriv_om")
    with database.transaction():
        weekly.move_report(group.police, report.uid, "skriv_om")
        assert group.shown(group.leader, WEEK).items == []  # taken back, it is its own only
        weekly.remove_item(group.police, item.uid)
        group.hand_in(group.police, WEEK)  # nothing to tell is a report too
    clock.stop_at("2027-03-09T10:00")
    with database.transaction():
        weekly.hold_review(group.leader, group.uid, WEEK, held_on=date(2027, 3, 9), picture="Lugnt.")
    with pytest.raises(flow.Refused, match="nästa veckas"), database.transaction():
        weekly.move_report(group.police, report.uid, "skriv_om")


def test_a_rumour_never_leaves_the_group(database, group, client, actors, clock):
    """Read by the organisations of the group, and by nobody else: in no count, list or journal line."""
    with database.transaction():
        group.line(group.police, WEEK, certainty="rykte", note=SECRET, category="narkotika")
        group.line(group.police, WEEK, note="Musik till klockan 2.")
        assert [item.note for item in all_items(group.traffic)] == []  # not handed in
        group.hand_in(group.police, WEEK)
        assert {item.note for item in all_items(group.traffic)} == {SECRET, "Musik till klockan 2."}
        assert {item.note for item in all_items(group.city)} == {"Musik till klockan 2."}
        assert {item.note for item in all_items(access.system("test"))} == {"Musik till klockan 2."}
        assert all_items(group.outside) == []
        shown = group.shown(group.city, WEEK)
        assert (len(shown.items), shown.review) == (1, None)
        inside = weeks_shown.quarter(group.traffic, weeks_shown.read_group(group.traffic, group.uid), Quarter(2027, 1))
        assert set(inside.cells) == {"ordningsstorning"}
    with database.transaction() as session:
        assert not [row for row in session.scalars(select(JournalDetail)) if SECRET in str(row.detail)]
    for who in (group.city, group.outside, actors("revisor", "kf")):
        client.login(who)
        for address in (
            f"/samverkan/veckor/{group.uid}?vecka={WEEK}",
            f"/samverkan/veckor/{group.uid}/kvartal",
            "/att-gora",
            "/",
        ):
            assert SECRET not in client.get(address).text
    client.login(group.traffic)
    assert SECRET in client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text


def all_items(actor):
    from core import db

    return list(db.session().scalars(access.visible(select(WeeklyItem), actor)))


def test_who_took_over_a_member_that_was_merged_writes_its_report_on_the_pages(database, group, client, actors):
    heir = actors("polis", "polis-jarva")
    with database.transaction() as session:
        organisation("polis-farsta").successor_id = organisation("polis-jarva").id
        session.flush()
        report = group.report(heir, WEEK)
    client.login(heir)
    week = client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text
    assert f'href="/samverkan/veckorapporter/{report}"' in week
    assert "Skriv er veckorapport." in week
    assert "aldrig om enskilda människor" in client.get(f"/samverkan/veckorapporter/{report}").text


def test_who_leaves_the_group_reads_it_no_more(database, group):
    with database.transaction():
        group.line(group.police, WEEK, certainty="rykte", note=SECRET)
        group.hand_in(group.police, WEEK)
        members = weeks_shown.members_of(group.leader, weeks_shown.read_group(group.leader, group.uid))
        by_code = {one.organisation.code: one.uid for one in members}
        with pytest.raises(flow.Refused, match="leder"):
            weekly.leave_group(group.leader, by_code["sdn-farsta"])
        weekly.leave_group(group.leader, by_code["trafik"])
        assert all_items(group.traffic) == []
        with pytest.raises(access.Missing):
            weeks_shown.read_group(group.traffic, group.uid)
        assert [row for row in list_open(group.traffic).rows if row.kind == "core:veckorapport"] == []
        with pytest.raises(flow.Refused, match="redan lämnat"):
            weekly.leave_group(group.leader, by_code["trafik"])
        weekly.add_member(group.leader, group.uid, organisation=organisation("trafik").uid, function="Driftchef")
        [asked] = [row for row in list_open(group.traffic).rows if row.kind == "core:veckorapport"]
        assert asked.due_on.isoformat() == "2027-03-08", "who comes back the same week is asked again"


def test_what_is_decided_has_an_owner_and_a_day_and_is_told_of_the_week_after(database, group, clock):
    clock.stop_at("2027-03-09T10:00")
    with database.transaction():
        traffic, elsewhere = organisation("trafik").uid, organisation("idrott").uid
        known = {"text": "Tänd planen", "due_on": date(2027, 3, 12)}
        with pytest.raises(Invalid, match="i gruppen"):
            weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), organisation=elsewhere, **known)
        with pytest.raises(Invalid, match="kommer"):
            weekly.assign(
                group.leader, group.uid, WEEK, uid=uuid4(), organisation=traffic, text="Nu", due_on=date(2027, 3, 8)
            )
        made = weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), organisation=traffic, **known)
        assert made.decided_on == date(2027, 3, 9)
        [frist] = [row for row in list_open(group.traffic).rows if row.kind == "core:veckoatgard"]
        assert frist.due_on == date(2027, 3, 12)
    with pytest.raises(access.Denied), database.transaction():
        weekly.move_action(group.police, made.uid, "klarmarkera", outcome="Vi gjorde det.")
    clock.stop_at("2027-03-11T10:00")
    with database.transaction():
        with pytest.raises(Invalid, match="vad som hände"):
            weekly.move_action(group.traffic, made.uid, "klarmarkera")
        weekly.move_action(group.traffic, made.uid, "stall_in", outcome="Fel säkring.")
        assert [row for row in list_open(group.traffic).rows if row.kind == "core:veckoatgard"] == []
        weekly.move_action(group.leader, made.uid, "ta_upp_igen")
        assert [row for row in list_open(group.traffic).rows if row.kind == "core:veckoatgard"] != []
        weekly.move_action(group.traffic, made.uid, "klarmarkera", outcome="Planen lyser.")
        told = group.shown(group.leader, WEEK.after(1)).before
    assert [(row.text, row.outcome) for row in told] == [("Tänd planen", "Planen lyser.")]


def test_the_picture_over_weeks_by_kind_and_place_in_a_constant_number_of_queries(
    database, group, scene, clock, queries
):
    def count():
        with database.transaction(), queries() as asked:
            shown = group.shown(group.leader, WEEK.after(1))
        return len(asked), shown

    with database.transaction():
        group.line(group.leader, WEEK, place=scene.place)
        group.hand_in(group.leader, WEEK)
    before, _ = count()
    clock.stop_at("2027-03-10T09:00")
    with database.transaction():
        weekly.plan_weeks()
        for _ in range(3):
            group.line(group.leader, WEEK.after(1), place=scene.place, severity=3)
        group.hand_in(group.leader, WEEK.after(1))
    after, shown = count()
    assert before == after
    never = [None] * 4  # nobody was asked, which is not that there was nothing
    assert [(row.name, row.weeks) for row in shown.categories] == [("Ordningsstörning", [*never, 1, 3])]
    assert [row.weeks for row in shown.places] == [[*never, 1, 3]]
    assert shown.by_category == [("Ordningsstörning", [0, 0, 3])]


@pytest.mark.parametrize(
    ("day", "week"),
    [("2026-12-28", "2026-W53"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"), ("2024-12-30", "2025-W01")],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day, week):
    assert str(Week.of(date.fromisoformat(day))) == week
    assert Week.read(week).monday <= date.fromisoformat(day)


def test_week_53_and_the_turn_of_the_year(database, scene, actors, clock):
    """Week 53 of 2026 is reported in January, and the week after it is the first of 2027."""
    clock.stop_at("2026-12-30T09:00")
    group, last = Group(database, actors), Week(2026, 53)
    assert Week.read("2027-W53") is None
    assert (str(last.after(1)), str(last.after(-52)), last.reviewed_by.isoformat()) == (
        "2027-W01",
        "2026-W01",
        "2027-01-05",
    )
    assert Quarter.of(last) == Quarter(2026, 4)
    assert [len(Quarter(2026, number).weeks) for number in (1, 2, 3, 4)] == [13, 13, 13, 14]
    with database.transaction():
        [frist] = [row for row in list_open(group.traffic).rows if row.kind == "core:veckorapport"]
        assert frist.due_on.isoformat() == "2027-01-04"
        group.line(group.traffic, last)
        group.hand_in(group.traffic, last)
    clock.stop_at("2027-01-05T09:00")
    with database.transaction():
        weekly.plan_weeks()
        shown = group.shown(group.leader, Week(2027, 1))
    assert [str(week) for week in shown.weeks][-2:] == ["2026-W53", "2027-W01"]
    assert shown.categories[0].weeks[-2:] == [1, None], "nobody has told of the new week"
    with database.transaction():
        group.hand_in(group.police, Week(2027, 1))
        shown = group.shown(group.leader, Week(2027, 1))
    assert shown.categories[0].weeks[-2:] == [1, 0], "the police has: there was nothing"


def test_a_report_due_on_a_holiday_is_due_on_the_next_weekday_and_the_group_meets_no_sooner(
    database, scene, actors, clock
):
    """The Monday after week 12 of 2027 is annandag påsk; Monday and Tuesday after week 51 of 2023 are Christmas."""
    clock.stop_at("2027-03-24T09:00")
    group = Group(database, actors)
    with database.transaction():
        [frist] = [row for row in list_open(group.traffic).rows if row.kind == "core:veckorapport"]
        assert (frist.due_on.isoformat(), core_clock.local(frist.due_at).hour) == ("2027-03-30", 12)
    week = Week(2026, 14)
    assert (week.reported_by.date().isoformat(), week.reviewed_by.isoformat()) == ("2026-04-07", "2026-04-07")
    week = Week(2023, 51)
    assert (week.reported_by.date().isoformat(), week.reviewed_by.isoformat()) == ("2023-12-27", "2023-12-27")
    week = Week(2026, 22)  # the first of June is a Monday like others
    assert (week.reported_by.date().isoformat(), week.reviewed_by.isoformat()) == ("2026-06-01", "2026-06-02")


def test_counts_that_leave_the_group_hide_what_is_few_and_what_would_tell_it():
    told = few.shown({"a": 12, "b": 3, "c": 7, "d": 0})
    assert (dict(told.cells), told.kept_back, told.total) == ({"a": 12, "b": None, "c": None, "d": 0}, {"c"}, 22)
    two = few.shown({"a": 12, "b": 3, "c": 1})
    assert (dict(two.cells), two.kept_back, two.total) == ({"a": 12, "b": None, "c": None}, frozenset(), 16)
    alone = few.shown({"a": 3})
    assert (dict(alone.cells), alone.total) == ({"a": None}, None)
    assert few.shown({"a": 5}).total == 5
    for one_way in ({"a": 12, "b": 1, "c": 1}, {"a": 12, "b": 4, "c": 4}, {"a": 12, "b": 1, "c": 5}):
        assert few.shown(one_way).total is None
    assert few.shown({"a": 12, "b": 2, "c": 1}).total == 15


def test_the_pages_of_a_week(database, group, client, clock):
    client.login(group.police)
    start = client.get("/samverkan/veckor").text
    assert "Vecka 9, 2027" in start
    with database.transaction():
        report = group.report(group.police, WEEK)
    page = f"/samverkan/veckorapporter/{report}"
    line = {"uid": str(uuid4()), "category": "stold", "severity": "1", "trend": "lika", "certainty": "bedomning"}
    line |= {"note": "Ring 070-123 45 67", "place": "", "day_part": "20-23"}
    assert client.submit(f"{page}/rader", line, page=page).status_code == 303
    assert "Se över texten innan du lämnar in." in client.get(page).text
    assert client.submit(f"{page}/steg/lamna_in", {}, page=page).status_code == 303
    clock.stop_at(core_clock.now() + timedelta(days=6))
    client.login(group.leader)
    shown = client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text
    assert "Rapporter som saknas: 2" in shown
    assert "Saknas, tiden är ute" in shown
    assert "Vad hände med förra veckans åtgärder?" in shown
    review = f"/samverkan/veckor/{group.uid}/{WEEK}/genomgang"
    sent = {"held_on": core_clock.today().isoformat(), "picture": "Vi ser det lika."}
    assert client.submit(review, sent, page=f"/samverkan/veckor/{group.uid}?vecka={WEEK}").status_code == 303
    late = sent | {"picture": "Jag såg inte det.", "version": "1"}
    assert client.submit(review, late, page=f"/samverkan/veckor/{group.uid}?vecka={WEEK}").status_code == 409
    with database.transaction():
        known = {"text": "Tänd planen", "due_on": core_clock.today(), "organisation": organisation("trafik").uid}
        weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), **known)
    assert "Försenad" not in client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text
    clock.stop_at(core_clock.now() + timedelta(days=1))
    client.login(group.leader)
    assert "Försenad" in client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text
    for far in ("0001-W01", "9999-W52"):
        assert client.get(f"/samverkan/veckor/{group.uid}?vecka={far}").status_code == 200
    assert client.get(f"/samverkan/veckor/{group.uid}/kvartal?kvartal=9999-4").status_code == 200
    client.login(group.city)
    assert "Vi ser det lika." not in client.get(f"/samverkan/veckor/{group.uid}?vecka={WEEK}").text
    assert "färre än 5" in client.get(f"/samverkan/veckor/{group.uid}/kvartal?kvartal=2027-1").text
