"""Platssamverkan: led by a stadsdelsnämnd, parties write their own part, phases with gates, meetings in time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import access, clock, db, flow
from core.agreements import services
from core.agreements.limits import DECIDED, EVALUATE_12, EVALUATE_24, NEXT_MEETING
from core.agreements.models import Collaboration, CollaborationParty, MeetingCarried
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.agreements.conftest import DAY, agreed, begin, decide, held, join, meeting, organised, said

pytestmark = pytest.mark.other_database_long

WEEKS = 4


def frister(kind):
    rows = select(Deadline).where(Deadline.kind == kind).order_by(Deadline.id)
    return list(db.session().scalars(rows))


def test_it_is_led_by_a_stadsdelsnamnd_and_begun_once(database, scene, actors):
    leader, traffic = actors("sdn_samordnare", "sdn-farsta"), actors("tk_drift", "trafik")
    with pytest.raises(Invalid, match="leds av en stadsdelsnämnd"), database.transaction():
        begin(leader, scene.place, organisation="trafik")
    with pytest.raises(Invalid, match="som du leder"), database.transaction():
        begin(leader, scene.place, organisation="sdn-skarpnack")
    with pytest.raises(access.Denied), database.transaction():
        begin(traffic, scene.place)
    with database.transaction():
        row = begin(leader, scene.place)
        [party] = services.parties.parties_of(leader, row)
    assert (row.number, row.state, party.role) == ("PS-00001", "initierad", "drivande")


def test_no_meeting_is_before_the_beginning_and_nothing_is_to_be_done_before_its_meeting(database, together):
    with pytest.raises(Invalid, match="Farsta torg började"), database.transaction():
        meeting(together, days=-91)
    with database.transaction():
        row = held(together, days=-20)
    with pytest.raises(Invalid, match="Mötet är"), database.transaction():
        decide(together, row, days=-21)
    with database.transaction():
        decide(together, row, days=-20)


def test_one_that_was_begun_by_mistake_is_laid_down_and_nobody_owes_it_anything(database, together):
    move = services.collaborations.move_collaboration
    with database.transaction():
        decide(together, held(together))
        services.ending.end_collaboration(together.leader, together.uid, "lagg_ned", reason="Fel plats.")
        row = services.collaborations.read_collaboration(together.police, together.uid)
        assert (row.state, row.ended_on) == ("nedlagd", clock.today())
        assert [one.state for one in frister(DECIDED)] == ["utgar"]
    with database.transaction():
        move(together.leader, together.uid, "ta_upp_igen", reason="Rätt plats ändå.")
        agreed(together)
    with pytest.raises(flow.Refused), database.transaction():
        move(together.leader, together.uid, "lagg_ned", reason="Vi har kommit överens.")


@pytest.mark.parametrize("role", ["fastighetsagare_ext", "fof_samordnare", "namndsekr"])
def test_a_party_reads_and_writes_its_own_part_whatever_its_role_and_others_see_it_missing(
    database, together, actors, role
):
    code = {"fastighetsagare_ext": "demo-fastighetsagare", "fof_samordnare": "fof-jarva"}.get(role, "kultur")
    outside = actors(role, code)
    read = services.collaborations.read_collaboration
    with pytest.raises(access.Missing), database.transaction():
        read(outside, together.uid)
    with database.transaction():
        party = join(together.leader, Collaboration, together.uid, code)
        assert read(outside, together.uid).name == "Farsta torg"
        services.parties.change_party(outside, CollaborationParty, party.uid, mandate="Ordförande", hours=2)
        theirs = services.parties.own_party(together.police, read(together.police, together.uid))
    with pytest.raises(access.Denied, match="agreement:lead"), database.transaction():
        services.parties.change_party(outside, CollaborationParty, theirs.uid, mandate="Någon annan")
    with database.transaction():
        services.parties.leave(outside, CollaborationParty, party.uid, reason="Vi flyttar.")
    with pytest.raises(access.Missing), database.transaction():
        read(outside, together.uid)


def test_its_gates(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        row = begin(leader, scene.place, vision="")
        services.collaborations.move_collaboration(leader, row.uid, "kartlagg")
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.collaborations.move_collaboration(leader, row.uid, "organisera")
    assert said(refused) == [
        "Skriv visionen: hur ska det vara när ni har lyckats?",
        "Lägg till parter. Det behövs minst 2.",
    ]


def test_a_styrgrupp_comes_before_the_agreement_and_then_the_evaluations_have_their_days(database, together):
    with database.transaction():
        organised(together)
    with pytest.raises(flow.Refused, match="styrgrupp"), database.transaction():
        services.collaborations.move_collaboration(together.leader, together.uid, "kom_overens")
    with database.transaction():
        services.collaborations.move_collaboration(together.leader, together.uid, "backa_nulage", reason="Om igen.")
        agreed_on = clock.today()
        services.collaborations.move_collaboration(together.leader, together.uid, "organisera")
        facts = {"kind": "styrgrupp", "name": "Styrgruppen", "members": []}
        services.collaborations.add_group(together.leader, together.uid, uid=uuid4(), **facts)
        services.collaborations.move_collaboration(together.leader, together.uid, "kom_overens")
        [first], [second] = frister(EVALUATE_12), frister(EVALUATE_24)
    assert first.due_on - agreed_on >= timedelta(days=365)
    assert second.due_on - first.due_on >= timedelta(days=360)
    with database.transaction():
        for key in ("satt_igang", "utvardera"):
            services.collaborations.move_collaboration(together.leader, together.uid, key)
        services.collaborations.move_collaboration(together.leader, together.uid, "fornya", reason="Det hjälper.")
    with database.transaction():
        assert [frister(kind)[0].state for kind in (EVALUATE_12, EVALUATE_24)] == ["klar", "oppen"]


def test_nobody_else_sits_in_its_groups_and_protected_places_are_not_named(database, together):
    with pytest.raises(Invalid, match="bland parterna"), database.transaction():
        facts = {"kind": "arbetsgrupp", "name": "Ljus", "members": [uuid4()]}
        services.collaborations.add_group(together.leader, together.uid, uid=uuid4(), **facts)
    with pytest.raises(Invalid, match="minst en plats"), database.transaction():
        services.collaborations.change_collaboration(together.leader, together.uid, version=None, places=[])


def test_a_group_is_added_again_as_it_was_or_refused(database, together):
    facts = {"uid": uuid4(), "kind": "styrgrupp", "members": []}
    add = services.collaborations.add_group
    with database.transaction():
        made = add(together.leader, together.uid, name="Styrgruppen", **facts)
        assert add(together.leader, together.uid, name="Styrgruppen", **facts) is made
    with pytest.raises(db.Conflict), database.transaction():
        add(together.leader, together.uid, name="En annan", **facts)


def test_what_has_ended_keeps_its_groups_as_they_were(database, together):
    with database.transaction():
        agreed(together)
        about = services.collaborations.read_collaboration(together.leader, together.uid)
        [group] = services.collaborations.groups_of(together.leader, about)
        for key, reason in (("satt_igang", ""), ("utvardera", ""), ("avveckla", "Klart."), ("avsluta", "Klart.")):
            services.collaborations.move_collaboration(together.leader, together.uid, key, reason=reason)
    with pytest.raises(flow.Refused, match="avslutat"), database.transaction():
        services.collaborations.change_group(together.leader, group.group.uid, members=[], name="Ett annat")


# --- Meetings -----------------------------------------------------------------------------------------------------


def test_the_next_meeting_has_a_frist_that_each_meeting_meets(database, together):
    with database.transaction():
        organised(together)
        [first] = frister(NEXT_MEETING)
    assert (first.due_on - clock.today()).days == WEEKS * 7
    with database.transaction():
        row = held(together)
        before, after = frister(NEXT_MEETING)
    assert (before.state, after.state, after.subject_uid) == ("klar", "oppen", row.uid)
    with clock.frozen(clock.now() + 40 * DAY), database.transaction():
        assert after.due_at < clock.now()
        second = held(together)
        services.meetings.move_meeting(together.leader, second.uid, "oppna_igen", reason="Fel dag.")
    with database.transaction():
        assert [one.state for one in frister(NEXT_MEETING)] == ["klar", "oppen", "utgar"]


def test_another_rhythm_moves_the_frist_of_the_next_meeting(database, together):
    with database.transaction():
        organised(together)
        held(together)
        services.collaborations.change_collaboration(together.leader, together.uid, version=None, meeting_weeks=3)
        assert (frister(NEXT_MEETING)[-1].due_on - clock.today()).days == 3 * 7


def test_a_meeting_moved_to_before_a_decision_does_not_take_it_up(database, together):
    with database.transaction():
        decide(together, held(together))
        row = meeting(together, 7)
        carried = select(func.count()).select_from(MeetingCarried).where(MeetingCarried.meeting_id == row.id)
        assert db.session().scalar(carried) == 1
        services.meetings.write_minutes(together.leader, row.uid, held_at=clock.now() - 7 * DAY)
        assert db.session().scalar(carried) == 0


def test_a_meeting_is_held_when_it_has_been_with_minutes_and_who_was_there(database, together):
    with database.transaction():
        row = meeting(together, days=3)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.meetings.move_meeting(together.leader, row.uid, "halla")
    assert said(refused) == [
        "Mötet har inte varit än.",
        "Skriv minnesanteckningarna.",
        "Skriv vilka som var med.",
    ]
    with pytest.raises(Invalid, match="bland dem som är med"), database.transaction():
        services.meetings.write_minutes(together.leader, row.uid, present={organisation("kultur").uid: "Chef"})


def test_what_is_decided_and_not_done_comes_along_to_the_next_meeting_until_it_is(database, together):
    with database.transaction():
        first = held(together, days=-20)
        lamps, bins = decide(together, first), decide(together, first, text="Fler papperskorgar")
        second = meeting(together, days=-5)
        services.decisions.move_decision(together.traffic, lamps.uid, "gor", reason="Bytt 12 lyktor.")
        third = meeting(together, days=10)
    with database.transaction():
        at_second = [one.decision.text for one in services.decisions.carried_to(together.police, second)]
        at_third = [(one.number, one.decision.text) for one in services.decisions.carried_to(together.police, third)]
    assert at_second == ["Laga lyktorna", "Fler papperskorgar"]
    assert at_third == [("1.2", "Fler papperskorgar")]
    assert bins.state == "oppet"


def test_a_decision_is_done_by_whose_it_is_and_is_red_after_a_fortnight(database, together):
    with database.transaction():
        row = decide(together, held(together), days=1)
        [frist] = frister(DECIDED)
    assert (frist.organisation_id, frist.due_on) == (row.organisation_id, clock.today() + DAY)
    with pytest.raises(flow.Refused, match="av den som ska göra det"), database.transaction():
        services.decisions.move_decision(together.police, row.uid, "gor")
    for days, tone in ((1, "info"), (5, "warning"), (14, "warning"), (15, "danger")):
        with clock.frozen(clock.now() + days * DAY):
            assert services.decisions.standing_of(row).tone == tone, days
    with database.transaction():
        services.decisions.move_decision(together.traffic, row.uid, "gor", reason="Klart.")
    with database.transaction():
        assert frister(DECIDED)[0].state == "klar"


def test_a_decision_with_somebody_has_a_day_and_the_somebody_is_a_party(database, together):
    with database.transaction():
        row = held(together)
        traffic, culture = organisation("trafik").uid, organisation("kultur").uid
    known = {"uid": uuid4(), "text": "Laga", "organisation": traffic}
    with pytest.raises(Invalid, match="när det ska vara klart"), database.transaction():
        services.decisions.add_decision(together.leader, row.uid, **known)
    known["organisation"] = culture
    with pytest.raises(Invalid, match="en av parterna"), database.transaction():
        services.decisions.add_decision(together.leader, row.uid, **known, due_on=clock.today())


def test_nothing_waits_when_it_has_ended(database, together):
    with database.transaction():
        agreed(together)
        last = held(together)
        for key in ("satt_igang", "utvardera"):
            services.collaborations.move_collaboration(together.leader, together.uid, key)
        for key in ("avveckla", "avsluta"):
            services.collaborations.move_collaboration(together.leader, together.uid, key, reason="Målet är nått.")
        states = {frist.state for kind in (NEXT_MEETING, EVALUATE_12, EVALUATE_24) for frist in frister(kind)}
    assert states == {"utgar", "klar"}
    with pytest.raises(flow.Refused, match="avslutat"), database.transaction():
        meeting(together)
    with pytest.raises(flow.Refused, match="avslutat"), database.transaction():
        services.decisions.add_decision(together.leader, last.uid, uid=uuid4(), text="För sent")
