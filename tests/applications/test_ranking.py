"""The order of a round: moved by hand, laid against the frames, frozen as the basis for the decision."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy.orm.exc import StaleDataError

from core import access, clock, db, flow
from core.applications.models import ApplicationText
from core.applications.services import partiality, ranking, rounds
from core.applications.services.amounts import outcome
from core.applications.services.applications import make_move
from core.applications.services.proposed import Offer
from tests.applications.assessed import (
    apply_for,
    assess,
    assign,
    give_frame,
    hand_in,
    row_of,
    said,
    suggest,
    titles,
)


def move(prepared, title, to, version=None, actor=None):
    return ranking.move_row(
        actor or prepared.anna, prepared.round, prepared.applications[title], to=to, version=version
    )


def order(prepared, actor=None):
    return ranking.order_of(actor or prepared.anna, prepared.round)


def fits(prepared):
    return {line.application.title: placed.fits for line, placed in order(prepared).rows}


def ready(prepared, *amounts):
    """Assess and propose all three: all that they seek, or these amounts by title."""
    wished = {"Belysning": (2_000_000, 500_000), "Bänkar": (2_500_000,), "Torget": (1_500_000,)} | dict(amounts)
    for title, years in wished.items():
        assess(prepared, title)
        suggest(prepared, title, *years)
        make_move(prepared.anna, row_of(prepared, title), "lamna_forslag")


def test_the_line_stands_where_the_money_of_a_year_ends(database, prepared):
    """5 000 000 kr this year; next year there is no frame yet, so that Belysning's half million finds none."""
    with database.transaction():
        found = order(prepared)
        assert found.cut.lines == {prepared.year: 2, prepared.year + 1: 0}
        assert fits(prepared) == {"Belysning": False, "Bänkar": True, "Torget": False}
        give_frame(prepared, prepared.economist, prepared.anna, 600_000, prepared.year + 1)
        assert fits(prepared) == {"Belysning": True, "Bänkar": True, "Torget": False}
        assert order(prepared).cut.remains == {prepared.year: 500_000, prepared.year + 1: 100_000}
        assert [placed.left[prepared.year] for _, placed in order(prepared).rows] == [3_000_000, 500_000, -1_000_000]


def test_another_place_in_the_order_moves_the_line_for_everybody(database, prepared):
    with database.transaction():
        give_frame(prepared, prepared.economist, prepared.anna, 600_000, prepared.year + 1)
        move(prepared, "Torget", 1)
        for actor in (prepared.anna, prepared.bo, prepared.economist):
            assert titles(prepared, actor) == ["Torget", "Belysning", "Bänkar"]
        assert fits(prepared) == {"Torget": True, "Belysning": True, "Bänkar": False}
        move(prepared, "Torget", 99)
        assert titles(prepared) == ["Belysning", "Bänkar", "Torget"]
        late = apply_for(prepared, "En sen", [100])
        assert titles(prepared)[-1] == late.title, "what comes later stands last"


def test_two_who_move_at_once_are_told_and_nothing_is_lost(database, prepared):
    with database.transaction():
        version = rounds.read_round(prepared.anna, prepared.round).version
        move(prepared, "Torget", 1, version)
        with pytest.raises(db.Stale):
            move(prepared, "Bänkar", 1, version, prepared.bo)
        move(prepared, "Bänkar", 1, version + 1, prepared.bo)
        assert titles(prepared) == ["Bänkar", "Torget", "Belysning"]


def test_by_points_and_what_has_none_comes_last(database, prepared):
    with database.transaction():
        assess(prepared, "Bänkar", 3)
        assess(prepared, "Torget", 1)
        ranking.rank_by_points(prepared.anna, prepared.round, version=None)
        assert titles(prepared) == ["Bänkar", "Torget", "Belysning"]
        assert [one.verdict.total if one.verdict else None for one in order(prepared).lines] == [100, 33, None]


def test_the_order_is_by_the_points_as_they_are_not_as_they_are_shown(database, prepared):
    """62,5 and 63,33 are both shown as 63; the higher stands first."""
    with database.transaction():
        for title, low in (("Bänkar", "koppling"), ("Torget", "problembild")):
            assign(prepared, title)
            hand_in(prepared.anna, prepared, title)
            hand_in(prepared.bo, prepared, title, **{low: 1})
        ranking.rank_by_points(prepared.anna, prepared.round, version=None)
        assert titles(prepared)[:2] == ["Torget", "Bänkar"]
        assert [one.verdict.total for one in order(prepared).lines[:2]] == [63, 63]


def test_part_of_what_is_sought_is_what_the_line_counts(database, prepared):
    with database.transaction():
        assess(prepared, "Belysning")
        suggest(prepared, "Belysning", 1_000_000)
        first = order(prepared).rows[0]
        assert (first[0].outcome, first[1].fits, first[1].left[prepared.year]) == ("delvis_beviljad", True, 4_000_000)
        assert order(prepared).cut.lines == {}
        suggest(prepared, "Belysning", 0)
        assert order(prepared).rows[0][0].outcome == "avslag"
        assert not order(prepared).rows[0][1].fits
        assert order(prepared).cut.remains[prepared.year] == 1_000_000


def test_a_proposal_comes_to_the_same_in_the_order_and_at_the_meeting():
    """Also when what is sought has been lowered since it was proposed."""
    for proposed, comes_to in ((None, ""), ({}, "avslag"), ({2027: 4}, "delvis_beviljad"), ({2027: 6}, "beviljad")):
        offer = Offer({2027: 5}, proposed or {}, known=proposed is not None)
        assert outcome({2027: 5}, proposed) == offer.outcome == comes_to


def test_shares_and_the_running_cost_of_what_fits(database, prepared):
    """Belysning is ready next year, so that its first dear year is the third from now; Bänkar this year."""
    with database.transaction() as session:
        give_frame(prepared, prepared.economist, prepared.anna, 600_000, prepared.year + 1)
        for title, later in (("Belysning", 1), ("Bänkar", 0)):
            text = session.get_one(ApplicationText, row_of(prepared, title).id)
            text.completes_on = clock.today().replace(year=prepared.year + later, month=6, day=1)
        session.flush()
        found = order(prepared)
        assert ranking.shares(found) == [("Farsta stadsdelsnämnd", 5_000_000)]
        by_year, carried = ranking.running_costs(found)
        assert by_year[prepared.year + 1] == 10_000
        assert by_year[prepared.year + 3] == 70_000
        assert carried == {"Farsta stadsdelsnämnd": 70_000}


class TestFrozen:
    """Read only afterwards, opened again with a reason."""

    def test_it_is_frozen_when_all_are_proposed_and_noted(self, database, prepared, client):
        with database.transaction():
            assign(prepared, "Bänkar")
            hand_in(prepared.anna, prepared, "Bänkar", 3)
            hand_in(prepared.bo, prepared, "Bänkar", 1)
            with pytest.raises(flow.Refused) as refused:
                ranking.move_order(prepared.anna, prepared.round, "frys")
            numbers = {title: row_of(prepared, title).number for title in prepared.applications}
            assert said(refused) == [
                f"{numbers['Belysning']} har inget förslag till beslut än.",
                f"Gemensam not saknas för {numbers['Bänkar']}.",
                f"{numbers['Torget']} har inget förslag till beslut än.",
            ]
        client.login(prepared.anna)
        told = client.get(f"/omgangar/{prepared.round}/ordning").text
        assert f"Skriv gemensam not för {numbers['Bänkar']}. Sedan återstår 2 till innan ordningen" in told

    def test_who_and_when_and_what_stands_whatever_happens_then(self, database, prepared):
        with database.transaction():
            ready(prepared)
            partiality.declare(
                prepared.ceri, uid=uuid4(), application=prepared.applications["Torget"], reason="Bor där."
            )
            row = ranking.move_order(prepared.ceri, prepared.round, "frys")
            kept = row.frozen
            assert (kept["schema"], kept["by"]["organisation"]) == (1, "Stadsledningskontoret")
            assert row.frozen_by_id == prepared.ceri.id
            assert [one["title"] for one in kept["rows"]] == ["Belysning", "Bänkar", "Torget"]
            assert [one["points"] for one in kept["rows"]] == [67, 67, 67], "also of what who froze it may not read"
            assert [one["outcome"] for one in kept["rows"]] == ["avslag", "beviljad", "avslag"]
            assert kept["rows"][2]["wished"] == {str(prepared.year): 1_500_000}
            assert kept["rows"][2]["proposed"] == {}, "under the line it is proposed nothing"
            assert kept["rows"][1]["proposed"] == {str(prepared.year): 2_500_000}
            for change in (
                lambda: move(prepared, "Torget", 1),
                lambda: suggest(prepared, "Torget", 1),
                lambda: ranking.rank_by_points(prepared.anna, prepared.round, version=None),
                lambda: make_move(prepared.anna, row_of(prepared, "Torget"), "bedom_igen", reason="Nytt."),
            ):
                with pytest.raises(flow.Refused, match="fryst"):
                    change()
            assert row.frozen == kept

    def test_opened_again_with_a_reason(self, database, prepared):
        with database.transaction():
            ready(prepared)
            ranking.move_order(prepared.anna, prepared.round, "frys")
            with pytest.raises(flow.Refused, match="Skriv varför"):
                ranking.move_order(prepared.anna, prepared.round, "tina")
            row = ranking.move_order(prepared.anna, prepared.round, "tina", reason="En nämnd drog sig ur.")
            assert (row.state, row.frozen, row.frozen_by_id) == ("bereds", None, None)
            move(prepared, "Torget", 1)

    def test_only_who_ranks_does_it(self, database, prepared):
        with database.transaction():
            for actor in (prepared.economist, prepared.boss):
                with pytest.raises(access.Denied):
                    ranking.move_order(actor, prepared.round, "frys")
                with pytest.raises(access.Denied):
                    move(prepared, "Torget", 1, actor=actor)
            with pytest.raises(access.Denied):
                order(prepared, prepared.boss)


def test_an_order_is_read_in_as_many_queries_however_long_it_is(database, prepared, queries):
    with database.transaction(write=False), queries() as few:
        order(prepared)
    with database.transaction():
        for number in range(20):
            apply_for(prepared, f"Nummer {number:02}", [1_000])
            assess(prepared, f"Nummer {number:02}")
    with database.transaction(write=False), queries() as many:
        assert len(order(prepared).lines) == 23
    assert len(many) == len(few) <= 12


def test_while_a_round_is_open_there_is_no_order_to_change(database, prepared):
    with database.transaction() as session:
        row = rounds.read_round(prepared.anna, prepared.round)
        row.state, row.closes_at = "oppnad", clock.now() + timedelta(days=1)
        session.flush()
        with pytest.raises(flow.Refused, match="medan omgången bereds"):
            move(prepared, "Torget", 1)


@pytest.mark.one_database("postgres")
def test_of_two_moves_from_the_same_page_one_is_made(database, prepared):
    with database.transaction(write=False):
        version = rounds.read_round(prepared.anna, prepared.round).version
    begin = Barrier(6)

    def one(number):
        begin.wait()
        try:
            with database.transaction():
                return move(prepared, ("Torget", "Bänkar")[number % 2], 1, version)
        except (db.Stale, StaleDataError):
            return None

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(one, range(6)))
    assert sum(row is not None for row in made) == 1
