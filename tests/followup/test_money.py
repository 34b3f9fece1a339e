"""How a grant is spent: never more than there is, never by one person alone, never twice."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, db, flow
from core.followup.registers import Outturn
from core.followup.services import carrying_over, claims, final, moving_money, outturn
from core.followup.services.money import of_year, post
from core.followup.services.outturn import Voucher
from core.reserve.models import GRANTED, Booking
from core.reserve.services.book import Line
from core.schema import Invalid
from tests.followup.conftest import YEAR

LATER = {"cause": "tillstand", "reason": "Marklovet dröjer till hösten.", "new_completion": date(YEAR + 1, 6, 1)}


def _claim(granted, application, amount):
    return claims.add_claim(
        granted.writer, application.uid, uid=uuid4(), year=YEAR, amount=amount, what="Lyktor", invoice="F 12"
    )


def test_a_claim_is_written_checked_and_paid_by_three(database, granted):
    with database.transaction():
        claim = _claim(granted, granted.application(), 1_000_000)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        claims.move_claim(granted.money.other, claim.uid, "granska")
        claims.move_claim(granted.money.economist, claim.uid, "betala")
        assert (claim.state, claim.paid_on is not None) == ("betald", True)
        ids = {claim.written_by_id, claim.checked_by_id, claim.paid_by_id}
        assert len(ids) == 3


def test_no_more_is_claimed_than_is_granted(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        first, second = _claim(granted, application, 700_000), _claim(granted, application, 400_000)
        claims.move_claim(granted.writer, first.uid, "skicka")
        with pytest.raises(flow.Refused) as refused:
            claims.move_claim(granted.writer, second.uid, "skicka")
        assert "högst 300\u00a0000\u00a0kr till för 2027" in str(refused.value)
        claims.move_claim(granted.money.other, first.uid, "avvisa", reason="Fel faktura.")
        claims.move_claim(granted.writer, second.uid, "skicka")
        assert of_year(application, YEAR).claimed == 400_000


def test_a_voucher_is_booked_once_and_undone_by_a_counter_entry(database, granted):
    with database.transaction():
        application = granted.application(code="P123")
        row = Voucher("P123", "2027-03", "V 1", 250_000)
        first = outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)
        again = outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi, ny fil", row=row)
        assert again is first
        assert of_year(application, YEAR).used == 250_000
        assert outturn.rows_here([row.name, "P123 2027-04 V 1"]) == {row.name}
        outturn.undo_row(granted.money.economist, first.uid, "Fel fil.")
        outturn.undo_row(granted.money.economist, first.uid, "Fel fil.")
        assert of_year(application, YEAR).used == 0
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)
        assert of_year(application, YEAR).used == 250_000
        with pytest.raises(flow.Refused):
            wrong = Voucher("P999", "2027-03", "V 1", 1)
            outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=wrong)


def test_a_forecast_is_the_latest_and_each_one_that_was_made_is_kept(database, granted):
    with database.transaction():
        application = granted.application()
        for amount in (3_900_000, 4_100_000, 3_500_000):
            known = {"year": YEAR, "amount": amount, "period": "t1", "why": ""}
            outturn.foresee(granted.writer, application.uid, uid=uuid4(), **known)
        assert of_year(application, YEAR).forecast == 3_500_000


def booked_by(asked):
    """The decision that the book names for what was asked: it is never changed there."""
    return db.session().scalars(select(Booking.decision).where(Booking.uid == asked.uid)).one()


def test_money_follows_to_another_year_when_two_have_said_that_it_was_decided(database, granted):
    with database.transaction():
        application = granted.application(4_000_000, code="P1")
        used = Voucher("P1", "2027-05", "V 1", 1_500_000)
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=used)
        about = {"from_year": YEAR, "to_year": YEAR + 1} | LATER
        with pytest.raises(flow.Refused) as refused:
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), amount=2_500_001, **about)
        assert "Högst 2\u00a0500\u00a0000\u00a0kr" in str(refused.value)
        asked = carrying_over.ask(granted.writer, application.uid, uid=uuid4(), amount=2_000_000, **about)
        with pytest.raises(flow.Refused):  # 500 000 is left that nobody has asked for
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), amount=600_000, **about)
        assert granted.money.stands() == (10_000_000, 4_000_000)  # nothing has followed by itself
        carrying_over.give_opinion(granted.money.economist, asked.uid, opinion="Tillstyrks.")
        decided = {"decided_on": clock.today(), "paragraph": "§ 4", "version": None}
        carrying_over.record(granted.committee, asked.uid, granted=True, **decided)
        with pytest.raises(flow.Refused) as refused:
            carrying_over.confirm(granted.committee, asked.uid)
        assert "Någon annan bekräftar" in str(refused.value)
        carrying_over.confirm(granted.money.economist, asked.uid)
        assert granted.money.stands() == (8_000_000, 2_000_000)
        assert granted.money.stands(YEAR + 1) == (12_000_000, 2_000_000)
        assert (of_year(application, YEAR).unused, of_year(application, YEAR + 1).granted) == (500_000, 2_000_000)
        assert booked_by(asked) == f"{clock.today()} §\u00a04"
        carrying_over.confirm(granted.money.economist, asked.uid, version=1)  # the same press again
        assert granted.money.stands() == (8_000_000, 2_000_000)
        with pytest.raises(flow.Refused):
            carrying_over.confirm(granted.committee, asked.uid)


def test_what_is_not_let_follow_goes_back_to_the_frame(database, granted):
    with database.transaction():
        application = granted.application(4_000_000)
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 1_000_000} | LATER
        with pytest.raises(Invalid, match="Skriv en dag 2028 eller senare"):
            done = about | {"new_completion": date(YEAR, 12, 20)}
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **done)
        with pytest.raises(Invalid, match="Välj 2030 eller tidigare"):
            far = about | {"to_year": YEAR + 4, "new_completion": date(YEAR + 4, 5, 1)}
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **far)
        asked = carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **about)
        carrying_over.give_opinion(granted.money.economist, asked.uid, opinion="Avstyrks.")
        decided = {"decided_on": clock.today(), "paragraph": "§ 4", "version": None}
        with pytest.raises(Invalid):
            carrying_over.record(granted.committee, asked.uid, granted=False, **decided)
        with pytest.raises(Invalid, match="Det begärdes"):
            long_ago = decided | {"decided_on": date(2019, 1, 1)}
            carrying_over.record(granted.committee, asked.uid, granted=True, **long_ago)
        carrying_over.record(granted.committee, asked.uid, granted=False, motive="Resurserna fanns.", **decided)
        carrying_over.confirm(granted.money.economist, asked.uid)
        assert asked.state == "avslagen"
        assert granted.money.stands() == (10_000_000, 3_000_000)


def test_money_is_used_for_another_matter_of_the_same_board_when_another_decides(database, granted):
    with database.transaction():
        source, target = granted.application(3_000_000), granted.application(1_000_000)
        known = {"year": YEAR, "amount": 500_000, "reason": "Torget blev billigare."}
        asked = moving_money.ask(granted.writer, source.uid, uid=uuid4(), to=target.uid, **known)
        with pytest.raises(Invalid, match="Det begärdes"):
            moving_money.decide(granted.committee, asked.uid, "bevilja", decided_on=date(2019, 1, 1))
        moving_money.decide(granted.committee, asked.uid, "bevilja", paragraph="§ 9")
        assert of_year(source, YEAR).granted == 2_500_000
        assert of_year(target, YEAR).granted == 1_500_000
        moving_money.decide(granted.committee, asked.uid, "bevilja", version=1)  # the same press again
        with pytest.raises(flow.Refused):
            moving_money.decide(granted.money.economist, asked.uid, "bevilja")
        assert booked_by(asked) == f"{asked.number} {clock.today()} §\u00a09"
        assert granted.money.stands() == (10_000_000, 4_000_000)
        with pytest.raises(Invalid):  # nothing else than itself
            moving_money.ask(granted.writer, source.uid, uid=uuid4(), **known)


def test_what_is_not_used_is_handed_back_once(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        known = {"uid": uuid4(), "year": YEAR, "amount": 300_000, "reason": "Blev billigare."}
        moving_money.hand_back(granted.writer, application.uid, **known)
        moving_money.hand_back(granted.writer, application.uid, **known)  # the form sent twice
        assert granted.money.stands() == (10_000_000, 700_000)
        with pytest.raises(flow.Refused):
            more = {"uid": uuid4(), "year": YEAR, "amount": 700_001, "reason": "Mer."}
            moving_money.hand_back(granted.writer, application.uid, **more)


def test_a_krona_is_asked_to_be_moved_once_whichever_way(database, granted):
    with database.transaction():
        source, target = granted.application(1_000_000), granted.application(1_000_000)
        about = {"from_year": YEAR, "to_year": YEAR + 1} | LATER
        carrying_over.ask(granted.writer, source.uid, uid=uuid4(), amount=600_000, **about)
        other = {"year": YEAR, "to": target.uid, "reason": "Torget blev billigare."}
        with pytest.raises(flow.Refused, match="Högst 400\u00a0000"):
            moving_money.ask(granted.writer, source.uid, uid=uuid4(), amount=400_001, **other)
        moving_money.ask(granted.writer, source.uid, uid=uuid4(), amount=300_000, **other)
        with pytest.raises(flow.Refused, match="Högst 100\u00a0000"):
            carrying_over.ask(granted.writer, source.uid, uid=uuid4(), amount=100_001, **about)
        back = {"uid": uuid4(), "year": YEAR, "reason": "Blev billigare."}
        with pytest.raises(flow.Refused, match="Högst 100\u00a0000"):
            moving_money.hand_back(granted.writer, source.uid, amount=100_001, **back)
        moving_money.hand_back(granted.writer, source.uid, amount=100_000, **back)


def test_what_was_used_while_a_refusal_waited_stays_and_the_rest_goes_back(database, granted):
    with database.transaction():
        application = granted.application(1_000_000, code="P1")
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 600_000} | LATER
        asked = carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **about)
        carrying_over.give_opinion(granted.money.economist, asked.uid, opinion="Avstyrks.")
        used = Voucher("P1", "2027-11", "V 1", 900_000)
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=used)
        decided = {"decided_on": clock.today(), "paragraph": "§ 4", "version": None}
        carrying_over.record(granted.committee, asked.uid, granted=False, motive="Resurserna fanns.", **decided)
        carrying_over.confirm(granted.money.economist, asked.uid)
        assert (asked.state, granted.money.stands()) == ("avslagen", (10_000_000, 900_000))


def test_work_that_was_broken_off_gets_no_more_and_hands_back_what_it_has(database, granted):
    with database.transaction():
        source, broken = granted.application(1_000_000), granted.application(1_000_000)
        known = {"year": YEAR, "amount": 100_000, "reason": "Torget blev billigare."}
        moved = moving_money.ask(granted.writer, source.uid, uid=uuid4(), to=broken.uid, **known)
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 200_000} | LATER
        carried = carrying_over.ask(granted.writer, broken.uid, uid=uuid4(), **about)
        carrying_over.give_opinion(granted.money.economist, carried.uid, opinion="Tillstyrks.")
        decided = {"decided_on": clock.today(), "paragraph": "§ 4", "version": None}
        carrying_over.record(granted.committee, carried.uid, granted=True, **decided)
        broken.state = "avbruten"
        with pytest.raises(flow.Refused, match="inga beviljade medel"):
            moving_money.decide(granted.committee, moved.uid, "bevilja")
        with pytest.raises(flow.Refused, match="inga beviljade medel"):
            carrying_over.confirm(granted.money.economist, carried.uid)
        moving_money.hand_back(
            granted.writer, broken.uid, uid=uuid4(), year=YEAR, amount=800_000, reason="Arbetet avbröts."
        )
        assert of_year(broken, YEAR).granted == 200_000


def test_a_claim_that_waits_holds_its_money_until_it_is_paid_or_comes_back(client, database, granted):
    """Neither handed back, used for something else nor let follow to another year, also when that was asked before."""
    with database.transaction():
        application, target = granted.application(1_000_000), granted.application(1_000_000)
        other = {"year": YEAR, "to": target.uid, "reason": "Torget blev billigare."}
        asked = moving_money.ask(granted.writer, application.uid, uid=uuid4(), amount=400_000, **other)
        claim = _claim(granted, application, 700_000)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        assert "Be stadsledningskontoret" in str(of_year(application, YEAR).holds(granted.writer))
        to_the_city = str(of_year(application, YEAR).holds(granted.money.other))
        assert ("Be stadsledningskontoret" in to_the_city, "till sökanden först" in to_the_city) == (False, True)
        with pytest.raises(flow.Refused, match="Högst 300"), db.savepoint():
            moving_money.decide(granted.committee, asked.uid, "bevilja")
        moving_money.withdraw(granted.writer, asked.uid, reason="Pengarna behövs.")
        wish = {"uid": uuid4(), "year": YEAR, "amount": 300_001, "reason": "Blev billigare."}
        with pytest.raises(flow.Refused) as refused:
            moving_money.hand_back(granted.writer, application.uid, **wish)
        assert "700\u00a0000\u00a0kr rekvirerat och väntar på granskning" in str(refused.value)
        with pytest.raises(flow.Refused, match="Högst 300"):
            moving_money.ask(granted.writer, application.uid, uid=uuid4(), amount=300_001, **other)
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 300_001} | LATER
        with pytest.raises(flow.Refused, match="Högst 300"):
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **about)
        assert final.cost_of(granted.writer, application).left == 300_000
        moving_money.hand_back(granted.writer, application.uid, **wish | {"amount": 300_000})
    client.login(granted.writer)
    assert "väntar på granskning" in client.get(f"/ansokningar/{application.uid}/genomforande").text
    with database.transaction():
        claims.move_claim(granted.money.other, claim.uid, "avvisa", reason="Fel faktura.")
        more = {"uid": uuid4(), "year": YEAR, "amount": 700_000, "reason": "Blev billigare."}
        moving_money.hand_back(granted.writer, application.uid, **more)
    assert "väntar på granskning" not in client.get(f"/ansokningar/{application.uid}/genomforande").text


def test_a_refused_carry_over_leaves_what_a_claim_waits_for(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 600_000} | LATER
        asked = carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **about)
        carrying_over.give_opinion(granted.money.economist, asked.uid, opinion="Avstyrks.")
        claims.move_claim(granted.writer, _claim(granted, application, 900_000).uid, "skicka")
        decided = {"decided_on": clock.today(), "paragraph": "§ 4", "version": None}
        carrying_over.record(granted.committee, asked.uid, granted=False, motive="Resurserna fanns.", **decided)
        carrying_over.confirm(granted.money.economist, asked.uid)
        assert granted.money.stands() == (10_000_000, 900_000)


def test_a_claim_is_not_paid_of_money_that_is_gone_since(database, granted):
    """As an earlier version could leave it: handed back while the claim waited."""
    with database.transaction():
        application = granted.application(1_000_000)
        claim = _claim(granted, application, 700_000)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        lines = [Line(YEAR, GRANTED, -400_000)]
        post(granted.writer, application, uid=uuid4(), kind="aterlamning", lines=lines)
        claims.move_claim(granted.money.other, claim.uid, "granska")
        with pytest.raises(flow.Refused, match="Mer är rekvirerat"):
            claims.move_claim(granted.money.economist, claim.uid, "betala")


def test_what_is_approved_to_be_paid_is_not_handed_back_nor_moved_before_its_voucher_has_come(database, granted):
    with database.transaction():
        application, target = granted.application(1_000_000, code="P1"), granted.application(1_000_000)
        claim = _claim(granted, application, 700_000)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        claims.move_claim(granted.money.other, claim.uid, "granska")
        used = Voucher("P1", "2027-05", "V 1", 500_000)  # of the same invoice: the larger counts
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=used)
        wish = {"uid": uuid4(), "year": YEAR, "amount": 300_001, "reason": "Blev billigare."}
        with pytest.raises(flow.Refused) as refused:
            moving_money.hand_back(granted.writer, application.uid, **wish)
        assert str(refused.value).replace("\u00a0", " ") == (
            "Högst 300 000 kr är kvar av 2027. Beviljat: 1 000 000 kr. Använt, eller godkänt att betala: 700 000 kr. "
            "Redan begärt att flytta: 0 kr."
        )
        with pytest.raises(flow.Refused, match="Högst 300"):
            moving_money.ask(granted.writer, application.uid, to=target.uid, **wish)
        about = {"from_year": YEAR, "to_year": YEAR + 1, "amount": 300_001} | LATER
        with pytest.raises(flow.Refused, match="Högst 300"):
            carrying_over.ask(granted.writer, application.uid, uid=uuid4(), **about)
        cost = final.cost_of(granted.writer, application)
        assert (cost.percent, cost.left) == (-30, 300_000), "what is paid before the outturn has come is a cost too"
        moving_money.hand_back(granted.writer, application.uid, **wish | {"amount": 300_000})
        claims.move_claim(granted.money.economist, claim.uid, "betala")


def test_a_contract_of_nothing_binds_nothing(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        with pytest.raises(Invalid):
            outturn.bind(granted.writer, application.uid, uid=uuid4(), year=YEAR, amount=0, what="Lyktor")


def test_a_project_code_may_have_spaces_in_it(database, granted):
    with database.transaction():
        granted.application(code="P 77 b")
        row = Voucher("P 77 b", "2027-03", "V 1", 250_000)
        outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)
        assert outturn.rows_here([row.name, "P 77 2027-03 V 1"]) == {row.name}


def test_a_project_code_is_one_application_s_also_for_whoever_does_not_look_first(client, database, granted):
    with database.transaction():
        granted.application(code="P1")
        other = granted.application()
        here = f"/ansokningar/{other.uid}/genomforande"
        with pytest.raises(IntegrityError), db.savepoint():
            other.project_code = "P1"
    client.login(granted.writer)
    told = client.submit(f"{here}/projekt", {"project_code": "P1", "budget_reference": "KSU § 7"}, page=here)
    assert (told.status_code, "En annan ansökan har redan projektkoden." in told.text) == (422, True)


def test_a_file_of_vouchers_is_looked_at_by_one_question_however_long(database, granted, queries, clock):
    clock.stop_at("2027-06-01T09:00")
    with database.transaction():
        granted.application(code="P1")
    rows = [{"project_code": code, "period": "2027-03", "amount": 1} for code in ("P1", "P2") for _ in range(20)]
    with database.transaction(), queries() as asked:
        found = [[one.field for one in Outturn().look(granted.money.economist, None, row, {})] for row in rows]
    assert found == [[]] * 20 + [["project_code"]] * 20
    assert len([one for one in asked if "project_code" in one]) == 1
    odd = [{"project_code": "P1", "period": month, "amount": 1} for month in ("2031-01", "2026-03")]
    with database.transaction():
        ahead, elsewhere = ([*Outturn().look(granted.money.economist, None, row, {})] for row in odd)
    assert [(one.field, one.stops) for one in ahead] == [("period", True)]
    assert [(one.message, one.stops) for one in elsewhere] == [
        ("Ansökan har inga beviljade medel 2026. Kontrollera månaden och projektkoden.", False)
    ]


def test_a_year_that_cannot_be_right_says_so(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        known = {"uid": uuid4(), "year": YEAR}
        outturn.bind(granted.writer, application.uid, amount=9_000_000, what="Avtal 7", **known)
        known = {"uid": uuid4(), "year": YEAR, "period": "t1", "why": ""}
        outturn.foresee(granted.writer, application.uid, amount=10, **known)
        claim = _claim(granted, application, 450_000)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        claims.move_claim(granted.money.other, claim.uid, "granska")
        told = [one.replace("\u00a0", " ") for one in of_year(application, YEAR).warnings]
        assert told == [
            "2027 är 8 000 000 kr mer bundet i avtal än beviljat.",
            "Prognosen för 2027 är 449 990 kr lägre än det som redan är använt.",
        ]
