"""How the reserve stands: sums of the book, a year and a board at a time."""

from core.people.services import organisation
from core.reserve.services import book, standing
from core.reserve.words import said
from tests.reserve.conftest import YEAR


def said_of(money):
    """What is said of how the year stands."""
    return [str(one) for one in said(standing.years(money.economist, money.programme, foreseen=YEAR), YEAR)]


def test_a_year_is_what_was_booked_of_it(database, money):
    with database.transaction():
        farsta = organisation("sdn-farsta")
        money.frame(10_000_000)
        money.frame(2_000_000, kind="tillskott")
        booked = money.grant((YEAR, 4_000_000), (YEAR + 1, 0), organisation=farsta.id)
        lines = [book.Line(YEAR, "bokfort", 1_500_000), book.Line(YEAR, "prognos", 3_500_000)]
        money_of = {"by": money.economist, "organisation": farsta.id, "matter": booked.matter, "number": "TI-2027-001"}
        book.post(book.HOUSE, uid=booked.matter, programme=money.programme, kind="utfall", lines=lines, **money_of)
        [year] = [one for one in standing.years(money.economist, money.programme) if one.year == YEAR]
        assert (year.frame, year.granted, year.left) == (12_000_000, 4_000_000, 8_000_000)
        assert (year.used, year.forecast, year.unused) == (1_500_000, 3_500_000, 2_500_000)
        [share] = standing.shares(money.economist, money.programme, YEAR)
        assert (share.organisation.code, share.granted, share.used) == ("sdn-farsta", 4_000_000, 1_500_000)
        assert book.of_matter(booked.matter) == {
            YEAR: {"beviljat": 4_000_000, "bokfort": 1_500_000, "prognos": 3_500_000}
        }
        told = said_of(money)
        assert told[0] == "8\u00a0000\u00a0000\u00a0kr är kvar att besluta 2027."
        assert "500\u00a0000\u00a0kr under det som är beviljat" in told[1]
        money.grant((YEAR, 2_000_000), organisation=farsta.id)
        told = said_of(money)
        assert told[1] == "En beviljad ansökan saknar prognos för 2027."
        assert "500\u00a0000\u00a0kr under det som de har beviljats" in told[2], "not held against what has none"


def test_a_board_sees_what_there_is_to_grant_and_its_own_bookings_only(database, money, actors):
    with database.transaction():
        money.frame(10_000_000)
        money.grant((YEAR, 1_000_000), organisation=organisation("sdn-farsta").id)
        money.grant((YEAR, 2_000_000), organisation=organisation("sdn-bromma").id)
    farsta = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction():
        found = standing.list_bookings(farsta)
        assert [row.booking.organisation.code for row in found.rows] == ["sdn-farsta"]
        assert [share.granted for share in standing.shares(farsta, money.programme, YEAR)] == [1_000_000]
        [year] = [one for one in standing.years(farsta, money.programme) if one.year == YEAR]
        assert (year.granted, year.used, year.forecast) == (3_000_000, 0, None)


def test_what_could_still_be_granted_is_told_of_each_booking(database, money):
    wish = standing.Wish(programme=money.programme.uid, year=YEAR)
    with database.transaction():
        money.frame(10_000_000)
        money.grant((YEAR, 4_000_000))
        money.grant((YEAR, 1_000_000), (YEAR - 1, 0))
        first = standing.list_bookings(money.economist, wish, limit=2)
        assert [row.left for row in first.rows] == [5_000_000, 6_000_000]
        rest = standing.list_bookings(money.economist, wish, after=first.after, limit=2)
        assert [row.left for row in rest.rows] == [10_000_000]


def test_a_list_of_bookings_asks_as_much_for_forty_as_for_four(database, money, queries):
    wish = standing.Wish(programme=money.programme.uid, year=YEAR)
    with database.transaction():
        money.frame(100_000_000)
        for _ in range(3):
            money.grant((YEAR, 1_000))
    with database.transaction(), queries() as few:
        standing.list_bookings(money.economist, wish)
    with database.transaction():
        for _ in range(36):
            money.grant((YEAR, 1_000))
    with database.transaction(), queries() as many:
        assert len(standing.list_bookings(money.economist, wish).rows) == 40
    assert len(many) == len(few) <= 5
