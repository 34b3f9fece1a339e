"""Commitments: taken on by the party itself, with a frist each time, kept or not with the reason."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, db, flow
from core.agreements import services
from core.agreements.limits import COMMITTED
from core.agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty, CommitmentTime
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.agreements.conftest import DAY, join, part, signed_by_all, written

pytestmark = pytest.mark.other_database_long


def propose(actor, together, code="trafik", **facts):
    known = {"kind": "underhall", "what": "Spola torget", "starts_on": clock.today(), "rrule": "FREQ=WEEKLY"} | facts
    whose = organisation(code).uid
    return services.commitments.propose(actor, Collaboration, together.uid, uid=uuid4(), organisation=whose, **known)


def frister():
    return list(db.session().scalars(select(Deadline).where(Deadline.kind == COMMITTED).order_by(Deadline.due_at)))


def times():
    return list(db.session().scalars(select(CommitmentTime).order_by(CommitmentTime.due_on)))


def test_the_leader_proposes_and_the_party_itself_takes_it_on(database, together):
    with database.transaction():
        row = propose(together.leader, together)
    with pytest.raises(flow.Refused, match="gör parten själv"), database.transaction():
        services.commitments.move_commitment(together.leader, row.uid, "ata")
    with pytest.raises(Invalid, match="din egen organisation"), database.transaction():
        propose(together.police, together)
    with database.transaction():
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
    with database.transaction():
        [frist] = frister()
        assert (frist.due_on, frist.organisation_id) == (clock.today(), row.organisation_id)


def test_each_time_is_told_as_kept_or_not_and_the_next_ones_come(database, together):
    with database.transaction():
        row = propose(together.traffic, together)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        [first] = times()
        services.commitments.tell_time(together.traffic, first.uid, kept_it=True, told="Spolat.")
        _, second = times()
        assert second.due_on == clock.today() + 7 * DAY
    with pytest.raises(Invalid, match="varför det inte hölls"), database.transaction():
        services.commitments.tell_time(together.traffic, second.uid, kept_it=False, told="")
    with pytest.raises(flow.Refused, match="gör parten själv"), database.transaction():
        services.commitments.tell_time(together.leader, second.uid, kept_it=True, told="Det är gjort.")
    with clock.frozen(clock.now() + 8 * DAY), database.transaction():
        services.commitments.tell_time(together.traffic, second.uid, kept_it=False, told="Bilen var trasig.")
        services.commitments.make_commitment_times()
        services.commitments.make_commitment_times()
    with database.transaction():
        about = services.collaborations.read_collaboration(together.police, together.uid)
        [told] = services.commitments.commitments_of(together.police, about)
        assert (told.kept, told.missed, told.next) == (1, 1, clock.today() + 14 * DAY)
        assert [one.state for one in frister()] == ["klar", "utgar", "oppen"]


def test_what_is_done_once_has_a_day_and_a_rule_is_one_that_gives_days(database, together):
    with pytest.raises(Invalid, match="när det ska vara gjort"), database.transaction():
        propose(together.traffic, together, rrule="")
    with pytest.raises(Invalid, match="RFC 5545"), database.transaction():
        propose(together.traffic, together, rrule="FREQ=NU")
    with database.transaction():
        row = propose(together.traffic, together, rrule="", due_on=clock.today() + 10 * DAY)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        [frist] = frister()
        assert frist.due_on == row.due_on


def test_a_rhythm_has_a_time_to_come_before_its_last_day(database, together):
    today = clock.today()
    with pytest.raises(Invalid, match="före den första"), database.transaction():
        propose(together.traffic, together, due_on=today - 300 * DAY)
    with pytest.raises(Invalid, match="Inget tillfälle kommer"), database.transaction():
        propose(together.traffic, together, starts_on=today - 30 * DAY, due_on=today - DAY)
    with database.transaction():
        row = propose(together.traffic, together, due_on=today + 6 * DAY)
    ended = pytest.raises(flow.Refused, match="Inget tillfälle")
    with clock.frozen(clock.now() + 8 * DAY), ended, database.transaction():
        services.commitments.move_commitment(together.traffic, row.uid, "ata")


def test_ended_it_waits_for_nothing_and_keeps_its_history(database, together):
    with database.transaction():
        row = propose(together.traffic, together)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        services.commitments.tell_time(together.traffic, times()[0].uid, kept_it=True, told="")
        services.commitments.move_commitment(together.traffic, row.uid, "avsluta", reason="Torget byggs om.")
    with database.transaction():
        assert [one.kept for one in times()] == [True]
        assert [one.state for one in frister()] == ["klar", "utgar"]


def test_one_time_waits_at_once_and_what_nobody_told_of_stays_late(database, together):
    with database.transaction():
        row = propose(together.traffic, together)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
    with clock.frozen(clock.now() + 15 * DAY), database.transaction():
        services.commitments.make_commitment_times()
        late = [one for one in frister() if one.due_at < clock.now()]
        assert (len(late), len(frister())) == (3, 4)


def test_an_organisation_reads_on_its_own_page_what_it_has_promised(database, together, client):
    with database.transaction():
        row = propose(together.traffic, together)
        home = organisation("trafik").uid
        assert services.commitments.promised_by(together.traffic, home) == [], "it is no promise yet"
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        [time] = services.commitments.promised_by(together.traffic, home)
        assert services.commitments.promised_by(together.traffic, organisation("sdn-farsta").uid) == []
    client.login(together.traffic)
    shown = client.get("/vart-arbete").text
    assert "Det här har vi åtagit oss" in shown
    assert f"/ataganden/{row.uid}" in shown
    assert f"Senast {time.due_on}. Farsta torg" in shown, "and in what"


def test_what_a_party_promised_ends_when_it_leaves(database, together):
    with database.transaction():
        row = propose(together.traffic, together)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        waits = propose(together.leader, together, what="Laga bänken")
        about = services.collaborations.read_collaboration(together.leader, together.uid)
        services.parties.leave(
            together.leader, CollaborationParty, part(together.traffic, about).uid, reason="Har inget ansvar här."
        )
        assert (row.state, waits.state) == ("avslutat", "avbojt")
        assert ([one.state for one in frister()], times()) == (["utgar"], [])


def promise(actor, row, code, **facts):
    known = {"kind": "underhall", "what": "Laga bänken", "starts_on": clock.today(), "rrule": ""} | facts
    whose = organisation(code).uid
    return services.commitments.propose(actor, Agreement, row.uid, uid=uuid4(), organisation=whose, **known)


def test_nobody_is_bound_by_an_agreement_that_it_left_before_it_was_signed(database, together):
    with database.transaction():
        row = written(together.leader)
        join(together.leader, Agreement, row.uid, "trafik")
        commit = promise(together.traffic, row, "trafik", due_on=clock.today() + DAY)
        services.parties.leave(together.traffic, AgreementParty, part(together.traffic, row).uid, reason="Ej vår gata.")
        assert (commit.state, services.texts.gathered(row)["commitments"]) == ("avbojt", [])


def test_what_was_proposed_in_a_draft_is_declined_until_the_text_stands(database, together):
    with database.transaction():
        row = written(together.leader)
        wrong = promise(together.police, row, "polis-farsta", due_on=clock.today())
        right = promise(together.police, row, "polis-farsta", what="Patrull", due_on=clock.today())
        services.commitments.move_commitment(together.police, wrong.uid, "avboj", reason="Fel torg.")
        assert [one["what"] for one in services.texts.gathered(row)["commitments"]] == ["Patrull"]
    with pytest.raises(flow.Refused, match="när parterna har signerat"), database.transaction():
        services.commitments.move_commitment(together.police, right.uid, "ata")
    with database.transaction():
        signed_by_all(together.leader, together.police, row)
    with pytest.raises(flow.Refused, match="ligger fast"), database.transaction():
        services.commitments.move_commitment(together.police, wrong.uid, "ta_upp_igen", reason="Rätt torg.")


def test_the_next_edition_takes_along_what_is_still_to_be_done(database, together):
    with database.transaction():
        row = written(together.leader)
        bench, _ = (
            promise(together.police, row, "polis-farsta", what=what, due_on=clock.today())
            for what in ("Laga bänken", "Måla bänken")
        )
        promise(together.police, row, "polis-farsta", what="Patrull", rrule="FREQ=WEEKLY")
        signed_by_all(together.leader, together.police, row)
        [done] = services.commitments.times_of(together.police, bench)
        services.commitments.tell_time(together.police, done.uid, kept_it=True, told="")
        after = services.signing.begin_next(together.leader, row.uid, uid=uuid4())
        promised = services.texts.gathered(after)["commitments"]
        assert [one["what"] for one in promised] == ["Måla bänken", "Patrull"]
