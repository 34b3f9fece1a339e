"""The acceptance scenarios of domain.md 13 as far as the ledger goes: 1, 2, 8 and 10, from the decision to the file."""

import csv
import io
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import db, flow
from core.applications.models import ApplicationMeasure
from core.applications.services import answering, deciding, moving
from core.followup.services import claims, finance
from core.followup.services.money import years_of
from core.people.services import organisation
from core.reserve.models import Entry
from core.reserve.services import standing
from tests.applications.deciding import PROPOSED, decided, programme
from tests.applications.test_answering import costs
from tests.followup.conftest import YEAR
from tests.walks.scene import scene

__all__ = ["decided", "scene"]


def _years(actor, *years):
    found = {one.year: one for one in standing.years(actor, programme())}
    return [(found[year].granted, found[year].left) for year in years]


def _sent(actor):
    told = finance.make_file(actor, uid=uuid4()).file.decode("utf-8-sig")
    return [
        (row["namnd"], int(row["ar"]), int(row["belopp"])) for row in csv.DictReader(io.StringIO(told), delimiter=";")
    ]


def test_scenario_1_a_part_is_granted_over_two_years_and_the_revised_plan_moves_no_krona(database, decided):
    with database.transaction():
        assert _years(decided.economist, YEAR, YEAR + 1) == [(0, 13_450_000), (0, 4_700_000)]
        row = decided.record()
        assert _years(decided.economist, YEAR, YEAR + 1) == [(0, 13_450_000), (0, 4_700_000)]
        deciding.confirm(decided.second, row.uid)
        after = [(2_800_000, 10_650_000), (1_200_000, 3_500_000)]
        assert _years(decided.economist, YEAR, YEAR + 1) == after, "the next year is bound before it has begun"
        costs(decided.row(), PROPOSED)
        db.session().execute(update(ApplicationMeasure).values(amount=4_000_000))
        answering.accept(decided.applicant, decided.application)
        assert _years(decided.economist, YEAR, YEAR + 1) == after
        assert {one.year: one.granted for one in years_of(decided.economist, decided.row())} == PROPOSED
        assert _sent(decided.economist) == [("sdn-farsta", YEAR, 2_800_000), ("sdn-farsta", YEAR + 1, 1_200_000)]


def test_scenario_2_what_is_refused_at_submit_is_nowhere_in_the_book(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        application.state = "namndbeslutad"
        before = list(db.session().scalars(select(Entry.id)))
        with pytest.raises(flow.Refused) as refused:
            moving.take_step(granted.chief, application.uid, "skicka_in")
        assert len(refused.value.objections) > 5, "all that is missing is told at once"
        assert list(db.session().scalars(select(Entry.id))) == before
        with pytest.raises(flow.Refused):
            known = {"uid": uuid4(), "year": YEAR, "amount": 1, "what": "Lyktor"}
            claims.add_claim(granted.writer, application.uid, **known)


def test_scenario_8_what_was_granted_in_2022_goes_over_under_the_name_of_2022(database, granted):
    with database.transaction():
        granted.money.frame(10_000_000, year=2022)
        for board, year in (("sdn-rinkeby-kista", 2022), ("sdn-jarva", YEAR)):
            granted.money.grant((year, 2_000_000), organisation=organisation(board).id)
        shares = {
            year: [one.organisation.code for one in standing.shares(granted.money.economist, programme(), year)]
            for year in (2022, YEAR)
        }
        assert shares == {2022: ["sdn-rinkeby-kista"], YEAR: ["sdn-jarva"]}
        sent = [("sdn-rinkeby-kista", 2022, 2_000_000), ("sdn-jarva", YEAR, 2_000_000)]
        assert _sent(granted.money.economist) == sent


def test_scenario_10_who_works_for_the_board_does_not_check_its_claim(database, granted, actors):
    home = actors("slk_handlaggare", "sdn-farsta")
    with database.transaction():
        application = granted.application(1_000_000)
        known = {"uid": uuid4(), "year": YEAR, "amount": 1_000, "what": "Lyktor"}
        claim = claims.add_claim(granted.writer, application.uid, **known)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        with pytest.raises(flow.Refused) as refused:
            claims.move_claim(home, claim.uid, "granska")
        assert "från din egen organisation" in str(refused.value)
        claims.move_claim(granted.money.other, claim.uid, "granska")
        assert (claim.state, claim.checked_by_id) == ("granskad", granted.money.other.id)
