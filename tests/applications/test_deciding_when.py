"""When a meeting can decide of an application, and that one decision waits at a time (domain.md 1.3)."""

from datetime import timedelta

import pytest

from core import clock, db, flow
from core.applications.services import deciding, decisions, meetings
from core.schema import Invalid
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
