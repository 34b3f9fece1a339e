"""Two assess each by herself; nobody reads a point before both are in; who stands aside is not counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.applications.models import ApplicationParty, Assessment, Partiality, Round, Score
from core.applications.services import assessing, eligible, partiality, proposing, ranking, rounds
from core.applications.services.applications import make_move, note
from core.journal import JournalDetail
from core.people.models import RoleGrant
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.applications.assessed import (
    DAY,
    apply_for,
    assess,
    assign,
    hand_in,
    row_of,
    said,
    suggest,
    write,
)


def why(prepared, actor, title="Belysning"):
    application = row_of(prepared, title)
    return next(one.why for one in eligible.candidates(prepared.anna, application) if one.uid == actor.uid)


def grant(actor, board, **days):
    held = {"valid_from": clock.today() - 900 * DAY, "areas": [], "categories": []} | days
    home = organisation(board).id
    db.session().add(RoleGrant(person_id=actor.id, organisation_id=home, role="sdn_handlaggare", **held))
    db.session().flush()


class TestWhoMay:
    """Scenario 10 of domain.md 13."""

    def test_nobody_of_the_board_that_applies(self, database, prepared):
        with database.transaction():
            grant(prepared.ceri, "sdn-farsta")
            assert why(prepared, prepared.ceri) == eligible.OWN_BOARD
            assert why(prepared, prepared.ceri, "Torget") == ""
            with pytest.raises(Invalid) as refused:
                assign(prepared, "Belysning", prepared.ceri)
            assert "arbetar för den som söker" in str(refused.value.flat()["person"][0])

    def test_nor_of_one_that_it_was_made_of_or_left_meanwhile(self, database, prepared):
        with database.transaction():
            grant(prepared.ceri, "sdn-rinkeby-kista")
            assert why(prepared, prepared.ceri, "Torget") == eligible.OWN_BOARD
            grant(prepared.bo, "sdn-jarva", valid_to=clock.today())
            grant(prepared.anna, "sdn-jarva", valid_to=clock.today() - 2 * DAY)
        with clock.frozen(clock.now() + 30 * DAY), database.transaction():
            assert why(prepared, prepared.bo, "Torget") == eligible.OWN_BOARD, "was there when it was written"
            assert why(prepared, prepared.anna, "Torget") == ""

    def test_of_boards_that_apply_together_those_that_said_yes(self, database, prepared):
        """Who was only asked, or said no, has written nothing and gets nothing."""
        with database.transaction():
            grant(prepared.ceri, "sdn-jarva")
            partiality.declare(prepared.bo, uid=uuid4(), organisation="sdn-jarva", reason="Gift med chefen.")
            about = row_of(prepared, "Belysning")
            party = ApplicationParty(application_id=about.id, organisation_id=organisation("sdn-jarva").id)
            db.session().add(party)
            for joined, left, bars in ((False, False, False), (False, True, False), (True, False, True)):
                party.joined_on = clock.today() if joined else None
                party.left_on = clock.today() if left else None
                db.session().flush()
                assert (why(prepared, prepared.ceri) == eligible.OWN_BOARD) == bars
                assert (why(prepared, prepared.bo) == eligible.ASIDE) == bars
                assert partiality.stands_aside(prepared.bo.id, about) == bars

    def test_nor_who_wrote_or_reviewed_it(self, database, prepared):
        with database.transaction():
            note(prepared.ceri, row_of(prepared, "Bänkar"), "godkann")
            assert why(prepared, prepared.ceri, "Bänkar") == eligible.WROTE
            row_of(prepared, "Belysning").begun_by_id = prepared.bo.id
            db.session().flush()
            assert why(prepared, prepared.bo) == eligible.WROTE

    def test_nor_who_has_declared_jav_in_it_or_in_the_board(self, database, prepared):
        with database.transaction():
            partiality.declare(prepared.bo, uid=uuid4(), organisation="sdn-rinkeby-kista", reason="Min syster.")
            bankar = prepared.applications["Bänkar"]
            partiality.declare(prepared.ceri, uid=uuid4(), application=bankar, reason="Bor där.")
            assert [why(prepared, prepared.bo, one) for one in ("Torget", "Bänkar")] == [eligible.ASIDE, ""]
            assert [why(prepared, prepared.ceri, one) for one in ("Torget", "Bänkar")] == ["", eligible.ASIDE]

    def test_two_and_never_three_nor_the_same_twice(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            with pytest.raises(Invalid, match="redan utsedd"):
                assign(prepared, "Belysning", prepared.bo)
            with pytest.raises(flow.Refused, match="Två är redan utsedda"):
                assign(prepared, "Belysning", prepared.ceri)

    def test_only_who_prepares_and_only_while_it_is_assessed(self, database, prepared):
        with database.transaction():
            with pytest.raises(access.Denied):
                assign(prepared, "Belysning", prepared.bo, by=prepared.writer)
            row_of(prepared, "Belysning").state = "inskickad"
            db.session().flush()
            with pytest.raises(flow.Refused, match="bedöms inte nu"):
                assign(prepared, "Belysning", prepared.bo)


def test_it_is_due_in_ten_working_days_or_on_a_day_that_is_said(database, prepared):
    with database.transaction():
        usual, said_day = (
            assign(prepared, "Belysning", prepared.anna)[0],
            assessing.assign(
                prepared.anna,
                prepared.applications["Belysning"],
                person=prepared.bo.uid,
                due_on=clock.today() + 30 * DAY,
            ),
        )
        assert usual.due_on >= clock.today() + 13 * DAY
        assert said_day.due_on == clock.today() + 30 * DAY
        frist = db.session().scalars(select(Deadline).where(Deadline.subject_uid == usual.uid)).one()
        assert (frist.kind, frist.organisation_id) == ("core:bedomning", organisation("slk").id)
        hand_in(prepared.anna, prepared, "Belysning")
        assert frist.state == "klar"
        hand_in(prepared.bo, prepared, "Belysning")
        with pytest.raises(Invalid):
            assessing.assign(
                prepared.anna, prepared.applications["Torget"], person=prepared.bo.uid, due_on=clock.today() - DAY
            )


def test_nothing_is_needed_for_a_draft_and_everything_to_hand_in(database, prepared):
    with database.transaction():
        assign(prepared, "Belysning")
        uid = prepared.applications["Belysning"]
        scores = {"effekt": (None, "Jag tror."), "koppling": (3, "")}
        assessing.write_assessment(prepared.anna, uid, scores=scores, recommendation="", summary="", version=2)
        sheet = assessing.own_sheet(prepared.anna, uid)
        assert sheet.total == 25, "three of three on what weighs 25"
        with pytest.raises(flow.Refused) as refused:
            assessing.move_assessment(prepared.anna, sheet.row.uid, "lamna_in")
        assert len(said(refused)) == 9 + 2
        with pytest.raises(db.Stale):
            assessing.write_assessment(prepared.anna, uid, scores={}, recommendation="", summary="", version=1)
        assert hand_in(prepared.anna, prepared, "Belysning").state == "inlamnad"
        with pytest.raises(flow.Refused, match="inlämnad"):
            write(prepared.anna, prepared, "Belysning", 3)


class TestSealed:
    """Not a point leaks before both are in."""

    def test_of_the_others_nothing_is_read_not_even_by_who_assigns(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            hand_in(prepared.anna, prepared, "Belysning", 3)
            application = row_of(prepared, "Belysning")
            for actor in (prepared.bo, prepared.ceri, prepared.economist):
                assert assessing.opened_sheets(actor, application) == []
                assert list(db.session().scalars(access.visible(select(Score), actor))) == []
                assert list(db.session().scalars(access.visible(select(Assessment), actor))) == (
                    [assessing.own_sheet(actor, application.uid).row] if actor is prepared.bo else []
                )
                line = next(
                    one for one in ranking.order_of(actor, prepared.round).lines if one.application is application
                )
                assert line.verdict is None
            assert ranking.order_of(prepared.anna, prepared.round).lines[0].verdict is None, "nor one's own alone"
            states = [one.state for one in assessing.assessors(prepared.ceri, application)]
            assert states == ["inlamnad", "tilldelad"], "who has handed in is no secret"

    def test_it_opens_when_both_are_in(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning", 3)
            sheets = assessing.opened_sheets(prepared.ceri, row_of(prepared, "Belysning"))
            assert [sheet.total for sheet in sheets] == [100, 100]
            line = ranking.order_of(prepared.economist, prepared.round).lines[0]
            assert line.verdict.total == 100

    def test_the_board_that_applies_never_reads_them(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning")
            with pytest.raises(access.Denied):
                assessing.opened_sheets(prepared.boss, row_of(prepared, "Belysning"))
            assert list(db.session().scalars(access.visible(select(Score), prepared.boss))) == []

    def test_what_the_other_has_seen_is_not_written_again(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            mine = hand_in(prepared.anna, prepared, "Belysning")
            assessing.move_assessment(prepared.anna, mine.uid, "skriv_om", reason="Läste fel.")
            hand_in(prepared.anna, prepared, "Belysning", 3)
            hand_in(prepared.bo, prepared, "Belysning", 1)
            with pytest.raises(flow.Refused, match="gemensam not"):
                assessing.move_assessment(prepared.anna, mine.uid, "skriv_om", reason="Ångrar mig.")

    def test_a_third_who_is_asked_seals_it_again_until_she_is_in(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning")
            partiality.declare(
                prepared.bo, uid=uuid4(), application=prepared.applications["Belysning"], reason="Bor där."
            )
            application = row_of(prepared, "Belysning")
            assert assessing.opened_sheets(prepared.anna, application) == []
            assign(prepared, "Belysning", prepared.ceri)
            hand_in(prepared.ceri, prepared, "Belysning", 1)
            counted = assessing.opened_sheets(prepared.economist, application)
            assert {sheet.row.person_id for sheet in counted} == {prepared.anna.id, prepared.ceri.id}

    def test_no_point_nor_reason_is_in_the_journal(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning", 3)
        with database.transaction(write=False) as session:
            told = str([row.detail for row in session.scalars(select(JournalDetail))])
            assert "Därför" not in told
            assert "points" not in told


class TestJav:
    """Declared at any time, kept with its reason, enforced."""

    def test_declared_afterwards_it_is_kept_and_counts_no_more(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning", 3)
            row = partiality.declare(prepared.bo, uid=uuid4(), organisation="sdn-farsta", reason="Min bror.")
            own = db.session().scalars(select(Assessment).where(Assessment.person_id == prepared.bo.id)).one()
            assert (own.state, own.handed_in_at is not None) == ("jav", True)
            assert ranking.order_of(prepared.anna, prepared.round).lines[0].jav == 1
            assert partiality.stands_aside(prepared.bo.id, row_of(prepared, "Bänkar"))
            assert not partiality.stands_aside(prepared.bo.id, row_of(prepared, "Torget"))
            assert not partiality.stands_aside(prepared.anna.id, row_of(prepared, "Belysning"))
            with pytest.raises(flow.Refused, match="har anmält jäv"):
                assessing.move_assessment(prepared.anna, own.uid, "tilldela_igen", reason="Behövs.")
            partiality.end_partiality(prepared.bo, row.uid, reason="Han har slutat.")
            assert not partiality.stands_aside(prepared.bo.id, row_of(prepared, "Belysning"))
            assert own.state == "jav", "what was set aside stays so"
            again = assessing.move_assessment(prepared.anna, own.uid, "tilldela_igen", reason="Jävet är över.")
            assert again.state == "tilldelad"

    def test_who_stands_aside_reads_no_points_moves_no_row_and_proposes_nothing(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning")
            uid = prepared.applications["Belysning"]
            partiality.declare(prepared.ceri, uid=uuid4(), application=uid, reason="Bor där.")
            assert assessing.opened_sheets(prepared.ceri, row_of(prepared, "Belysning")) == []
            line = ranking.order_of(prepared.ceri, prepared.round).lines[0]
            assert (line.aside, line.verdict) == (True, None)
            assert list(db.session().scalars(access.visible(select(Score), prepared.ceri))) == []
            with pytest.raises(flow.Refused, match="kan inte flytta raden"):
                ranking.move_row(prepared.ceri, prepared.round, uid, to=3, version=None)
            with pytest.raises(flow.Refused, match="kan inte ändra raden"):
                suggest(prepared, "Belysning", 1, actor=prepared.ceri)
            with pytest.raises(flow.Refused, match="kan inte ändra raden"):
                make_move(prepared.ceri, row_of(prepared, "Belysning"), "lamna_forslag")
            suggest(prepared, "Bänkar", 1, actor=prepared.ceri)

    def test_an_assessment_is_put_aside_for_what_has_been_declared_and_nothing_else(self, database, prepared):
        with database.transaction():
            one, _ = assign(prepared, "Belysning")
            with pytest.raises(flow.Refused, match="på sidan Jäv"):
                assessing.move_assessment(prepared.anna, one.uid, "anmal_jav", reason="Bor där.")

    def test_one_says_it_for_oneself_about_what_one_reaches(self, database, prepared, actors):
        outsider = actors("sdn_handlaggare", "sdn-jarva")
        with database.transaction():
            uid = prepared.applications["Belysning"]
            with pytest.raises(access.Missing):
                partiality.declare(outsider, uid=uuid4(), application=uid, reason="Bor där.")
            with pytest.raises(Invalid):
                partiality.declare(prepared.bo, uid=uuid4(), reason="Bor där.")
            row = partiality.declare(prepared.bo, uid=uuid4(), application=uid, reason="Bor där.")
            assert partiality.declare(prepared.bo, uid=row.uid, application=uid, reason="Bor där.") is row
            with pytest.raises(access.Missing):
                partiality.end_partiality(prepared.anna, row.uid, reason="Nej.")
            told = [one.uid for one, _ in partiality.list_partialities(prepared.anna)]
            assert told == [row.uid]
            assert partiality.list_partialities(outsider) == []
            assert db.session().scalar(select(Partiality.person_id)) == prepared.bo.id


class TestProposal:
    """Before a proposal: two assessments, a note where they lie apart, the gates, an amount."""

    def refused(self, prepared, title="Belysning"):
        with pytest.raises(flow.Refused) as refused:
            make_move(prepared.anna, row_of(prepared, title), "lamna_forslag")
        return said(refused)

    def test_two_that_count_and_an_amount(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            hand_in(prepared.anna, prepared, "Belysning")
            assert "Två bedömningar behövs" in self.refused(prepared)[0]
            hand_in(prepared.bo, prepared, "Belysning")
            assert self.refused(prepared) == ["Skriv vad som föreslås varje år, eller att ansökan ska avslås."]
            suggest(prepared, "Belysning", 2_000_000, 400_000)
            assert make_move(prepared.anna, row_of(prepared, "Belysning"), "lamna_forslag").state == "forslag"

    def test_more_than_one_point_apart_asks_for_a_joint_note(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            hand_in(prepared.anna, prepared, "Belysning", 2, effekt=3)
            hand_in(prepared.bo, prepared, "Belysning", 2, effekt=1)
            suggest(prepared, "Belysning", 2_000_000, 500_000)
            assert self.refused(prepared) == ["Gemensam not saknas: Förväntad effekt."]
            uid = prepared.applications["Belysning"]
            with pytest.raises(flow.Refused, match="De två som har bedömt"):
                proposing.write_note(prepared.ceri, uid, "effekt", text="Vi är ense.", points=None)
            before = ranking.order_of(prepared.anna, prepared.round).lines[0].verdict.total
            proposing.write_note(prepared.bo, uid, "effekt", text="Vi är ense om tre.", points=3)
            after = ranking.order_of(prepared.anna, prepared.round).lines[0].verdict.total
            assert (before, after) == (67, 72)
            make_move(prepared.anna, row_of(prepared, "Belysning"), "lamna_forslag")

    def test_what_fails_a_gate_is_proposed_to_be_refused(self, database, prepared):
        with database.transaction():
            assign(prepared, "Belysning")
            for actor in (prepared.anna, prepared.bo):
                hand_in(actor, prepared, "Belysning", 3, fysisk_miljo=0)
            suggest(prepared, "Belysning", 1_000_000)
            assert "faller på grind: Fysisk miljö" in self.refused(prepared)[0]
            suggest(prepared, "Belysning", 0)
            make_move(prepared.anna, row_of(prepared, "Belysning"), "lamna_forslag")
            line = ranking.order_of(prepared.anna, prepared.round).lines[0]
            assert (line.outcome, line.fails) == ("avslag", True)

    def test_no_more_than_is_sought_in_the_year(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning")
            for amounts in ((2_000_001,), (0, 500_001), (0, 0, 1)):
                with pytest.raises(Invalid) as refused:
                    suggest(prepared, "Belysning", *amounts)
                assert "Skriv högst det som söks" in str(refused.value.flat())
            with pytest.raises(db.Stale):
                proposing.propose(
                    prepared.anna, prepared.applications["Belysning"], amounts={prepared.year: 1}, version=1
                )

    def test_assessed_anew_when_it_came_back_it_may_be_written_again(self, database, prepared):
        with database.transaction():
            assess(prepared, "Belysning")
            suggest(prepared, "Belysning", 1_000_000)
            application = make_move(prepared.anna, row_of(prepared, "Belysning"), "lamna_forslag")
            make_move(prepared.anna, application, "bedom_igen", reason="Nya uppgifter.")
            own = assessing.own_sheet(prepared.bo, application.uid).row
            assessing.move_assessment(prepared.bo, own.uid, "skriv_om", reason="Nya uppgifter.")
            assert assessing.opened_sheets(prepared.anna, application) == [], "and is sealed again meanwhile"


def test_a_withdrawn_application_waits_for_nobody(database, prepared):
    with database.transaction() as session:
        waits = assign(prepared, "Belysning")
        hand_in(prepared.anna, prepared, "Belysning")
        application = row_of(prepared, "Belysning")
        make_move(prepared.boss, application, "aterkalla", reason="Vi betalar själva.")
        assert [one.state for one in waits] == ["inlamnad", "aterkallad"]
        frister = session.scalars(select(Deadline).where(Deadline.subject_kind == "assessment").order_by(Deadline.id))
        assert [one.state for one in frister] == ["klar", "utgar"]
        assert assessing.waiting_for(prepared.bo, 9) == []


def test_without_a_round_it_is_judged_by_what_holds_today(database, prepared):
    with database.transaction() as session:
        row = apply_for(prepared, "Utan omgång", [100])
        row.round_id = None
        session.flush()
        assess(prepared, "Utan omgång")
        assert session.scalars(select(Round)).one().uid == rounds.read_round(prepared.anna, prepared.round).uid
        assert assessing.opened_sheets(prepared.anna, row)[0].total == 67


@pytest.mark.one_database("postgres")
def test_two_who_assign_at_once_never_make_three(database, prepared):
    people, begin = (prepared.anna, prepared.bo, prepared.ceri), Barrier(3)

    def one(person):
        begin.wait()
        try:
            with database.transaction():
                return assign(prepared, "Belysning", person)[0].uid
        except flow.Refused:
            return None

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(one, people))
    assert sum(uid is not None for uid in made) == 2
