"""Presence in hours and numbers, and patrols within what the city has: nobody is named, few are not told."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from core import access, clock, db, flow, upgrade
from core.people.waiting import todos
from core.presence import few, services
from core.presence.limits import PATROL
from core.presence.schemas import RequestForm
from core.schema import Invalid
from core.upkeep.services import deadlines_of
from tests.presence.conftest import promise, request_patrols, uid_of

MARCH = datetime(2027, 3, 15, 12, tzinfo=UTC)
APRIL = datetime(2027, 4, 15, 12, tzinfo=UTC)
BEFORE_TENTHS = "0039"


def test_an_association_sees_the_presence_it_does_and_writes_its_months(database, crew, actors, client):
    night_walker, clerk = actors("medarbetare", "demo-forening"), actors("medarbetare", "sdn-skarpnack")
    last = clock.today().replace(day=1) - timedelta(days=1)
    with database.transaction():
        plan = promise(crew, kind="nattvandrare", done_by=uid_of("demo-forening"), valid_from=last.replace(day=1))
        [told] = todos(set(), night_walker)[0]
    client.login(night_walker)
    assert told.link == f"/narvaro/{plan.uid}"
    page = client.get(told.link).text
    assert f"/platser/{crew.place}" not in page  # where it is it may not open
    known = {"month": last.isoformat(), "hours": "80", "contacts": "12", "version": "0"}
    assert client.submit(f"{told.link}/utfall", known, page=told.link).status_code == 303
    with database.transaction():
        assert todos(set(), night_walker)[0] == []
    client.login(clerk)
    assert client.get(told.link).status_code == 404


def test_planned_hours_are_real_hours_also_on_the_night_of_the_change_of_clocks(database, crew):
    with database.transaction():
        ordinary = promise(crew, valid_from=date(2027, 2, 1))
        nightly = promise(crew, weekdays=["5"], begins="22.00", ends="06.00", people=1)
        assert services.planned_hours(ordinary, date(2027, 2, 1)) == 2 * 8 * 6  # two people, eight evenings, six hours
        assert services.planned_hours(nightly, date(2027, 3, 1)) == 4 * 8 - 1  # the clocks go forward on the 28th
        assert services.planned_hours(nightly, date(2027, 10, 1)) == 5 * 8 + 1  # and back on the 31st
        ending = promise(crew, valid_from=date(2027, 2, 20), valid_to=date(2027, 2, 26))
        assert services.planned_hours(ending, date(2027, 2, 1)) == 2 * 2 * 6


def test_what_was_done_stands_beside_what_was_promised_and_few_contacts_are_not_told_to_others(database, crew):
    with clock.frozen(APRIL), database.transaction():
        plan = promise(crew, done_by=uid_of("demo-entreprenor"))
        told = {"hours": Decimal("80.5"), "note": ""}
        services.report_month(crew.firm, plan.uid, month=date(2027, 2, 14), contacts=3, **told)
        services.report_month(crew.board, plan.uid, month=date(2027, 3, 1), contacts=40, **told)
    for actor, contacts, whole in ((crew.board, [None, 40, 3, None], 43), (crew.firm, [None, 40, 3, None], 43)):
        with clock.frozen(APRIL), database.transaction():
            months, total = services.months_of(actor, services.read_plan(actor, plan.uid))
            assert ([one.contacts for one in months], total) == (contacts, whole)
    with clock.frozen(APRIL), database.transaction():
        months, total = services.months_of(crew.office, services.read_plan(crew.office, plan.uid))
    assert ([one.contacts for one in months], total) == ([None, 40, few.FEWER, None], few.UNTOLD)
    assert [(one.done, one.lacks) for one in months][2] == (Decimal("80.5"), True)
    with clock.frozen(APRIL), database.transaction():
        assert services.unwritten(crew.board, 9) == []
    with clock.frozen(datetime(2027, 5, 3, tzinfo=UTC)), database.transaction():
        assert [(row.id, month) for row, month in services.unwritten(crew.board, 9)] == [(plan.id, date(2027, 4, 1))]


def test_a_month_is_written_by_those_who_promised_or_do_it_and_not_ahead(database, crew):
    with clock.frozen(APRIL), database.transaction():
        plan = promise(crew)
    told = {"hours": Decimal(1), "contacts": 1, "note": ""}
    for actor, refusal in ((crew.firm, access.Missing), (crew.traffic, access.Denied), (crew.other, access.Missing)):
        with clock.frozen(APRIL), pytest.raises(refusal), database.transaction():
            services.report_month(actor, plan.uid, month=date(2027, 3, 1), **told)
    for month, words in ((date(2027, 5, 1), "inte börjat"), (date(2026, 12, 1), "gällde inte")):
        with clock.frozen(APRIL), pytest.raises(Invalid, match=words), database.transaction():
            services.report_month(crew.board, plan.uid, month=month, **told)
    with pytest.raises(Invalid, match="antingen en plats eller ett område"), database.transaction():
        promise(crew, place=None)


def changed(crew, row, first, **facts):
    known = {"following": uuid4(), "valid_to": None, "done_by": None, "version": row.version}
    known |= {"weekdays": ["4", "5"], "begins": "20.00", "ends": "02.00", "people": 1, "note": ""}
    return services.change_plan(crew.board, row.uid, first=first, **(known | facts))


def test_a_promise_is_changed_from_a_day_and_the_hours_of_months_past_stay(database, crew, client):
    with clock.frozen(APRIL), database.transaction():
        row = promise(crew)
        whole = services.planned_hours(row, date(2027, 3, 1))
        services.report_month(crew.board, row.uid, month=date(2027, 4, 1), hours=Decimal(40), contacts=9, note="")
        for first, words in ((date(2027, 3, 31), "Välj 2027-04-01"), (date(2026, 12, 1), "Välj 2027-04-01")):
            with pytest.raises(Invalid, match=words):
                changed(crew, row, first)
        after = changed(crew, row, date(2027, 4, 1))
        assert (row.valid_to, after.place_id, after.kind) == (date(2027, 3, 31), row.place_id, row.kind)
        assert services.planned_hours(row, date(2027, 3, 1)) == whole
        assert services.planned_hours(after, date(2027, 4, 1)) * 2 == 9 * 6 * 2
        assert [one.done for one in services.months_of(crew.board, after)[0]] == [Decimal(40)], "April is its own"
        assert services.around(crew.board, after) == (row, None)
    with clock.frozen(APRIL), database.transaction():
        same = changed(crew, after, date(2027, 4, 1), people=3)
        assert (same.id, same.people) == (after.id, 3), "from its own first day it is just changed"
    for refused in (changed, lambda _, row, day: services.end_plan(crew.board, row.uid, valid_to=day, reason="Slut.")):
        with clock.frozen(APRIL), pytest.raises(flow.Refused, match="ändrat från 2027-04-01"), database.transaction():
            refused(crew, services.read_plan(crew.board, row.uid), date(2027, 4, 2))
    with clock.frozen(APRIL), pytest.raises(db.Stale), database.transaction():
        changed(crew, after, date(2027, 5, 1), version=1)
    with clock.frozen(APRIL):
        client.login(crew.board)
        assert f'href="/narvaro/{after.uid}"' in client.get(f"/narvaro/{row.uid}").text
        assert f'href="/narvaro/{after.uid}/andra"' in client.get(f"/narvaro/{after.uid}").text
        form = {"following": str(uuid4()), "first": "2027-05-01", "weekdays": "4", "begins": "18", "ends": "20.00"}
        wrong = client.submit(f"/narvaro/{after.uid}/andra", form | {"people": "2", "version": str(same.version)})
        assert (wrong.status_code, "f-begins-error" in wrong.text) == (422, True)


def test_the_same_uid_is_the_same_promise_for_who_reads_it_and_taken_for_all_others(database, crew):
    uid, known = uuid4(), {"kind": "nattvandrare", "weekdays": ["4"], "begins": "20.00", "ends": "22.00", "people": 2}
    known |= {"organisation": "sdn-farsta", "place": crew.place, "valid_from": date(2027, 1, 1)}
    with database.transaction():
        made = services.add_plan(crew.board, uid=uid, **known)
        assert services.add_plan(crew.board, uid=uid, **known) is made
    for actor, wish in (
        (crew.board, known | {"people": 3}),
        (crew.other, known | {"organisation": "sdn-skarpnack"}),
        (crew.other, known),
    ):
        with pytest.raises(db.Conflict), database.transaction():
            services.add_plan(actor, uid=uid, **wish)


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(database, crew, client):
    with clock.frozen(APRIL), database.transaction():
        plan = promise(crew)
        days = {"first_on": date(2027, 3, 1), "last_on": date(2027, 3, 2)}
        known = {"title": "Enkät", "phase": "fore", "organisation": "sdn-farsta", "place": crew.place}
        survey = services.add_survey(crew.board, uid=uuid4(), **known, **days)
    month, year = {"month": "2027-03-01", "contacts": "9"}, {"year": "2027", "source": "KS § 1"}
    for actor, page, address, form, asked, other in (
        (crew.board, f"/narvaro/{plan.uid}", "utfall", month, {"hours": "40"}, {"hours": "50,5"}),
        (crew.board, f"/upplevelseindex/{survey.uid}", "svar", {"question": "kvall"}, {"n3": "40"}, {"n3": "50"}),
        (crew.office, "/ordningsvakter", "ram", year, {"hours": "400"}, {"hours": "500"}),
    ):
        with clock.frozen(APRIL):
            client.login(actor)
            assert 'name="version" value="0"' in client.get(page).text
            assert client.submit(f"{page}/{address}", form | asked | {"version": "0"}).status_code == 303
            late = client.submit(f"{page}/{address}", form | other | {"version": "0"})
            assert (late.status_code, "Sparat nu" in late.text) == (409, True)
            theirs = f'value="{next(iter(other.values()))}"'
            assert theirs not in client.get(page).text
            assert client.submit(f"{page}/{address}", form | other | {"version": "1"}).status_code == 303
            assert theirs in client.get(page).text


# --- Patrols ------------------------------------------------------------------------------------------------------


def sent(crew, **facts):
    row = request_patrols(crew, **facts)
    services.move_request(crew.board, row.uid, "skicka")
    return row


def test_the_form_of_a_request_asks_where_before_it_asks_when():
    assert list(RequestForm().fields)[1:5] == ["organisation", "where", "area", "starts_on"]


def test_a_request_is_answered_within_its_frist_by_the_city_with_a_reason(database, crew):
    with clock.frozen(MARCH), database.transaction():
        services.set_frame(crew.office, year=2027, hours=500, source="KS 2027-01-10")
        row = sent(crew)
        [frist] = deadlines_of(crew.office, "patrol_request", row.uid)
        assert (frist.kind, frist.due_on, frist.state) == (PATROL, date(2027, 3, 31), "oppen")
    with clock.frozen(MARCH), pytest.raises(access.Denied), database.transaction():
        services.move_request(crew.board, row.uid, "bevilja", reason="Vi tycker det.")
    with clock.frozen(MARCH), pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        services.move_request(crew.office, row.uid, "avsla")
    with clock.frozen(MARCH), database.transaction():
        row = services.move_request(crew.office, row.uid, "bevilja_delvis", hours=60, reason="Fler platser behöver.")
        [frist] = deadlines_of(crew.office, "patrol_request", row.uid)
        assert (row.state, row.granted, frist.state) == ("delvis", 60, "klar")
    # Sent again after it was withdrawn, the answer has all its time again.
    with clock.frozen(MARCH), database.transaction():
        again = sent(crew)
        services.move_request(crew.board, again.uid, "aterkalla", reason="Fel vecka.")
        services.move_request(crew.board, again.uid, "begar_igen", reason="Nu är den rätt.")
    with clock.frozen(APRIL), database.transaction():
        services.move_request(crew.board, again.uid, "skicka")
        [frist] = deadlines_of(crew.office, "patrol_request", again.uid)
        assert (frist.due_on, frist.state) == (date(2027, 4, 29), "oppen")
    for hours, words in ((101, "högst 100 timmar"), (None, "högst 100 timmar"), (100, "alla timmar")):
        with clock.frozen(MARCH), pytest.raises(Invalid, match=words), database.transaction():
            other = sent(crew)
            services.move_request(crew.office, other.uid, "bevilja_delvis", hours=hours, reason="Prov.")


def test_no_more_hours_are_granted_than_the_year_has(database, crew):
    with clock.frozen(MARCH), database.transaction():
        first, second = sent(crew), sent(crew)
    with clock.frozen(MARCH), pytest.raises(flow.Refused, match="Ingen har skrivit in"), database.transaction():
        services.move_request(crew.office, first.uid, "bevilja", reason="Behövs.")
    with clock.frozen(MARCH), database.transaction():
        services.set_frame(crew.office, year=2027, hours=150, source="KS 2027-01-10")
        services.move_request(crew.office, first.uid, "bevilja", reason="Behövs.")
    with clock.frozen(MARCH), pytest.raises(Invalid, match="Det finns 50 timmar kvar 2027"), database.transaction():
        services.move_request(crew.office, second.uid, "bevilja", reason="Behövs.")
    with pytest.raises(Invalid, match="100 timmar är redan beviljade"), database.transaction():
        services.set_frame(crew.office, year=2027, hours=99, source="KS 2027-03-10")
    with clock.frozen(MARCH), database.transaction():
        services.move_request(crew.board, first.uid, "aterkalla", reason="Det är lugnt nu.")
        assert services.frame_of(crew.office, 2027).left == 150
        services.move_request(crew.office, second.uid, "bevilja", reason="Behövs.")


def test_half_hours_are_asked_for_granted_counted_and_told(database, crew, client):
    """In the forms with a decimal comma, in the sums, in the API as numbers."""
    with clock.frozen(MARCH), database.transaction():
        services.set_frame(crew.office, year=2027, hours=Decimal("7.5"), source="KS 2027-01-10")
        row = request_patrols(crew, hours=4)
        uid, version = row.uid, row.version
    here = f"/ordningsvakter/{uid}"
    with clock.frozen(MARCH):
        client.login(crew.board)
        form = {name: getattr(row, name) for name in ("begins", "ends", "reason", "tried")}
        form |= {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(), "version": str(version)}
        refused = client.submit(here, form | {"hours": "2,55"}, page=here)
        assert (refused.status_code, "högst en decimal" in refused.text) == (422, True)
        assert client.submit(here, form | {"hours": "5,5"}, page=here).status_code == 303
        with database.transaction():
            services.move_request(crew.board, uid, "skicka")
            services.move_request(crew.office, uid, "bevilja_delvis", hours=Decimal("2.5"), reason="Räcker.")
            assert services.frame_of(crew.office, 2027).left == 5
        assert "2,5" in client.get(here).text
        [told] = client.get("/api/v1/patrol-requests").get_json()["items"]
        assert [told[name] for name in ("hours", "granted", "done")] == [5.5, 2.5, 0]


def test_no_more_hours_are_done_than_were_granted(database, crew, client):
    with clock.frozen(MARCH), database.transaction():
        services.set_frame(crew.office, year=2027, hours=150, source="KS 2027-01-10")
        row = sent(crew)
        services.move_request(crew.office, row.uid, "bevilja_delvis", hours=50, reason="Behövs.")
    done = {"outcome": uuid4(), "day": date(2027, 3, 14), "hours": Decimal("30.5"), "events": {"avvisning": 3}}
    with clock.frozen(MARCH), pytest.raises(flow.Refused, match="när begäran är avropad"), database.transaction():
        services.report_patrol(crew.board, row.uid, **done)
    with clock.frozen(MARCH), database.transaction():
        row = services.move_request(crew.office, row.uid, "avropa", executor=uid_of("demo-entreprenor"))
        services.report_patrol(crew.firm, row.uid, **done)
        services.report_patrol(crew.firm, row.uid, **done)
        assert row.done == Decimal("30.5"), "the same report twice counts once"
    with clock.frozen(MARCH), pytest.raises(Invalid, match="Högst 19,5 återstår"), database.transaction():
        services.report_patrol(crew.firm, row.uid, **(done | {"outcome": uuid4(), "hours": Decimal(20)}))
    with clock.frozen(MARCH), pytest.raises(Invalid, match="inom tiden"), database.transaction():
        services.report_patrol(crew.firm, row.uid, **(done | {"outcome": uuid4(), "day": date(2027, 3, 16)}))
    here, nothing = f"/ordningsvakter/{row.uid}", {"outcome": str(uuid4()), "day": "2027-03-14", "hours": "0"}
    with clock.frozen(MARCH):
        client.login(crew.firm)
        refused = client.submit(f"{here}/utfall", nothing, page=here)
    assert (refused.status_code, "Skriv minst 0,1" in refused.text) == (422, True)
    with clock.frozen(APRIL), database.transaction():
        row = services.move_request(crew.firm, row.uid, "avsluta")
        assert services.frame_of(crew.office, 2027).left == Decimal("119.5"), "what was not used can be granted again"
        assert services.outcomes_of(crew.board, row)[1] == {"avvisning": 3}
        assert services.outcomes_of(crew.traffic, row)[1] == {"avvisning": few.FEWER}
        assert [one.id for one in services.list_requests(crew.firm).rows] == [row.id]
        assert services.list_requests(crew.other).rows == []


def test_the_database_itself_refuses_more_than_was_granted(database, crew):
    for wrong in ({"granted": 101}, {"granted": 50, "done": Decimal("50.1")}):
        with pytest.raises(Exception, match=r"(?i)check"), database.transaction():
            row = request_patrols(crew)
            for name, value in wrong.items():
                setattr(row, name, value)
            db.session().flush()


def test_hours_that_were_whole_become_tenths_and_half_ones_whole_on_the_way_back(database, crew):
    with clock.frozen(MARCH), database.transaction():
        services.set_frame(crew.office, year=2027, hours=Decimal(500), source="KS 2027-01-10")
        row = sent(crew, hours=Decimal("9.5"))
        services.move_request(crew.office, row.uid, "bevilja_delvis", hours=Decimal("8.5"), reason="Räcker.")
    told = "SELECT r.hours, granted, f.hours FROM patrol_request r, patrol_frame f"
    upgrade.downgrade(database, "core", BEFORE_TENTHS)
    with database.transaction(write=False) as session:
        assert [tuple(one) for one in session.execute(text(told))] == [(10, 9, 500)]
    upgrade.upgrade(database)
    with database.transaction(write=False) as session:
        assert [tuple(one) for one in session.execute(text(told))] == [(100, 90, 5000)]
    assert upgrade.check(database) == []
