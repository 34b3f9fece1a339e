"""What an order does not count and yet must tell: who is not in it, and money that another round proposes."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event

from core import clock, db
from core.applications.models import Application, Proposal, Round
from core.applications.services import partiality, ranking, rounds
from core.people.services import organisation
from tests.applications.assessed import apply_for, give_frame
from tests.applications.test_ranking import order, ready


def other_round(prepared, amounts, state="forslag", frozen=None):
    """A round before this one, with one application that is proposed so many kronor by year from this one."""
    this, now = rounds.read_round(prepared.anna, prepared.round), clock.now()
    known = {"opens_at": now - timedelta(days=300), "closes_at": now - timedelta(days=250), "content": b""}
    row = Round(
        uid=uuid4(), programme_id=this.programme_id, year=this.year, number=77, state="fryst", frozen=frozen, **known
    )
    db.session().add(row)
    db.session().flush()
    one = apply_for(prepared, f"Förra {state}", amounts)
    one.round_id, one.state = row.id, state
    for later, kronor in enumerate(amounts):
        db.session().add(Proposal(application_id=one.id, year=prepared.year + later, amount=kronor))
    db.session().flush()
    return row, one


def test_what_waits_elsewhere_in_the_round_is_told_before_and_after_it_is_frozen(client, database, prepared):
    with database.transaction() as session:
        ready(prepared)
        late = apply_for(prepared, "Sen", [100_000])
        late.state = "komplettering"
        withdrawn = apply_for(prepared, "Tagen", [100_000])
        withdrawn.state = "aterkallad"
        session.flush()
        assert [one.id for one in order(prepared).outside] == [late.id]
    client.login(prepared.anna)
    page = f"/omgangar/{prepared.round}/ordning"
    told = client.get(page).text
    assert "En ansökan i omgången är inte med i ordningen." in told
    assert late.number in told
    assert "Komplettering begärd" in told
    with database.transaction():
        ranking.move_order(prepared.anna, prepared.round, "frys")
        db.session().get_one(Application, late.id).state = "inskickad"
    told = client.get(page).text
    assert "En ansökan i omgången var inte med i ordningen." in told
    assert "Komplettering begärd" in told, "as it stood then"


def test_money_that_another_round_proposes_is_told_and_not_taken_off(client, database, prepared):
    """Of a frozen order what stands above its line; nothing that is decided, and nothing of years that have been."""
    with database.transaction():
        ready(prepared)
        row, waiting = other_round(prepared, [700_000, 200_000])
        other_round_decided = apply_for(prepared, "Beslutad", [900_000])
        other_round_decided.round_id, other_round_decided.state = row.id, "beviljad"
        db.session().add(Proposal(application_id=other_round_decided.id, year=prepared.year, amount=900_000))
        db.session().flush()
        found = order(prepared)
        sums = {one.year: (one.number, one.kronor) for one in found.elsewhere}
        assert sums == {prepared.year: (77, 700_000), prepared.year + 1: (77, 200_000)}
        assert found.cut.frames[prepared.year] == 5_000_000
        rows = [{"application": str(waiting.uid), "proposed": {str(prepared.year): 650_000}}]
        row.frozen = {"schema": 1, "rows": rows}
        waiting.state = "bordlagd"
        db.session().flush()
        assert [(one.year, one.kronor) for one in order(prepared).elsewhere] == [(prepared.year, 650_000)]
    client.login(prepared.anna)
    page = f"/omgangar/{prepared.round}/ordning"
    words = f"varav 650\u00a0000 kr är föreslaget i omgång 77 {prepared.year}"
    assert words in client.get(page).text
    with database.transaction():
        ranking.move_order(prepared.anna, prepared.round, "frys")
        waiting.state = "beviljad"
    assert words in client.get(page).text, "the basis for the decision keeps what was so then"


def test_the_frozen_order_shows_what_the_live_one_did(client, database, prepared):
    """What is sought, what is left after each row and whose assessment does not count; no year that nobody asks for."""
    with database.transaction():
        ready(prepared)
        give_frame(prepared, prepared.economist, prepared.anna, 1_000, prepared.year + 4)
        torget = prepared.applications["Torget"]
        partiality.declare(prepared.bo, uid=uuid4(), application=torget, reason="Bor där.")
        ranking.move_order(prepared.anna, prepared.round, "frys")
    client.login(prepared.anna)
    told = client.get(f"/omgangar/{prepared.round}/ordning").text
    assert "Sökt, kr" in told
    assert f"Kvar {prepared.year}, kr" in told
    assert "Jäv: 1 räknas inte" in told
    assert told.count('data-label="Kvar i ram, kr"') == 2


def test_the_api_tells_what_the_page_does(client, database, prepared):
    """Live and frozen: who is not in the order and what it waits for, and what another round proposes."""
    with database.transaction() as session:
        ready(prepared)
        other_round(prepared, [700_000])
        late = apply_for(prepared, "Sen", [100_000])
        late.state = "komplettering"
        session.flush()
        farsta = organisation("sdn-farsta").name
    client.login(prepared.economist)
    at = f"/api/v1/rounds/{prepared.round}/order"
    named = {"application": str(late.uid), "number": late.number, "organisation": farsta}
    outside = [named | {"state": "komplettering"}]
    elsewhere = [{"year": prepared.year, "amount": 700_000, "round_year": prepared.year, "round_number": 77}]
    live = client.get(at).json
    assert (live["outside"], live["elsewhere"]) == (outside, elsewhere)
    with database.transaction():
        ranking.move_order(prepared.anna, prepared.round, "frys")
        db.session().get_one(Application, late.id).state = "inskickad"
    frozen = client.get(at).json
    assert (frozen["outside"], frozen["elsewhere"]) == (outside, elsewhere), "as it was then"


@contextmanager
def asked_of(database):
    """Gather what is asked of the database meanwhile: each statement with its values."""
    said = []
    listener = lambda _c, _k, sql, values, *_: said.append((sql, str(values)))  # noqa: E731 - to be removed again
    event.listen(database.engine, "before_cursor_execute", listener)
    yield said
    event.remove(database.engine, "before_cursor_execute", listener)


def test_the_frozen_order_of_another_round_is_read_once_however_many_of_it_wait(database, prepared):
    """It holds every row of that round: with each that waits it would be megabytes for a page."""
    with database.transaction():
        ready(prepared)
        row, first = other_round(prepared, [700_000])
        second = apply_for(prepared, "Också förra", [100_000])
        second.round_id, second.state = row.id, "forslag"
        rows = [{"application": str(one.uid), "proposed": {str(prepared.year): 50_000}} for one in (first, second)]
        row.frozen = {"schema": 1, "rows": rows}
        db.session().flush()
        with asked_of(database) as said:
            [one] = order(prepared).elsewhere
    assert one.kronor == 100_000
    assert [sql for sql, _ in said if ".frozen" in sql and "application" in sql] == []


def test_what_stands_beside_the_order_is_gathered_for_who_reads_it_only(database, prepared):
    """Neither to put rows by points nor to see whether all are proposed, which asks nothing of it; to freeze, once."""

    def beside(said):
        return [sql for sql, values in said if "bordlagd" in values and sql.startswith("SELECT application")]

    with database.transaction(), asked_of(database) as said:
        ready(prepared)
        ranking.rank_by_points(prepared.anna, prepared.round, version=None)
        assert beside(said) == []
        ranking.move_order(prepared.anna, prepared.round, "frys")
        assert len(beside(said)) == 2, "who is outside, and what is proposed elsewhere"
        ranking.move_order(prepared.anna, prepared.round, "tina", reason="Fel ordning")
        assert len(beside(said)) == 2
