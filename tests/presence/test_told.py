"""What presence tells elsewhere: what waits for whom, its lists as files, the API, what is to come."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core import clock, db
from core.documents import every_kind
from core.journal import PROTECTED, JournalDetail, JournalLine
from core.places.models import Place
from core.presence import few, hooks, services
from core.presence.models import PatrolRequest
from tests.presence.conftest import arrange, count, promise, request_patrols

pytestmark = pytest.mark.other_database_long

MARCH = datetime(2027, 3, 15, 12, tzinfo=UTC)


def waits(actor):
    return [str(one.title) for one in hooks.tryggplats_todo(actor, 20)]


def test_each_finds_what_waits_for_them_and_nobody_elses(database, crew):
    with clock.frozen(datetime(2027, 2, 1, tzinfo=UTC)), database.transaction():
        over = arrange(crew, title="Marknad", starts_on=date(2027, 2, 3), ends_on=date(2027, 2, 4), yearly=True)
        services.move_activation(crew.board, over.uid, "gor_klar")
        promise(crew)
    with clock.frozen(MARCH), database.transaction():
        row = request_patrols(crew)
        assert waits(crew.board) == [
            "Skriv hur det gick: Marknad",
            "Skriv in 2027-02 för ordningsvakter",
            f"Skicka begäran om ordningsvakter {row.number}",
        ]
        assert (waits(crew.office), waits(crew.other), waits(crew.traffic)) == ([], [], [])
    with clock.frozen(MARCH), database.transaction():
        services.move_request(crew.board, row.uid, "skicka")
        told = {"visitors": 300, "visitors_how": "", "outcome": "Livligt."}
        services.report_activation(crew.board, over.uid, **told)
        services.move_activation(crew.board, over.uid, "avsluta")
        assert waits(crew.office) == [f"Svara på begäran om ordningsvakter {row.number}"]
        assert waits(crew.board)[0] == "Planera nästa år: Marknad"
    with clock.frozen(MARCH), database.transaction():
        services.next_year(crew.board, over.uid)
        assert "Planera nästa år: Marknad" not in waits(crew.board)
        coming = [str(one.title) for one in hooks.tryggplats_dates(crew.board, clock.now(), 9)]
    assert coming == ["Marknad"]


def test_what_waits_on_a_protected_place_says_so_that_no_letter_names_it(database, crew):
    with database.transaction():
        db.session().execute(update(Place).where(Place.uid == crew.place).values(level=2))
    with clock.frozen(MARCH), database.transaction():
        promise(crew)
        request_patrols(crew)
        assert [one.level for one in hooks.tryggplats_todo(crew.board, 20)] == [2, 2]


def test_the_journal_tells_nothing_of_what_is_done_on_a_place_that_has_become_secret(database, crew):
    with clock.frozen(MARCH), database.transaction():
        plan, row = promise(crew), request_patrols(crew)
        for model in (Place, PatrolRequest):
            db.session().execute(update(model).values(level=PROTECTED))
    with clock.frozen(MARCH), database.transaction():
        told = {"hours": Decimal(40), "contacts": 9, "note": ""}
        services.report_month(crew.board, plan.uid, month=date(2027, 2, 1), **told)
        wish = {name: getattr(row, name) for name in ("starts_on", "ends_on", "begins", "ends")}
        services.change_request(crew.board, row.uid, version=None, hours=Decimal(90), **wish)
    with database.transaction():
        rows = select(JournalLine.action, JournalDetail.detail)
        rows = rows.join(JournalDetail, JournalDetail.seq == JournalLine.seq)
        known = dict(db.session().execute(rows).all())
    assert [known[action] for action in ("presence:report", "patrol:change")] == [{}, {}]


def rows_of(key, actor):
    return list(every_kind()[key].gather(actor, actor.uid).sheet.rows)


def test_the_file_of_presence_asks_as_much_of_the_database_however_long_it_is(database, crew, queries):
    seen = []
    for _ in range(2):
        with clock.frozen(MARCH), database.transaction():
            promise(crew)
        with clock.frozen(MARCH), database.transaction(write=False), queries() as asked:
            rows_of("presence:plans", crew.office)
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_files_hold_what_their_reader_may_be_told(database, crew):
    with clock.frozen(MARCH), database.transaction():
        plan = promise(crew)
        services.report_month(crew.board, plan.uid, month=MARCH.date(), hours=Decimal(8), contacts=2, note="")
        arrange(crew, cost=120_000)
        count(crew.board, crew, children_passing=2, children_staying=0)
        request_patrols(crew)
    with clock.frozen(MARCH), database.transaction(write=False):
        contacts = {who: rows_of("presence:plans", actor)[0][-1] for who, actor in vars(crew).items() if who in WHO}
        [arranged] = rows_of("presence:activations", crew.office)
        [counted] = rows_of("presence:counts", crew.traffic)
        [asked] = rows_of("presence:patrols", crew.office)
    assert contacts == {"board": 2, "office": few.FEWER}
    assert (arranged[1], arranged[8], arranged[10]) == ("Sommargata", 120_000, "Planerad")
    assert (counted[2], counted[6], counted[11]) == ("fredag", few.FEWER, 324)
    assert (asked[5], asked[6]) == (100, 0)


WHO = ("board", "office")


def test_the_api_leaves_out_what_may_not_be_told(client, database, crew, actors):
    with clock.frozen(MARCH), database.transaction():
        count(crew.board, crew, children_passing=2, children_staying=0)
        arrange(crew, permits=["polistillstand"])
    bearer = actors.token(crew.traffic)
    [told] = client.get("/api/v1/flow-counts", headers=bearer).json["items"]
    assert (told["children_passing"], told["adults_passing"], told["per_hour"]) == (None, None, 324)
    [line] = client.get("/api/v1/activations", headers=bearer).json["items"]
    whole = client.get(f"/api/v1/activations/{line['uid']}", headers=bearer).json
    assert [(one["kind"], one["state"]) for one in whole["permits"]] == [("polistillstand", "behovs")]
    assert client.get("/api/v1/activations", headers=actors.token(crew.other)).json["items"] == []
