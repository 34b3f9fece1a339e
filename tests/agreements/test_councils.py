"""Local councils with police and education, and the page that says which boards lack what on a day."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from core import access, clock, flow
from core.agreements import services
from core.agreements.limits import YEARLY_PLAN
from core.agreements.models import Council, CouncilMember, Meeting, MeetingDecision
from core.people import services as people
from core.people.services import organisation
from core.upkeep.models import Deadline, DeadlineChange, Reminder
from core.upkeep.services import deadlines_of
from tests.agreements.conftest import DAY, applying, begin, said

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def leader(scene, actors):
    return actors("sdn_samordnare", "sdn-farsta")


def council(leader, code="sdn-farsta"):
    facts = {"name": "Lokalt råd", "function": "Samordnare", "started_on": clock.today()}
    return services.councils.begin_council(leader, uid=uuid4(), organisation=code, **facts)


def sit(leader, row, code):
    facts = {"organisation": organisation(code).uid, "function": "Chef"}
    return services.parties.add_party(leader, Council, row.uid, **facts)


def test_police_and_education_are_always_in_it(database, leader, actors):
    with database.transaction():
        row = council(leader)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.councils.move_council(leader, row.uid, "borja")
    assert said(refused) == ["Polisen saknas i rådet.", "Utbildning saknas i rådet."]
    with database.transaction():
        sit(leader, row, "polis-farsta")
        assert services.councils.missing_members(row) == ["Utbildning saknas i rådet."]
        sit(leader, row, "utbildning")
        services.councils.move_council(leader, row.uid, "borja")
    police = actors("polis", "polis-farsta")
    with database.transaction():
        member = services.parties.own_party(police, row)
        services.parties.leave(police, CouncilMember, member.uid, reason="Ny organisation.")
        assert services.councils.missing_members(row) == ["Polisen saknas i rådet."]


def test_it_meets_and_decides_as_a_platssamverkan_does_and_has_a_plan_for_the_year(database, leader):
    with database.transaction():
        row = council(leader)
        for code in ("polis-farsta", "utbildning"):
            sit(leader, row, code)
        services.councils.move_council(leader, row.uid, "borja")
        called = services.meetings.call_meeting(leader, Council, row.uid, uid=uuid4(), held_at=clock.now())
        facts = {"organisation": organisation("utbildning").uid, "due_on": clock.today() + 9 * DAY}
        services.decisions.add_decision(leader, called.uid, uid=uuid4(), text="Ta fram siffror", **facts)
        services.councils.write_plan(leader, row.uid, year=2026, text="Fyra möten.", decided_on=clock.today())
    with database.transaction():
        assert [one.decision.text for one in services.decisions.open_decisions(leader, row)] == ["Ta fram siffror"]
        assert [plan.year for plan in services.councils.plans_of(leader, row)] == [2026]


def test_ended_it_leaves_nothing_that_somebody_is_reminded_of_and_says_so_before(database, leader, client):
    with database.transaction():
        row = council(leader)
        been = services.meetings.call_meeting(leader, Council, row.uid, uid=uuid4(), held_at=clock.now())
        ahead = services.meetings.call_meeting(leader, Council, row.uid, uid=uuid4(), held_at=clock.now() + 9 * DAY)
        facts = {"organisation": organisation("sdn-farsta").uid, "due_on": clock.today() + 9 * DAY}
        decision = services.decisions.add_decision(leader, been.uid, uid=uuid4(), text="Ta fram siffror", **facts)
        uid, version = row.uid, row.version
    with pytest.raises(flow.Refused, match="Beslut från möten är öppna"), database.transaction():
        services.councils.move_council(leader, uid, "avsluta", reason="Slås samman.")
    client.login(leader)
    here = f"/lokala-rad/{uid}"
    text = client.get(here).text
    assert "Beslut från möten som inte är gjorda: 1. De skrivs av med ditt skäl." in text
    assert "Kommande möten: 1. De ställs in med ditt skäl." in text
    client.submit(f"{here}/steg/avsluta", {"reason": "Slås samman.", "version": version}, page=here)
    with database.transaction() as session:
        told = session.scalars(select(MeetingDecision)).one()
        assert (told.state, told.told) == ("avskrivet", "Slås samman.")
        assert [one.state for one in deadlines_of(leader, "meeting_decision", decision.uid)] == ["utgar"]
        assert session.scalars(select(Meeting.state).where(Meeting.uid == ahead.uid)).one() == "installt"


def test_its_next_plan_is_decided_within_a_year_of_the_last_and_of_none_where_it_is_over(database, leader, clock):
    clock.stop_at("2027-03-01T09:00")

    def frist(kind, row):
        [found] = [one for one in deadlines_of(leader, kind, row.uid) if one.kind == YEARLY_PLAN]
        return found.state, found.due_on

    with database.transaction():
        row = council(leader)
        for code in ("polis-farsta", "utbildning"):
            sit(leader, row, code)
        assert deadlines_of(leader, "council", row.uid) == []
        services.councils.move_council(leader, row.uid, "borja")
        assert frist("council", row) == ("oppen", date(2028, 3, 1))
        draft = services.councils.write_plan(leader, row.uid, year=2027, text="Utkast.")
        assert frist("council", row)[0] == "oppen", "a draft is no plan"
    clock.stop_at("2027-04-01T09:00")
    with database.transaction():
        services.councils.write_plan(leader, row.uid, year=2027, text="Fyra möten.", decided_on=date(2027, 4, 1))
        assert (frist("council", row)[0], frist("council_plan", draft)) == ("klar", ("oppen", date(2028, 4, 3)))
        services.councils.write_plan(leader, row.uid, year=2027, text="Fem möten.", decided_on=None)
        assert (frist("council", row)[0], frist("council_plan", draft)[0]) == ("oppen", "utgar"), "decided by mistake"
        services.councils.move_council(leader, row.uid, "avsluta", reason="Slås samman.")
        assert frist("council", row)[0] == "utgar"


def test_a_council_that_worked_before_the_frist_was_there_gets_it_once(database, leader, clock):
    """Counted from the last plan that was decided, or its first day at work; a council that is over gets none."""
    clock.stop_at("2027-03-01T09:00")
    with database.transaction() as session:
        councils = [council(leader) for _ in range(3)]
        for row in councils:
            for code in ("polis-farsta", "utbildning"):
                sit(leader, row, code)
            services.councils.move_council(leader, row.uid, "borja")
        planned, _, over = councils
        services.councils.write_plan(leader, planned.uid, year=2027, text="Möten.", decided_on=date(2027, 2, 1))
        services.councils.move_council(leader, over.uid, "avsluta", reason="Slås samman.")
        session.execute(delete(DeadlineChange))
        for model in (DeadlineChange, Reminder, Deadline):
            session.execute(delete(model))
    clock.stop_at("2028-02-20T09:00")
    for _ in range(2):
        with database.transaction() as session:
            services.councils.plan_what_lacks()
            found = session.execute(select(Deadline.kind, Deadline.due_on, Deadline.state).order_by(Deadline.due_on))
            assert [tuple(one) for one in found] == [
                (YEARLY_PLAN, date(2028, 2, 1), "oppen"),
                (YEARLY_PLAN, date(2028, 3, 1), "oppen"),
            ]


def test_before_a_merger_it_is_told_what_goes_on_in_the_one_that_carries_on(database, leader, scene, actors):
    police = actors("polis", "polis-farsta")
    asked = {"codes": ["sdn-farsta", "sdn-skarpnack"], "name": "Nya", "code": "sdn-nya", "on": date(2028, 1, 1)}
    with database.transaction():
        begin(leader, scene.place)
        applying(leader, police)
        council(leader)
        services.councils.move_council(leader, council(leader).uid, "avsluta", reason="Behövs inte.")
        others = dict(people.preview_merger(access.system("test"), **asked).others)
        named = ("Överenskommelser", "Platssamverkan", "Lokala råd")
        assert {name: others[f"{name} som de är med i"] for name in named} == dict.fromkeys(named, 1)


# --- Who lacks what -----------------------------------------------------------------------------------------------


def lacks(actor, day=None):
    return {row.board.code: row.lacks for row in services.coverage.coverage(actor, day)}


EVERYTHING = ["platssamverkan", "polis", "rad"]


def test_every_board_is_covered_or_listed_and_a_board_sees_its_own_row(database, leader, scene, actors):
    office, police = actors("slk_handlaggare", "slk"), actors("polis", "polis-farsta")
    with database.transaction():
        found = lacks(office)
        assert (len(found), set(map(tuple, found.values()))) == (11, {tuple(EVERYTHING)})
        begin(leader, scene.place)
        row = applying(leader, police)
        made = council(leader)
        for code in ("polis-farsta", "utbildning"):
            sit(leader, made, code)
    with database.transaction():
        assert lacks(leader) == {"sdn-farsta": ["rad"]}
        services.councils.move_council(leader, made.uid, "borja")
    with database.transaction():
        assert lacks(office)["sdn-farsta"] == []
        assert lacks(office, clock.today() - DAY)["sdn-farsta"] == EVERYTHING
        assert lacks(office, row.valid_to + DAY)["sdn-farsta"] == ["polis"]
        [own] = services.coverage.coverage(leader)
        assert own.mandates["polis", row.id] == "Stadsdelsdirektör"


def test_what_a_merged_board_had_counts_for_the_one_that_carries_on(database, leader, scene, actors):
    """Rinkeby-Kista's platssamverkan of 2022 is its own in 2022, and Järva's from 1 July 2023."""
    office = actors("slk_handlaggare", "slk")
    with database.transaction():
        row = begin(leader, scene.place, started_on=date(2022, 3, 1))
        row.organisation_id = organisation("sdn-rinkeby-kista").id
    with database.transaction():
        before, after = lacks(office, date(2022, 12, 1)), lacks(office, date(2023, 12, 1))
    assert "platssamverkan" not in before["sdn-rinkeby-kista"]
    assert "sdn-jarva" not in before
    assert "platssamverkan" not in after["sdn-jarva"]
    assert "sdn-rinkeby-kista" not in after


def test_it_takes_the_same_number_of_queries_however_much_there_is(database, leader, scene, actors, queries):
    office = actors("slk_handlaggare", "slk")
    with database.transaction(), queries() as few:
        services.coverage.coverage(office)
    with database.transaction():
        for _ in range(4):
            begin(leader, scene.place)
    with database.transaction(), queries() as many:
        services.coverage.coverage(office)
    assert len(few) == len(many)


def test_who_leads_a_board_that_lacks_something_is_told(database, leader, scene):
    with database.transaction():
        [row] = services.coverage.own_lacks(leader)
        assert row.lacks == EVERYTHING
        begin(leader, scene.place)
        [row] = services.coverage.own_lacks(leader)
    assert row.lacks == ["polis", "rad"]
