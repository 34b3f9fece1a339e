"""1,970 real grants as applications: every first page of money asks the database at most twelve times."""

from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select

from benchmarks.rows.pages_of_money import PAGES
from benchmarks.seeds import grants
from core import db
from core.applications.models import Application, Ranked, Round
from core.applications.services import ranking
from core.applications.services.coach import TOLD_IN
from core.followup.services import city
from core.followup.services.asked import Asked, Boards
from core.people.models import Organisation
from core.reserve.models import Frame
from core.reserve.services import standing
from core.reserve.services.programmes import programmes

MOST, COACH = 12, 9
"""How many times a page asks, and the coach beside an application with what was tried before."""
CITY = (
    *PAGES,
    "/ansokningar?visa=genomfors",
    "/uppfoljning/ombudgetering",
    "/uppfoljning/omdisponering",
    "/api/v1/rounds",
    "/api/v1/rounds/{round}/order",
    "/api/v1/decisions",
    "/api/v1/programmes",
)
"""Those whose time is measured with 50,000 (row 14 of the benchmarks), and a few more."""
READERS = {
    ("slk_handlaggare", "slk"): CITY,
    ("slk_ekonom", "slk"): ("/reserven", "/reserven/bokningar", "/rekvisitioner", "/api/v1/bookings"),
    ("ks_las", "slk"): ("/uppfoljning",),
    ("sdn_handlaggare", "sdn-farsta"): ("/ansokningar", "/rekvisitioner", "/rapporter", "/omgangar/{round}"),
}


@dataclass
class Volume:
    """The round that is being prepared with its year, an application in it, and one still written with whose it is."""

    round: UUID
    year: int
    application: UUID
    draft: UUID
    writer: str


@pytest.fixture
def volume(shared_data, database):
    rows = grants.grants(shared_data)
    grants.plant(database.transaction, rows, len(rows))
    with database.transaction(write=False):
        assert db.session().query(Application).count() == 1970
        round_ = db.session().scalars(select(Round).where(Round.state == "bereds")).one()
        own = select(Application.uid).where(Application.round_id == round_.id).order_by(Application.id).limit(1)
        mended = select(Application.uid, Organisation.code)
        mended = mended.join(Organisation, Organisation.id == Application.organisation_id)
        mended = mended.where(Application.state.in_(TOLD_IN)).order_by(Application.id).limit(1)
        draft = db.session().execute(mended).one()
        return Volume(round_.uid, round_.year, db.session().scalars(own).one(), draft.uid, draft.code)


@pytest.mark.other_database_long
def test_first_pages_ask_at_most_twelve_times(client, database, actors, volume, queries):
    asked_more = {}
    for reader, addresses in READERS.items():
        client.login(actors(*reader))
        client.get("/ansokningar")  # the first page of a session notes that somebody is there
        for address in (one.format(**vars(volume)) for one in addresses):
            with queries() as asked:
                answer = client.get(address)
            assert answer.status_code == 200, address
            if (found := len(_content(asked))) > MOST:
                asked_more[reader[0], address] = found
    assert asked_more == {}


def _content(asked):
    return [one for one in asked if one.startswith(("SELECT", "WITH")) and "FROM plugin" not in one]


@pytest.mark.other_database_long
def test_the_coach_beside_an_application_asks_nine_times_more(client, database, actors, volume, queries):
    client.login(actors("sdn_handlaggare", volume.writer))
    client.get("/ansokningar")
    with queries() as asked:
        answer = client.get(f"/ansokningar/{volume.draft}")
    assert answer.status_code == 200
    assert len(_content(asked)) <= MOST + COACH, "\n".join(asked)


@pytest.mark.other_database_long
def test_one_of_two_hundred_is_moved_by_one_statement_and_all_others_keep_their_order(
    client, database, actors, volume, queries
):
    reader = actors("slk_handlaggare", "slk")
    with database.transaction() as session:
        order = [one.uid for one in ranking.places_in(session.scalars(select(Round).filter_by(uid=volume.round)).one())]
        assert len(order) == 195
        with queries() as asked:
            ranking.move_row(reader, volume.round, order[-1], to=1, version=None)
        assert len([one for one in asked if one.startswith("UPDATE ranked")]) == 1
        assert len(asked) <= 15, "\n".join(asked)
        after = [one.application.uid for one in ranking.order_of(reader, volume.round).lines]
        assert after == [order[-1], *order[:-1]]
        places = session.scalars(select(Ranked.position).order_by(Ranked.position)).all()
        assert places == list(range(1, 196))


@pytest.mark.other_database_long
def test_what_the_reserve_and_the_view_tell_is_what_the_book_has(database, actors, volume):
    """However they are summed: the frame that the database keeps by itself says the same."""
    reader = actors("slk_handlaggare", "slk")
    with database.transaction(write=False) as session:
        [one, *_] = programmes()
        frame = session.scalars(select(Frame).filter_by(programme_id=one.id, year=volume.year)).one()
        asked = Asked(volume.year, Boards())
        money = next(row for row in city.money_of(reader, asked) if row.programme is one)
        year = next(row for row in standing.years(reader, one) if row.year == volume.year)
        shares = standing.shares(reader, one, volume.year)
        boards = city.boards_of(reader, asked)
        assert frame.granted > 0
        assert {frame.granted, money.granted, year.granted, sum(row.granted for row in shares)} == {frame.granted}
        assert sum(row.granted for row in boards) == frame.granted
        assert money.used == year.used == sum(row.used for row in shares) == sum(row.used for row in boards)
        wish = standing.Wish(programme=one.uid, year=volume.year)
        latest = standing.list_bookings(reader, wish).rows
        assert latest[0].left == frame.amount - frame.granted
        for newer, older in pairwise(latest):
            granted = sum(line.amount for line in newer.lines if line.account == "beviljat")
            assert older.left == newer.left + granted or newer.left is None or older.left is None
