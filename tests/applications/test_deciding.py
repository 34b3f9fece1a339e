"""What a meeting decided: recorded by one, in force when another confirms it, all of it in the same moment (1.3)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from core import clock, db, flow, outbox, upgrade
from core.applications.models import BodyMeeting, GrantDecision, Partiality, Promise, Round
from core.applications.services import applications, deciding, decisions, granting, meetings
from core.people.services import organisation
from core.reserve.models import Booking, Entry, Frame
from core.reserve.services import Over, book
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.applications.deciding import (
    HOUSE,
    PROPOSED,
    SOUGHT,
    add_application,
    add_measure,
    freeze,
    programme,
    put_frame,
)


def said(refused):
    return [objection.message for objection in refused.value.objections]


def left():
    """What remains of each year's frame."""
    return {frame.year: frame.amount - frame.granted for frame in db.session().scalars(select(Frame))}


def test_farsta_gets_4_of_6_million_over_two_years(database, decided):
    """Scenario 1 (domain.md 13): both frames show at once what remains, the next year's before it has begun."""
    with database.transaction():
        row = decided.record()
        assert left() == {2027: 13_450_000, 2028: 4_700_000}, "nothing holds before the second person"
        deciding.confirm(decided.second, row.uid)
    with database.transaction():
        assert left() == {2027: 10_650_000, 2028: 3_500_000}
        application = decided.row()
        assert application.state == "delvis_beviljad"
        assert granting.granted_now(application) == PROPOSED
        frist = db.session().scalars(select(Deadline).where(Deadline.subject_uid == application.uid)).one()
        assert row.plan_by == frist.due_on > clock.today() + timedelta(days=27)
        booking = db.session().get_one(Booking, row.booking_id)
        assert (booking.kind, booking.matter, booking.confirmed_by_id) == ("beslut", application.uid, decided.second.id)
        assert booking.proposed_by_id == decided.secretary.id
        assert booking.decision.endswith("§\u00a014")


# --- Recording ----------------------------------------------------------------------------------------------------


def test_the_same_decision_again_is_the_same_whatever_its_uid(database, decided):
    """A form sent twice, or from two tabs."""
    with database.transaction():
        first = decided.record()
        assert decided.record(uid=first.uid).id == decided.record(paragraph="§ 14").id == first.id
        with pytest.raises(flow.Refused) as refused:
            decided.record(paragraph="15")
        assert "redan inskrivet" in said(refused)[0]
    with database.transaction():
        assert db.session().scalar(select(func.count()).select_from(GrantDecision)) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"outcome": "avslag", "amounts": {}, "motive_text": "Analysen."}, "motive"),
        ({"outcome": "avslag", "amounts": {}, "motive": "ram_slut", "motive_text": ""}, "motive_text"),
        ({"outcome": "avslag", "motive": "ram_slut"}, "amounts"),
        ({"motive_text": ""}, "motive_text"),
        ({"amounts": {2027: 0}}, "amounts"),
        ({"amounts": {2027: -1, 2028: 10}}, "amounts"),
        ({"amounts": SOUGHT}, "amounts"),
        ({"outcome": "beviljad"}, "amounts"),
        ({"outcome": "aterremiss", "amounts": {}}, "returns_to"),
        ({"paragraph": ""}, "paragraph"),
        ({"paragraph": "§"}, "paragraph"),
    ],
)
def test_what_a_decision_must_say(database, decided, facts, field):
    with database.transaction(), pytest.raises(Invalid) as wrong:
        decided.record(**facts)
    assert field in wrong.value.flat()


def test_more_than_the_frame_is_told_in_kronor(database, decided):
    with database.transaction():
        put_frame(2027, -12_000_000, "minskning")
        with pytest.raises(Over) as over:
            decided.record()
        assert said(over) == [
            "Beslutet går 1\u00a0350\u00a0000 kr över ram 2027. Ramen måste först utökas genom ett eget beslut."
        ]
    with database.transaction():
        put_frame(2027, 1_350_000)
        decided.granted()
        assert left() == {2027: 0, 2028: 3_500_000}


def test_another_decision_than_the_frozen_order_says_why(database, decided):
    with database.transaction():
        freeze(round_of(decided), [(decided.application, PROPOSED)])
        deciding.withdraw(decided.secretary, decided.record().uid, reason="Igen")
    with database.transaction():
        with pytest.raises(Invalid) as wrong:
            decided.record(amounts={2027: 4_000_000})
        assert list(wrong.value.flat()) == ["departs"]
        decided.record(amounts={2027: 4_000_000}, departs="Allt under 2027.")


def round_of(decided):
    return db.session().get_one(Round, decided.row().round_id)


def another(decided, days=1):
    """Another meeting of the same round, some days before."""
    on = clock.today() - timedelta(days=days)
    row = meetings.add_meeting(decided.secretary, uid=uuid4(), of_round=decided.round, programme=None, held_on=on)
    return meetings.move_meeting(decided.secretary, row.uid, "hall").uid


def test_a_hole_in_a_promise_is_refused_at_the_hole(database, decided):
    with database.transaction():
        gym = add_measure(decided.row(), "Utegym", number=2, owner_id=None, standard="", cost=None)
        with pytest.raises(flow.Refused) as refused:
            decided.record()
        words = "Fyll i skötsellöftet för Utegym: ansvarig, standard, driftkostnad."
        assert [(one.message, one.field) for one in refused.value.objections] == [
            (f"{words} Beslutet kan inte skrivas in innan.", f"lofte-{gym.uid}")
        ]
        db.session().execute(update(Promise).values(standard="Tillsyn", cost=0, owner_id=1))
        db.session().expire_all()
        row = decided.record()
        db.session().execute(update(Promise).where(Promise.measure_id == gym.id).values(cost=None))
        db.session().expire_all()
        with pytest.raises(flow.Refused, match="driftkostnad"):
            deciding.confirm(decided.second, row.uid)
        gym.dropped_on = clock.today()
        db.session().flush()
        deciding.confirm(decided.second, row.uid)


def test_only_the_body_of_that_day_decides(database, decided):
    """Since 2023 it is another committee (domain.md 0.1); before the programme began it is nobody."""
    with database.transaction():
        old = meetings.add_meeting(
            decided.secretary,
            uid=uuid4(),
            of_round=None,
            programme=programme().uid,
            held_on=clock.today().replace(year=2022),
        )
        now = meetings.read_meeting(decided.secretary, decided.meeting)
        assert old.organisation_id != now.organisation_id
        with pytest.raises(Invalid, match="held_on"):
            meetings.add_meeting(
                decided.secretary,
                uid=uuid4(),
                of_round=None,
                programme=programme().uid,
                held_on=clock.today().replace(year=2017),
            )
        row = decided.record()
        now.organisation_id = old.organisation_id
        db.session().flush()
        with pytest.raises(flow.Refused, match="inte rätt att besluta"):
            deciding.confirm(decided.second, row.uid)
        deciding.withdraw(decided.secretary, row.uid, reason="Fel utskott")
        with pytest.raises(flow.Refused, match="inte rätt att besluta"):
            decided.record()


def test_a_meeting_to_come_decides_nothing_and_minutes_wait_for_every_decision(database, decided):
    with database.transaction():
        on = clock.today() + timedelta(days=3)
        coming = meetings.add_meeting(
            decided.secretary, uid=uuid4(), of_round=decided.round, programme=None, held_on=on
        )
        with pytest.raises(flow.Refused, match="inte hållet än"):
            meetings.move_meeting(decided.secretary, coming.uid, "hall")
        with pytest.raises(flow.Refused, match="inte hållet"):
            decided.record(meeting=coming.uid)
        row = decided.record()
        with pytest.raises(flow.Refused, match="väntar på bekräftelse"):
            meetings.move_meeting(decided.secretary, decided.meeting, "justera", adjusted_on=clock.today())
        deciding.confirm(decided.second, row.uid)
        with pytest.raises(Invalid):
            meetings.move_meeting(decided.secretary, decided.meeting, "justera", adjusted_on=on)
        held = meetings.move_meeting(decided.secretary, decided.meeting, "justera", adjusted_on=clock.today())
        assert held.state == "justerat"


def test_a_meeting_that_was_called_off_leaves_its_day_to_another(database, decided):
    with database.transaction():
        on = clock.today() + timedelta(days=3)
        known = {"of_round": decided.round, "programme": None, "held_on": on}
        first = meetings.add_meeting(decided.secretary, uid=uuid4(), **known)
        with pytest.raises(Invalid, match="redan ett sammanträde"):
            meetings.add_meeting(decided.secretary, uid=uuid4(), **known)
        meetings.move_meeting(decided.secretary, first.uid, "stall_in", reason="För få kunde komma.")
        second = meetings.add_meeting(decided.secretary, uid=uuid4(), **known)
        meetings.move_meeting(decided.secretary, second.uid, "stall_in", reason="Flyttas.")
        meetings.add_meeting(decided.secretary, uid=uuid4(), **known)


@pytest.mark.long
def test_back_in_an_older_version_a_day_has_one_meeting_with_all_that_was_written_of_it(database, decided):
    with database.transaction():
        first = db.session().scalars(select(BodyMeeting)).one()
        row = decided.record()
        deciding.withdraw(decided.secretary, row.uid, reason="Fel dag")
        first.state = "installt"
        db.session().flush()
        known = {"of_round": decided.round, "programme": None, "held_on": first.held_on}
        second = meetings.add_meeting(decided.secretary, uid=uuid4(), **known).uid
    upgrade.downgrade(database, "core", "0043")
    upgrade.upgrade(database)
    assert upgrade.check(database) == []
    with database.transaction():
        left = db.session().scalars(select(BodyMeeting)).one()
        assert (left.uid, left.id) == (second, db.session().scalars(select(GrantDecision)).one().meeting_id)


# --- Two persons --------------------------------------------------------------------------------------------------


def test_who_recorded_does_not_confirm_nor_who_has_declared_jav(database, decided, actors):
    other = actors("slk_handlaggare", "slk")
    with database.transaction():
        row = decided.record()
        with pytest.raises(flow.Refused, match="Någon annan bekräftar"):
            deciding.confirm(decided.secretary, row.uid)
        application = decided.row()
        known = {"person_id": other.id, "reason": "Släkt", "declared_at": clock.now()}
        db.session().add(Partiality(organisation_id=application.organisation_id, **known))
        db.session().flush()
        with pytest.raises(flow.Refused, match="jäv"):
            deciding.confirm(other, row.uid)
        assert decisions.to_confirm(other, 9) == []
        assert deciding.confirm(decided.second, row.uid).state == "bekraftad"


def test_confirming_twice_books_once_and_writes_one_letter(database, decided):
    with database.transaction():
        row = decided.granted()
        version = row.version
        assert deciding.confirm(decided.second, row.uid, version=1).version == version
    with database.transaction():
        assert db.session().scalar(select(func.count()).select_from(Booking).where(Booking.kind == "beslut")) == 1
        task = db.session().scalars(select(outbox.Task).where(outbox.Task.uid == granting.letter_of(row))).one()
        assert task.payload["subject"] == f"Beslut om ansökan {decided.row().number}"
        for told in (
            "2027: 2\u00a0800\u00a0000\u00a0kr",
            "av sökta 6\u00a0050\u00a0000\u00a0kr",
            "Samråd med räddningstjänsten.",
            row.plan_by.isoformat(),
        ):
            assert told in task.payload["text"]


def test_a_board_without_a_mailbox_gets_no_letter_and_its_decision_all_the_same(database, decided):
    with database.transaction():
        organisation("sdn-farsta").contacts = ""
        db.session().flush()
        row = decided.granted()
        assert outbox.known([granting.letter_of(row)]) == frozenset()


def test_several_are_confirmed_together_or_none_of_them(database, decided):
    with database.transaction():
        first = decided.record()
        other = add_application(
            round_of(decided),
            sought={2028: 3_600_000},
            proposed={},
        )
        second = decided.record(
            uid=uuid4(), application=other.uid, outcome="beviljad", amounts={2028: 3_600_000}, motive_text=""
        )
        uids = {first.uid: None, second.uid: None}
    with pytest.raises(Over), database.transaction():
        deciding.confirm_all(decided.second, uids)
    with database.transaction():
        assert left() == {2027: 13_450_000, 2028: 4_700_000}
        put_frame(2028, 100_000)
        deciding.confirm_all(decided.second, uids)
        assert left()[2028] == 0


def test_an_application_is_not_moved_but_by_a_decision(database, decided):
    with database.transaction():
        for key in ("bevilja", "avsla", "bordlagg"):
            with pytest.raises(flow.Refused, match="sammanträdets sida"):
                applications.move_application(decided.second, decided.application, key)
        decided.granted(outcome="bordlagd", amounts={}, motive_text="")
        applications.move_application(decided.second, decided.application, "ta_upp")
        with pytest.raises(flow.Refused, match="sammanträdets sida"):
            applications.move_application(decided.second, decided.application, "bordlagg")
        row = decided.granted(meeting=another(decided))
        assert (row.state, decided.row().state) == ("bekraftad", "delvis_beviljad")


def test_what_was_sent_back_goes_where_the_meeting_sent_it(database, decided):
    with database.transaction():
        facts = {"outcome": "aterremiss", "amounts": {}, "returns_to": "utkast", "motive_text": "Pröva orsaken."}
        decided.granted(**facts)
        with pytest.raises(flow.Refused, match="till sökanden"):
            applications.move_application(decided.second, decided.application, "bedom_igen", reason="Nytt")
        applications.move_application(decided.secretary, decided.application, "skriv_om", reason="Pröva orsaken.")
        assert decided.row().state == "utkast"


def test_what_was_recorded_is_taken_back_before_it_holds(database, decided):
    with database.transaction():
        row = decided.record()
        deciding.withdraw(decided.secretary, row.uid, reason="Fel paragraf")
        with pytest.raises(flow.Refused):
            deciding.confirm(decided.second, row.uid)
        assert decided.record(paragraph="15").id != row.id


# --- Recorded wrongly ---------------------------------------------------------------------------------------------


def test_a_wrong_record_is_met_by_a_counter_booking_and_kept(database, decided):
    with database.transaction():
        row = decided.granted()
        with pytest.raises(flow.Refused, match="Ingen har begärt"):
            deciding.correct(decided.second, row.uid)
        deciding.ask_to_correct(decided.secretary, row.uid, reason="Fel belopp")
        with pytest.raises(flow.Refused, match="Någon annan"):
            deciding.correct(decided.secretary, row.uid)
        assert left()[2027] == 10_650_000, "it holds until another agrees"
        deciding.correct(decided.second, row.uid)
    with database.transaction():
        assert left() == {2027: 13_450_000, 2028: 4_700_000}
        application = decided.row()
        assert (application.state, row.state) == ("forslag", "rattad")
        back = db.session().scalars(select(Booking).where(Booking.kind == "rattelse")).one()
        assert (back.corrects_id, back.matter) == (row.booking_id, application.uid)
        assert db.session().scalar(select(func.count()).select_from(Entry).where(Entry.matter == application.uid)) == 4
        letters = db.session().scalars(select(outbox.Task.payload).where(outbox.Task.kind == "letter"))
        assert [told["subject"].split(" ")[0] for told in letters] == ["Beslut", "Rättat"]
        assert (
            db.session().scalars(select(Deadline).where(Deadline.subject_uid == application.uid)).one().state == "utgar"
        )
        again = decided.granted(amounts={2027: 1_000_000})
        assert again.plan_by is not None
        assert granting.granted_now(application) == {2027: 1_000_000}


def test_who_says_that_it_is_wrong_can_let_it_stand(database, decided):
    with database.transaction():
        row = decided.granted()
        deciding.ask_to_correct(decided.secretary, row.uid, reason="Fel belopp")
        deciding.keep(decided.secretary, row.uid)
        with pytest.raises(flow.Refused, match="Ingen har begärt"):
            deciding.correct(decided.second, row.uid)
        with pytest.raises(flow.Refused, match="Ingen har begärt"):
            deciding.keep(decided.secretary, row.uid)
        deciding.ask_to_correct(decided.secretary, row.uid, reason="Fel belopp")
        deciding.correct(decided.second, row.uid)
        with pytest.raises(flow.Refused):
            deciding.keep(decided.secretary, row.uid)
        assert row.wrong_because == "Fel belopp", "why it was corrected stays"


def test_what_is_used_is_not_corrected_away(database, decided):
    with database.transaction():
        row = decided.granted()
        use(decided.row())
        deciding.ask_to_correct(decided.secretary, row.uid, reason="Fel belopp")
        with pytest.raises(flow.Refused, match="redan bundna"):
            deciding.correct(decided.second, row.uid)


def use(application):
    known = {"uid": uuid4(), "programme": programme(), "kind": "utfall", "by": HOUSE, "matter": application.uid}
    book.post(HOUSE, lines=[book.Line(2027, "bokfort", 1_000)], **known)
