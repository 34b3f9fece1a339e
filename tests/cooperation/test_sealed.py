"""The sealed door (X7): a party's own picture is read by nobody else before all are in or the time is out."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import select

from core import access, clock, db, flow
from core.cooperation import services
from core.cooperation.models import ReportDrawing, ReportEvidence, ReportSection, SituationReport
from core.db import session
from core.journal import JournalDetail, JournalLine
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.cooperation.conftest import asked_for, hand_in, write

MARK = "Zonmarkör"


@pytest.fixture
def sealed(database, together):
    """Trafiknämnden has handed in a picture that says MARK in every part, and the police has one as a draft."""
    with database.transaction():
        asked_for(together)
        uid = write(together.traffic, together.cycle, MARK)
        figure = {"kind": "polisstatistik", "what": MARK, "first_on": date(2026, 1, 1), "last_on": date(2026, 6, 30)}
        services.add_evidence(together.traffic, uid, evidence=uuid4(), source=MARK, value=3.5, unit="fall", **figure)
        shape = MultiPolygon([box(676_000, 6_571_000, 676_050, 6_571_050)])
        services.draw(together.traffic, uid, drawing=uuid4(), kind="otrygg", label=MARK, geom=shape)
        services.move_picture(together.traffic, uid, "lamna_in")
        write(together.police, together.cycle, MARK, key="behov")
    return uid


def everything_read_by(actor):
    """All that the row rules let somebody read of pictures, as text."""
    told = []
    for model in (SituationReport, ReportSection, ReportEvidence, ReportDrawing):
        rows = session().scalars(access.visible(select(model), actor))
        told += [" ".join(str(getattr(row, column.key, "")) for column in model.__table__.columns) for row in rows]
    return "\n".join(told)


def others(together, actors):
    """Whoever is not of trafiknämnden nor the police: leader, city, auditor, house, and those above both."""
    city = [actors(role, "slk") for role in ("slk_handlaggare", "arkivarie", "dso", "sysadmin", "chef")]
    above = [actors("revisor", "kf"), actors("forv_chef", "kf"), access.system("test"), access.NOBODY]
    return [together.leader, *city, *above]


def test_nobody_else_reads_a_word_before_the_opening(database, together, sealed, actors):
    closed_out = others(together, actors)
    with database.transaction():
        assert MARK in everything_read_by(together.traffic)
        for other in closed_out:
            assert MARK not in everything_read_by(other), other
    for other in closed_out:
        with pytest.raises((access.Missing, access.Denied)), database.transaction():
            services.read_picture(other, sealed)


def test_that_somebody_has_handed_in_is_told_and_no_more(database, together, sealed):
    with database.transaction():
        found = services.read_cycle(together.leader, together.cycle)
        told = services.handed_in(together.leader, found, services.parties_of(together.leader, found))
    assert {one.party.organisation.code: one.state for one in told} == {
        "sdn-farsta": "utkast",
        "trafik": "inlamnad",
        "polis-jarva": "utkast",
    }


def test_journal_and_frister_know_nothing_of_it(database, together, sealed):
    with database.transaction():
        lines = list(session().scalars(select(JournalLine)))
        details = json.dumps([detail.detail for detail in session().scalars(select(JournalDetail))], default=str)
        frister = [str(vars(row)) for row in session().scalars(select(Deadline))]
    assert lines
    assert MARK not in details
    assert frister
    assert not any(MARK in row for row in frister)


def test_the_last_one_in_opens_them_all(database, together, sealed):
    with database.transaction():
        hand_in(together.police, together.cycle, MARK + "2")
    with database.transaction():
        assert services.own_picture(together.leader, services.read_cycle(together.leader, together.cycle))
        assert MARK not in everything_read_by(together.leader)
        hand_in(together.leader, together.cycle, "Ljust.")
    with database.transaction():
        found = services.read_cycle(together.leader, together.cycle)
        assert services.is_open(found)
        assert len(services.opened_pictures(together.police, found)) == 3
        assert MARK in everything_read_by(together.leader)


def test_the_time_opens_what_is_handed_in_and_no_draft(database, together, sealed):
    with clock.frozen(clock.now() + timedelta(days=14, seconds=-1)), database.transaction():
        assert MARK not in everything_read_by(together.leader)
    with clock.frozen(clock.now() + timedelta(days=14)), database.transaction():
        found = services.read_cycle(together.leader, together.cycle)
        assert [one.report.organisation.code for one in services.opened_pictures(together.leader, found)] == [
            "sdn-farsta",
            "trafik",
        ]
        services.open_when_time_is_out()
        assert services.events_of(together.leader, found)[0].kind == "oppnad"
    with clock.frozen(clock.now() + timedelta(days=15)), database.transaction():
        hand_in(together.police, together.cycle, "Som ni.")
        assert services.cycles.opened_since(found) == found.opens_at
        told = services.handed_in(together.leader, found, services.parties_of(together.leader, found))
        late = [one.party.organisation.code for one in told if one.afterwards]
        assert late == ["polis-jarva"], "who wrote when the others' were open is told of"


def test_the_opening_is_not_moved_nearer_once_promised(database, together, sealed):
    sooner, later = clock.now() + timedelta(days=3), clock.now() + timedelta(days=30)
    with pytest.raises(Invalid, match="framåt"), database.transaction():
        services.change_cycle(together.leader, together.cycle, version=None, opens_at=sooner)
    with database.transaction():
        services.change_cycle(together.leader, together.cycle, version=None, opens_at=later)
    with clock.frozen(clock.now() + timedelta(days=15)), database.transaction():
        assert MARK not in everything_read_by(together.leader)


def test_who_drives_it_opens_nothing_sooner_by_taking_a_party_out(database, together, sealed):
    with database.transaction():
        hand_in(together.leader, together.cycle)
        found = services.read_cycle(together.police, together.cycle)
        party = services.own_party(together.police, found).uid
        services.leave(together.leader, party, reason="De svarar inte.")
    with database.transaction():
        found = services.read_cycle(together.leader, together.cycle)
        assert not services.is_open(found)
        assert MARK not in everything_read_by(together.leader)
    with clock.frozen(clock.now() + timedelta(days=14)), database.transaction():
        assert MARK in everything_read_by(together.leader), "the time opens them"


def test_who_leaves_by_itself_is_waited_for_no_more(database, together, sealed):
    with database.transaction():
        hand_in(together.leader, together.cycle)
        found = services.read_cycle(together.police, together.cycle)
        services.leave(together.police, services.own_party(together.police, found).uid, reason="Annat går före.")
        assert services.is_open(services.read_cycle(together.leader, together.cycle))


def test_the_promise_holds_when_the_cycle_goes_back_to_its_first_step(database, together, sealed):
    with database.transaction():
        services.move_cycle(together.leader, together.cycle, "tillbaka_1", reason="Beslutet ska göras om.")
    for nearer in (clock.now() + timedelta(minutes=1), None):
        with pytest.raises(Invalid, match="framåt"), database.transaction():
            services.change_cycle(together.leader, together.cycle, version=None, opens_at=nearer)
    with clock.frozen(clock.now() + timedelta(days=15)), database.transaction():
        services.open_when_time_is_out()
        cycle = services.move_cycle(together.leader, together.cycle, "begar_lagesbilder")
        assert cycle.opened_at == clock.now()


def test_a_time_that_went_by_before_anybody_was_asked_is_given_anew(database, together):
    after = clock.now() + timedelta(days=15)
    with clock.frozen(after), database.transaction():
        later = after + timedelta(days=14)
        services.change_cycle(together.leader, together.cycle, version=None, opens_at=later)
        assert asked_for(together).state == "lagesbild"


def test_the_frist_follows_an_opening_that_is_put_off(database, together, sealed):
    later = clock.now() + timedelta(days=30)
    with database.transaction():
        services.change_cycle(together.leader, together.cycle, version=None, opens_at=later)
        services.move_picture(together.traffic, sealed, "skriv_om", reason="Ett tal var fel.")
    with database.transaction():
        frister = list(session().scalars(select(Deadline).where(Deadline.kind == "core:egen_lagesbild")))
        assert [(row.state, row.due_at) for row in frister] == [("oppen", later)] * 3


def test_who_leaves_and_comes_back_is_asked_again(database, together, sealed):
    with database.transaction():
        found = services.read_cycle(together.police, together.cycle)
        party = services.own_party(together.police, found)
        services.leave(together.police, party.uid, reason="Annat går före.")
        whose = {"organisation": party.organisation.uid, "role": "medverkande", "mandate": "Samordnare"}
        services.add_party(together.leader, together.cycle, **whose)
    with database.transaction():
        rows = select(Deadline.state).where(Deadline.kind == "core:egen_lagesbild")
        states = session().scalars(rows.where(Deadline.organisation_id == together.police.organisation))
        assert list(states) == ["oppen"]


def test_what_is_handed_in_is_not_changed_and_taken_back_only_while_sealed(database, together, sealed):
    with pytest.raises(flow.Refused, match="inlämnad"), database.transaction():
        services.write_section(together.traffic, sealed, "behov", text="Mer.")
    again = clock.now() + timedelta(days=2)
    with clock.frozen(again), database.transaction():
        services.move_picture(together.traffic, sealed, "skriv_om", reason="Ett tal var fel.")
        assert services.move_picture(together.traffic, sealed, "lamna_in").handed_in_at == again
    opened = clock.now() + timedelta(days=15)
    with clock.frozen(opened), pytest.raises(flow.Refused, match="öppnade"), database.transaction():
        services.move_picture(together.traffic, sealed, "skriv_om", reason="Nu ser vi de andras.")


def test_what_is_drawn_again_is_the_same_and_another_shape_under_its_uid_is_refused(database, together):
    one, other = (MultiPolygon([box(676_000, 6_571_000, 676_000 + side, 6_571_050)]) for side in (50, 90))
    known = {"drawing": uuid4(), "kind": "otrygg", "label": "Trappan"}
    with database.transaction():
        asked_for(together)
        uid = write(together.traffic, together.cycle, "Mörkt")
        made = services.draw(together.traffic, uid, geom=one, **known)
        assert services.draw(together.traffic, uid, geom=one, **known).id == made.id
        with pytest.raises(db.Conflict):
            services.draw(together.traffic, uid, geom=other, **known)


@pytest.mark.parametrize(
    "shape",
    [{"outline": "6571500 676500", "radius_m": "20"}, {"outline": "6571500 676500\n6571500 676520\n6571520 676510"}],
)
def test_a_point_with_a_radius_and_three_corners_are_drawn(database, together, client, shape):
    with database.transaction():
        asked_for(together)
        uid = write(together.traffic, together.cycle, "Mörkt")
    client.login(together.traffic)
    here = f"/lagesbilder/{uid}"
    asked = {"kind": "otrygg", "label": "Trappan", "system": "sweref99tm", "uid": str(uuid4())} | shape
    assert client.submit(f"{here}/karta", asked, page=here).status_code == 303
    assert "Trappan" in client.get(here).text


def test_an_empty_picture_is_not_handed_in_but_waived_with_a_reason(database, together):
    with database.transaction():
        asked_for(together)
        found = services.read_cycle(together.police, together.cycle)
        uid = services.own_picture(together.police, found).report.uid
    with pytest.raises(flow.Refused, match="Skriv i minst ett avsnitt"), database.transaction():
        services.move_picture(together.police, uid, "lamna_in")
    with database.transaction():
        report = services.move_picture(together.police, uid, "avsta", reason="Vi har inget nytt.")
        hand_in(together.traffic, together.cycle)
        hand_in(together.leader, together.cycle)
        found = services.read_cycle(together.police, together.cycle)
    assert report.state == "avstar"
    assert services.is_open(found)


def test_who_is_asked_has_a_frist_that_ends_when_she_hands_in(database, together):
    with database.transaction():
        asked_for(together)
    with database.transaction():
        frister = list(session().scalars(select(Deadline).where(Deadline.kind == "core:egen_lagesbild")))
        assert len(frister) == 3
        hand_in(together.police, together.cycle)
    with database.transaction():
        states = sorted(session().scalars(select(Deadline.state).where(Deadline.kind == "core:egen_lagesbild")))
    assert states == ["klar", "oppen", "oppen"]


def test_the_common_picture_is_written_by_all_when_they_are_open(database, together):
    with pytest.raises(flow.Refused, match="öppnade"), database.transaction():
        services.begin_common(together.leader, together.cycle)
    with database.transaction():
        asked_for(together)
        for actor in together.actors:
            hand_in(actor, together.cycle)
        common = services.begin_common(together.police, together.cycle)
        services.write_section(together.traffic, common.uid, "overens", text="Det är mörkt.")
        services.write_section(together.leader, common.uid, "olika", text="Hur många som är ute.")
        found = services.common_picture(together.police, services.read_cycle(together.police, together.cycle))
    assert {key: part.text for key, part in found.sections.items() if part.text} == {
        "overens": "Det är mörkt.",
        "olika": "Hur många som är ute.",
    }
