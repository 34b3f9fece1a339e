"""An agreement: fourteen chapters, answers, signatures, what applies, reviews, its end and its next edition."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.agreements import services
from core.agreements.limits import ANSWER_DRAFT, COMMITTED, EXPIRES, REVIEW, SIGN
from core.agreements.models import Agreement, AgreementParty
from core.agreements.schemas.agreements import check_form
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.agreements.conftest import DAY, applying, join, part, said, sent, sign, signed_by_all, written

ANSWERS = dict.fromkeys(("styrelse", "oppenhet", "likavarde", "vald", "lag", "insyn"), "ja")


@pytest.fixture
def leader(scene, actors):
    return actors("sdn_samordnare", "sdn-farsta")


@pytest.fixture
def police(actors):
    return actors("polis", "polis-farsta")


def frister(kind):
    return list(db.session().scalars(select(Deadline).where(Deadline.kind == kind).order_by(Deadline.id)))


def read(actor, row):
    return services.agreements.read_agreement(actor, row.uid)


def move(leader, row, key, **facts):
    return services.signing.move_agreement(leader, row.uid, key, **facts)


def checked(leader, code, result="uppfyller", **facts):
    known = {"occasion": "part", "function": "Handläggare", "checked_on": clock.today(), "note": ""} | facts
    known |= {"organisation": organisation(code).uid, "by": "sdn-farsta", "answers": ANSWERS, "result": result}
    return services.checks.record_check(leader, uid=uuid4(), **known)


def test_each_kind_is_led_by_whom_it_should(database, leader, actors):
    office = actors("slk_handlaggare", "slk")
    facts = {"title": "Med polisen", "mandate": "Stadsdirektör"}
    with pytest.raises(Invalid, match="kommunstyrelsen"), database.transaction():
        services.agreements.draft_agreement(
            leader, uid=uuid4(), kind="polis_overgripande", organisation="sdn-farsta", **facts
        )
    with pytest.raises(Invalid, match="stadsdelsnämnd"), database.transaction():
        services.agreements.draft_agreement(office, uid=uuid4(), kind="polis_lokal", organisation="slk", **facts)
    with database.transaction():
        made = services.agreements.draft_agreement(
            office, uid=uuid4(), kind="polis_overgripande", organisation="slk", **facts
        )
    assert (made.number, made.edition, made.state) == ("OV-00001", 1, "utkast")


def test_it_is_sent_out_when_all_fourteen_chapters_say_something_and_the_police_are_in_it(database, leader):
    with database.transaction():
        facts = {"title": "Med polisen", "organisation": "sdn-farsta", "mandate": "Chef"}
        row = services.agreements.draft_agreement(leader, uid=uuid4(), kind="polis_lokal", **facts)
        services.agreements.write_chapter(leader, row.uid, 4, text="Trygga torg.", version=0)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        move(leader, row, "skicka_pa_remiss")
    assert said(refused) == [
        *(f"Kapitel {number} är tomt." for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13)),
        "Lägg till polisen som part.",
        "Skriv när parterna ska ha svarat, en dag som kommer.",
    ]


def test_the_parties_answer_the_draft_or_have_had_their_time(database, leader, police):
    with database.transaction():
        row = written(leader)
        sent(leader, row.uid)
        [frist] = frister(ANSWER_DRAFT)
        assert frist.due_on == clock.today() + 14 * DAY
    with pytest.raises(flow.Refused, match="Vänta på svar från Lokalpolisområde Farsta"), database.transaction():
        move(leader, row, "lat_signera")
    with clock.frozen(clock.now() + 15 * DAY), database.transaction():
        assert move(leader, row, "lat_signera").state == "signeras"
        move(leader, row, "andra_utkastet", reason="En rad till.")
        services.agreements.change_agreement(leader, row.uid, version=None, answer_by=clock.today() + 5 * DAY)
        sent(leader, row.uid)
        services.signing.answer(police, part(police, row).uid, text="Skriv om kapitel 7.")
        move(leader, row, "lat_signera")
        assert [one.state for one in frister(ANSWER_DRAFT)] == ["klar"]
        assert [one.state for one in frister(SIGN)] == ["oppen", "oppen"]


def test_who_joins_while_the_draft_is_out_is_asked_and_who_leaves_is_asked_no_more(database, leader, police):
    with database.transaction():
        row = written(leader)
        sent(leader, row.uid)
        joined = join(leader, Agreement, row.uid, "trafik")
        asked = frister(ANSWER_DRAFT)
        assert [one.state for one in asked] == ["oppen", "oppen"]
        assert asked[1].organisation_id == joined.organisation_id
        joined.answer = "Ett äldre svar."
        services.parties.leave(leader, AgreementParty, joined.uid, reason="Fel part.")
        assert [one.state for one in frister(ANSWER_DRAFT)] == ["oppen", "utgar"]
        again = join(leader, Agreement, row.uid, "trafik")
        assert (again.id, again.answer, again.answered_at) == (joined.id, "", None)


def test_the_text_stands_while_it_is_signed_and_what_was_signed_falls_when_it_is_taken_back(database, leader, police):
    with database.transaction():
        row = written(leader)
        sent(leader, row.uid)
        services.signing.answer(police, part(police, row).uid, text="Bra.")
        move(leader, row, "lat_signera")
        sign(leader, row)
    with pytest.raises(flow.Refused, match="ligger fast"), database.transaction():
        services.agreements.write_chapter(police, row.uid, 4, text="Något annat.", version=1)
    with database.transaction():
        move(leader, row, "andra_utkastet", reason="Fel datum.")
        found = read(leader, row)
        assert (found.frozen, found.digest, part(leader, row).signed_on) == (None, "", None)
    with pytest.raises(flow.Refused, match="texten ligger fast"), database.transaction():
        sign(leader, row)


def test_it_applies_when_all_have_signed_and_not_before(database, leader, police):
    with database.transaction():
        row = written(leader)
        facts = {"kind": "narvaro", "what": "Fotpatrull", "starts_on": clock.today(), "rrule": "FREQ=WEEKLY"}
        commit = services.commitments.propose(
            police, Agreement, row.uid, uid=uuid4(), organisation=organisation("polis-farsta").uid, **facts
        )
        sent(leader, row.uid)
        services.signing.answer(police, part(police, row).uid, text="Bra.")
        move(leader, row, "lat_signera")
        sign(leader, row)
        assert (read(leader, row).state, commit.state) == ("signeras", "foreslaget")
    with pytest.raises(flow.Refused, match="har inte signerat"), database.transaction():
        move(leader, row, "borja_galla")
    with database.transaction():
        sign(police, row, by="Lokalpolisområdeschef", reference="PAD 1")
    with database.transaction():
        found = read(police, row)
        assert (found.state, found.applies_on) == ("galler", clock.today())
        assert part(police, row).signed_digest == found.digest
        assert services.commitments.read_commitment(leader, commit.uid).state == "atagit"
        assert {one.state for one in frister(SIGN)} == {"klar"}
        [last], [review] = frister(EXPIRES), frister(REVIEW)
        assert (last.due_on, review.due_on) == (found.valid_to, found.review_on)
        assert len(frister(COMMITTED)) == 1


def test_a_party_signs_for_itself_and_only_what_was_scanned_is_kept_by_who_leads(database, leader, police, actors):
    with database.transaction():
        row = written(leader)
        sent(leader, row.uid)
        services.signing.answer(police, part(police, row).uid, text="Bra.")
        move(leader, row, "lat_signera")
        theirs = part(police, row).uid
    known = {"by": "Chef", "on": clock.today(), "reference": "D 1"}
    with pytest.raises(flow.Refused, match="signerar själv"), database.transaction():
        services.signing.sign(leader, theirs, how="e_underskrift", **known)
    with pytest.raises(Invalid, match="inte varit än"), database.transaction():
        services.signing.sign(police, theirs, how="e_underskrift", **(known | {"on": clock.today() + DAY}))
    stranger = actors("polis", "polis-jarva")
    with pytest.raises(access.Missing), database.transaction():
        services.signing.sign(stranger, theirs, how="inskannad", **known)
    with database.transaction():
        assert services.signing.sign(leader, theirs, how="inskannad", **known).signed_how == "inskannad"


def test_what_was_frozen_stays_whatever_becomes_of_its_parts(database, leader, police, scene):
    with database.transaction():
        row = applying(leader, police)
        before = read(leader, row).frozen
        other = organisation("polis-farsta")
        other.name = "Ett annat namn"
        db.session().flush()
    with database.transaction():
        assert services.texts.text_of(read(leader, row)) == before
        assert "Lokalpolisområde Farsta" in {one["name"] for one in before["parties"]}


def test_priority_areas_stand_in_the_text_that_is_signed(database, leader, police):
    with database.transaction():
        row = written(leader)
        services.agreements.add_priority(leader, row.uid, uid=uuid4(), title="Trygga stråk", text="Ljus.")
        assert services.texts.text_of(read(leader, row))["priorities"] == [{"title": "Trygga stråk", "text": "Ljus."}]
        sent(leader, row.uid)
        services.signing.answer(police, part(police, row).uid, text="Bra.")
        move(leader, row, "lat_signera")
    with pytest.raises(flow.Refused, match="ligger fast"), database.transaction():
        known = services.agreements.add_priority(leader, row.uid, uid=uuid4(), title="Unga")
        with pytest.raises(db.Conflict):
            services.agreements.add_priority(leader, row.uid, uid=known.uid, title="Äldre")
    with database.transaction():
        assert [one["title"] for one in read(leader, row).frozen["priorities"]] == ["Trygga stråk"]


# --- Democratic conditions ----------------------------------------------------------------------------------------


def test_an_association_is_checked_before_it_signs_and_the_check_holds_twelve_months(database, leader, police):
    with database.transaction():
        row = written(leader, "polis_lokal", "polis-farsta", "demo-forening")
        sent(leader, row.uid)
    later = clock.now() + 15 * DAY
    with clock.frozen(later), pytest.raises(flow.Refused, match="är inte prövade"), database.transaction():
        move(leader, row, "lat_signera")
    with database.transaction():
        check = checked(leader, "demo-forening")
    assert timedelta(days=360) < check.valid_to - check.checked_on < timedelta(days=372)
    with clock.frozen(later), database.transaction():
        assert move(leader, row, "lat_signera").state == "signeras"
    with clock.frozen(clock.now() + 400 * DAY), database.transaction():
        assert services.checks.standing_checks([check.organisation_id]) == {}


def test_one_that_does_not_meet_the_conditions_does_not_sign(database, leader):
    with database.transaction():
        row = written(leader, "polis_lokal", "polis-farsta", "demo-forening")
        sent(leader, row.uid)
        checked(leader, "demo-forening", result="uppfyller_inte", note="Hotar journalister.")
    with (
        clock.frozen(clock.now() + 15 * DAY),
        pytest.raises(flow.Refused, match="uppfyller inte demokrativillkoren"),
        database.transaction(),
    ):
        move(leader, row, "lat_signera")


def test_a_check_has_all_its_answers_and_a_result_that_goes_with_them(database, leader, police, actors):
    stranger = actors("sdn_samordnare", "sdn-jarva")
    with pytest.raises(Invalid, match="utanför staden"), database.transaction():
        checked(leader, "polis-farsta")
    with pytest.raises(Invalid, match="inte ja"), database.transaction():
        known = {"occasion": "stod", "function": "Handläggare", "checked_on": clock.today(), "by": "sdn-farsta"}
        known |= {"organisation": organisation("demo-forening").uid, "answers": ANSWERS | {"lag": "nej"}}
        services.checks.record_check(leader, uid=uuid4(), result="uppfyller", **known)
    with pytest.raises(access.Denied), database.transaction():
        checked(police, "demo-forening")
    with database.transaction():
        made = checked(leader, "demo-forening", occasion="stod")
        assert [one["answer"] for one in made.answers["rows"]] == ["ja"] * 6
    with database.transaction():
        assert services.checks.list_checks(stranger) == []


def test_its_form_asks_first_who_is_checked_then_the_questions_and_last_what_it_came_to():
    order = list(check_form([("styrelse", "Har den en styrelse?")])().fields)
    assert order.index("organisation") < order.index("styrelse") < order.index("result")


# --- Reviews, its end, the next edition ---------------------------------------------------------------------------


def test_the_yearly_review_has_a_frist_and_the_next_one_follows(database, leader, police):
    with database.transaction():
        row = applying(leader, police)
        first = read(leader, row).review_on
    with clock.frozen(clock.now() + 380 * DAY), database.transaction():
        assert services.agreements.standing_of(read(leader, row)).label == "Översynen är försenad"
        services.signing.record_review(leader, row.uid, result="Fungerar.")
        found = read(leader, row)
        assert found.review_on > first + timedelta(days=360)
        assert [one.state for one in frister(REVIEW)] == ["klar", "oppen"]
        assert services.agreements.standing_of(found).label == "Gäller"


def test_it_says_that_it_runs_out_and_then_it_has(database, leader, police):
    with database.transaction():
        row = applying(leader, police)
        services.signing.record_review(leader, row.uid, result="Bra.")
    with clock.frozen(clock.now() + 620 * DAY), database.transaction():
        row_now = read(leader, row)
        row_now.review_on = None
        assert services.agreements.standing_of(row_now).tone == "warning"
    with clock.frozen(clock.now() + 701 * DAY), database.transaction():
        services.signing.end_what_is_over()
        found = read(leader, row)
        assert (found.state, found.ended_on, found.ended_why) == ("utgangen", found.valid_to, "Gick ut")
        assert {frist.state for kind in (EXPIRES, REVIEW) for frist in frister(kind)} <= {"utgar", "klar"}


def test_the_next_edition_says_what_is_new_and_takes_over_when_it_is_signed(database, leader, police):
    with database.transaction():
        row = applying(leader, police)
        after = services.signing.begin_next(leader, row.uid, uid=uuid4())
        again = services.signing.begin_next(leader, row.uid, uid=uuid4())
        assert (after.id, after.edition, after.number) == (again.id, 2, row.number)
        assert (read(leader, row).state, services.texts.what_changed(after)["chapters"]) == ("revideras", [])
        services.agreements.write_chapter(police, after.uid, 7, text="Mer närvaro på kvällarna.", version=1)
        today = clock.today()
        days = {"valid_from": today, "valid_to": today + 900 * DAY, "answer_by": today + DAY}
        services.agreements.change_agreement(leader, after.uid, version=None, **days)
        assert services.texts.what_changed(after)["chapters"] == [7]
        sent(leader, after.uid)
        services.signing.answer(police, part(police, after).uid, text="Bra.")
        move(leader, after, "lat_signera")
        sign(leader, after)
        assert read(leader, row).state == "revideras"
        sign(police, after)
    with database.transaction():
        before, now = read(leader, row), read(leader, after)
        assert (before.state, before.ended_why) == ("utgangen", "Ersatt av utgåva 2")
        assert (now.state, now.previous.uid) == ("galler", row.uid)
        assert [one.state for one in frister(EXPIRES)] == ["klar", "oppen"]


def test_an_edition_that_was_begun_is_laid_down_and_the_one_before_goes_on(database, leader, police):
    with database.transaction():
        row = applying(leader, police)
        after = services.signing.begin_next(leader, row.uid, uid=uuid4())
        days = {"valid_from": clock.today(), "valid_to": clock.today() + 900 * DAY, "answer_by": clock.today() + DAY}
        services.agreements.change_agreement(leader, after.uid, version=None, **days)
        sent(leader, after.uid)
        assert move(leader, after, "lagg_ned", reason="Vi väntar till hösten.").state == "nedlagd"
        assert (read(leader, row).state, frister(ANSWER_DRAFT)[-1].state) == ("galler", "utgar")
        another = services.signing.begin_next(leader, row.uid, uid=uuid4())
        assert (another.edition, another.previous_id, read(leader, row).state) == (3, row.id, "revideras")


def test_an_edition_that_begins_later_takes_over_on_its_day_however_many_have_done_so(
    database, leader, police, monkeypatch
):
    monkeypatch.setattr(services.signing, "MOST", 1)
    today, rows = clock.today(), []
    with database.transaction():
        for first in (today, today + DAY):
            before = applying(leader, police)
            after = services.signing.begin_next(leader, before.uid, uid=uuid4())
            days = {"valid_from": first, "valid_to": today + 900 * DAY, "answer_by": today + DAY}
            services.agreements.change_agreement(leader, after.uid, version=None, **days)
            rows.append((before, signed_by_all(leader, police, after)))
        assert [read(leader, before).state for before, _ in rows] == ["utgangen", "revideras"]
    with clock.frozen(clock.now() + DAY), database.transaction():
        services.signing.end_what_is_over()
        assert [read(leader, row).state for row in rows[1]] == ["utgangen", "galler"]


def test_notice_ends_it_and_all_that_hangs_on_it(database, leader, police):
    with database.transaction():
        row = applying(leader, police)
    with pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        move(leader, row, "sag_upp")
    with database.transaction():
        move(leader, row, "sag_upp", reason="Ny organisation.")
        found = read(leader, row)
        assert (found.state, found.ended_on) == ("uppsagd", clock.today())
        assert {frist.state for kind in (EXPIRES, REVIEW) for frist in frister(kind)} == {"utgar"}


def test_parties_write_its_chapters_and_others_see_it_missing(database, leader, police, actors):
    with database.transaction():
        row = written(leader)
        services.agreements.write_chapter(police, row.uid, 10, text="Vi berättar tillsammans.", version=1)
    stranger = actors("polis", "polis-jarva")
    with pytest.raises(access.Missing), database.transaction():
        services.agreements.read_agreement(stranger, row.uid)
    with pytest.raises(db.Stale), database.transaction():
        services.agreements.write_chapter(leader, row.uid, 10, text="Något annat.", version=1)
    with database.transaction():
        join(leader, Agreement, row.uid, "polis-jarva")
        assert services.agreements.read_agreement(stranger, row.uid).title == row.title
