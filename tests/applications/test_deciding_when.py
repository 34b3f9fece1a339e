"""When a meeting can decide of an application, and that one decision waits at a time (domain.md 1.3)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import clock, db, flow, upgrade
from core.applications import steps_news
from core.applications.models import BodyMeeting, GrantDecision
from core.applications.services import deciding, decisions, granting, meetings
from core.schema import Invalid
from tests.applications.deciding import DAY, programme
from tests.applications.test_deciding import another, round_of, said


def test_nothing_is_decided_before_the_round_has_closed_and_its_order_is_frozen(database, decided):
    """A meeting of long ago neither is laid up for the round nor decides of it, whoever decided then."""
    with database.transaction():
        last, frozen = clock.today() - timedelta(days=30), clock.today() - timedelta(days=3)
        for days in (5 * 365, 31):
            with pytest.raises(Invalid) as wrong:
                another(decided, days)
            assert "held_on" in wrong.value.flat()
        assert str(last) in str(wrong.value.flat())
        early = meetings.read_meeting(decided.secretary, another(decided, days=4))
        round_of(decided).frozen_at = clock.now() - timedelta(days=3)
        db.session().flush()
        with pytest.raises(Invalid) as wrong:
            another(decided, days=5)
        assert str(frozen) in str(wrong.value.flat())
        with pytest.raises(flow.Refused) as refused:
            decided.record(meeting=early.uid)
        assert [str(frozen) in str(text) for text in said(refused)] == [True]
        row = decided.record()
        meetings.read_meeting(decided.secretary, decided.meeting).held_on = last - timedelta(days=1)
        db.session().flush()
        with pytest.raises(flow.Refused) as refused:
            deciding.confirm(decided.second, row.uid)
        assert str(last) in str(said(refused)[0])


def test_of_an_application_one_decision_waits_at_a_time(database, decided):
    """In whatever meeting; and when the application waits for none any more, what was recorded holds nobody up."""
    with database.transaction():
        other, row = another(decided), decided.record()
        with pytest.raises(flow.Refused) as refused:
            decided.record(meeting=other)
        assert ["väntar på bekräftelse" in str(text) for text in said(refused)] == [True]
        (item,) = meetings.items_of(decided.secretary, meetings.read_meeting(decided.secretary, other))
        assert (item.decision, item.elsewhere.id) == (None, row.id)
        assert [one.id for one in decisions.to_confirm(decided.second, 9)] == [row.id]
        decided.row().state = "under_bedomning"
        db.session().flush()
        assert decisions.to_confirm(decided.second, 9) == []
        decided.row().state = "forslag"
        deciding.withdraw(decided.secretary, row.uid, reason="Fel sammanträde")
        assert decided.record(meeting=other).id != row.id


def to_record(decided):
    """Where the secretary's Att göra leads to record decisions."""
    return [one.link for one in steps_news.todos(decided.secretary, 9) if one.key.startswith("applications:besluta:")]


def test_a_decision_waits_to_be_recorded_from_the_day_of_the_meeting_and_is_led_to_there(database, decided):
    """Not from the day that the order is frozen, which is weeks before; nor by an order that is written on."""
    with database.transaction():
        row = db.session().scalars(select(BodyMeeting)).one()
        page = f"/sammantraden/{row.uid}"
        row.state, row.held_on = "planerat", clock.today() + timedelta(days=1)
        db.session().flush()
        assert to_record(decided) == []
        row.held_on = clock.today()
        db.session().flush()
        assert to_record(decided) == [page], "where it is first said that it was held"
        meetings.move_meeting(decided.secretary, row.uid, "hall")
        assert to_record(decided) == [f"{page}/beslut/{decided.application}"]
        for facts in ({"state": "bereds"}, {"state": "fryst", "frozen_at": clock.now() + timedelta(days=2)}):
            for name, value in facts.items():
                setattr(round_of(decided), name, value)
            db.session().flush()
            assert to_record(decided) == [], "its order was frozen again, after the meeting"


def test_what_was_decided_yesterday_is_recorded_of_that_meeting_though_the_next_one_is_today(database, decided):
    """The day and body of the meeting stand in the letter and in the book."""
    with database.transaction():
        first = meetings.read_meeting(decided.secretary, decided.meeting)
        first.held_on -= DAY
        db.session().flush()
        facts = {"of_round": decided.round, "programme": None, "held_on": clock.today()}
        meetings.add_meeting(decided.secretary, uid=uuid4(), **facts)
        assert to_record(decided) == [f"/sammantraden/{decided.meeting}/beslut/{decided.application}"]


def test_what_a_meeting_put_off_waits_for_the_next_one(client, database, decided):
    """Recorded it waits for nobody who records; taken up again it is the next meeting's, whatever round that is of."""
    with database.transaction():
        row = decided.record(outcome="bordlagd", amounts={})
        assert to_record(decided) == []
        deciding.confirm(decided.second, row.uid)
        decided.row().state = "forslag"
        db.session().flush()
        assert to_record(decided) == []
        facts = {"of_round": None, "programme": programme().uid, "held_on": clock.today() + timedelta(days=1)}
        of_programme = meetings.add_meeting(decided.secretary, uid=uuid4(), **facts)
        db.session().scalars(select(BodyMeeting).where(BodyMeeting.uid == decided.meeting)).one().held_on -= 2 * DAY
        of_programme.held_on -= DAY
        db.session().flush()
        meetings.move_meeting(decided.secretary, of_programme.uid, "hall")
        [link] = to_record(decided)
        assert link == f"/sammantraden/{of_programme.uid}/beslut/{decided.application}"
    client.login(decided.secretary)
    assert client.get(link).status_code == 200


@pytest.mark.long
def test_a_paragraph_kept_with_its_sign_loses_it_and_is_shown_with_one(database, decided):
    with database.transaction():
        uid = decided.record().uid
        decided.row().decided_paragraph = "12 a"
    upgrade.downgrade(database, "core", "0050")
    with database.transaction():
        db.session().execute(update(GrantDecision).values(paragraph="§\u00a014"))
        assert granting.reference(decisions.read_decision(decided.secretary, uid)).endswith(" §\u00a014")
        decided.row().decided_paragraph = "Paragraf 12 a §"
    upgrade.upgrade(database)
    assert upgrade.check(database) == []
    with database.transaction():
        assert decisions.read_decision(decided.secretary, uid).paragraph == "14"
        assert decided.row().decided_paragraph == "12 a"
