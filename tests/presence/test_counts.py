"""Counts that compare what is alike, the experience index, planning projects, and all of it on the place's page."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from core import access, clock, flow
from core.people.waiting import todos
from core.presence import few, services
from core.presence.limits import CONSULTATION, GOAL
from core.schema import Invalid
from core.upkeep.services import deadlines_of
from tests.presence.conftest import arrange, count, promise, request_patrols, uid_of

MARCH = datetime(2027, 3, 15, 12, tzinfo=UTC)


def test_the_same_weekday_and_band_are_compared_over_time(database, crew):
    with clock.frozen(MARCH), database.transaction():
        count(crew.board, crew, day=date(2027, 3, 12), minutes=20)
        count(crew.board, crew)
        count(crew.board, crew, day=date(2027, 1, 9))
        count(crew.board, crew, band="17-20")
    with clock.frozen(MARCH), database.transaction():
        lines = services.compared(crew.traffic, crew.place)
    told = [(line.weekday, line.band, [(str(one.count.day), one.per_hour) for one in line.counts]) for line in lines]
    assert told == [
        (4, "17-20", [("2027-01-08", 408)]),
        (4, "20-23", [("2027-01-08", 408), ("2027-03-12", 204)]),
        (5, "20-23", [("2027-01-09", 408)]),
    ]
    assert lines[0].counts[0].staying_percent == 26


def test_a_count_lies_within_its_band_and_adds_up(database, crew):
    with clock.frozen(datetime(2027, 3, 27, 22, 30, tzinfo=UTC)), database.transaction():
        count(crew.board, crew, day=date(2027, 3, 27), band="23-02", minutes=30)
    for wrong, words in (
        ({"day": date(2027, 3, 27), "band": "02-05", "minutes": 121}, "120 minuter den dagen"),
        ({"women": 60, "men": 9}, "fler än alla som räknats, 68"),
        ({"band": "natt"}, "i listan"),
        ({"day": date(2027, 4, 2)}, "tidigare dag"),
    ):
        with (
            clock.frozen(datetime(2027, 4, 1, tzinfo=UTC)),
            pytest.raises(Invalid, match=words),
            database.transaction(),
        ):
            count(crew.board, crew, **wrong)


def test_few_are_told_to_those_who_counted_only(database, crew):
    with clock.frozen(MARCH), database.transaction():
        row = count(crew.board, crew, children_passing=2, children_staying=0)
        own, others = services.told(crew.board, row), services.told(crew.traffic, row)
    assert (own.numbers["children_passing"], own.passing, own.people) == (2, 42, 54)
    assert others.numbers["children_passing"] == few.FEWER
    assert others.numbers["adults_passing"] == few.UNTOLD, "or the two could be reckoned from the sum"
    assert (others.people, others.staying_percent) == (54, None)
    with database.transaction():
        assert services.list_counts(crew.other).rows == []


# --- The experience index -----------------------------------------------------------------------------------------


def ask_people(crew, phase, day, *counts):
    known = {"title": f"Enkät {phase}", "phase": phase, "first_on": day, "last_on": day, "how": "På torget"}
    row = services.add_survey(crew.board, uid=uuid4(), organisation="sdn-farsta", place=crew.place, **known)
    services.write_answers(crew.board, row.uid, question="kvall", counts=counts)
    return row


def test_two_small_numbers_are_not_reckoned_from_the_whole(database, crew):
    with clock.frozen(MARCH), database.transaction():
        row = count(crew.board, crew, children_passing=1, children_staying=1)
        assert services.told(crew.traffic, row).numbers["adults_passing"] == few.UNTOLD


def test_before_and_after_with_their_uncertainty(database, crew):
    with clock.frozen(MARCH), database.transaction():
        before = ask_people(crew, "fore", date(2027, 1, 10), 20, 20, 10, 0, 0)
        after = ask_people(crew, "efter", date(2027, 3, 10), 0, 5, 10, 25, 10)
        few_asked = ask_people(crew, "efter", date(2027, 3, 14), 0, 0, 0, 0, 4)
    with clock.frozen(MARCH), database.transaction():
        [index] = services.indexes_of(crew.board, [before])[before.id]
        assert (index.n, index.mean, index.low, index.high) == (50, 1.8, 1.59, 2.01)
        first, [compared] = services.before_and_after(crew.board, after)
        assert (first.id, compared.change, compared.sure) == (before.id, 2.0, True)
        [hidden] = services.indexes_of(crew.board, [few_asked])[few_asked.id]
        assert (hidden.n, hidden.mean, hidden.low) == (None, None, None)
        _, [unsure] = services.before_and_after(crew.board, few_asked)
        assert (unsure.change, unsure.sure) == (None, False)


# --- Planning projects --------------------------------------------------------------------------------------------


def project(crew):
    known = {"title": "Nya centrum", "kind": "detaljplan", "starts_on": date(2027, 1, 1), "place": crew.place}
    return services.add_project(crew.traffic, uid=uuid4(), organisation="trafik", **known)


def test_a_plan_is_not_adopted_before_the_safety_side_has_answered(database, crew):
    with clock.frozen(MARCH), database.transaction():
        row = project(crew)
        services.move_project(crew.traffic, row.uid, "samrada")
    with clock.frozen(MARCH), pytest.raises(flow.Refused, match="Fråga trygghetssidan"), database.transaction():
        services.move_project(crew.traffic, row.uid, "granska")
    with clock.frozen(MARCH), database.transaction():
        made = services.ask(crew.traffic, row.uid, asked=uid_of("sdn-farsta"), question="Var är det otryggt?")
        [frist] = deadlines_of(crew.board, "planning_consultation", made.uid)
        assert (frist.kind, frist.due_on) == (CONSULTATION, date(2027, 4, 7))
    with clock.frozen(MARCH), pytest.raises(flow.Refused, match="har inte svarat"), database.transaction():
        services.move_project(crew.traffic, row.uid, "granska")
    with pytest.raises(access.Denied), database.transaction():
        services.answer(crew.traffic, made.uid, text="Vi svarar själva.")
    with clock.frozen(MARCH), database.transaction():
        services.answer(crew.board, made.uid, text="Vid tunneln.")
        [frist] = deadlines_of(crew.board, "planning_consultation", made.uid)
        row = services.move_project(crew.traffic, row.uid, "granska")
    assert (frist.state, row.state) == ("klar", "granskning")


def test_the_police_is_told_of_a_question_and_answers_it_on_the_page(database, crew, actors, client):
    police = actors("polis", "polis-farsta")
    with database.transaction():
        row = project(crew)
        services.ask(crew.traffic, row.uid, asked=uid_of("polis-farsta"), question="Vilka platser larmas ni till?")
        wanted = {"text": "Vägen är trygg", "follow_up_on": clock.today() + timedelta(days=9)}
        services.add_goal(crew.traffic, row.uid, responsible=uid_of("polis-farsta"), **wanted)
        waits = [one for one in todos(set(), police)[0] if one.key.startswith("presence:projekt")]
    assert [(one.title, bool(one.due_at), one.state) for one in waits] == [
        ("Följ upp socialt mål", True, "I tid"),
        ("Svara planprojektet", True, "I tid"),
    ]
    client.login(police)
    here = f"/planprojekt/{row.uid}"
    form = re.search(r'action="(/planprojekt/fragor/[^"]+)"', client.get(here).text)[1]
    assert client.submit(form, {"text": "Till tunneln."}, page=here).status_code == 303
    with database.transaction():
        assert [one.title for one in todos(set(), police)[0]] == ["Följ upp socialt mål"]


def test_a_social_goal_is_followed_up_by_whoever_answers_for_it(database, crew):
    with clock.frozen(MARCH), database.transaction():
        row = project(crew)
        wanted = {"text": "Vägen är trygg på kvällen", "follow_up_on": date(2027, 9, 1)}
        goal = services.add_goal(crew.traffic, row.uid, responsible=uid_of("sdn-farsta"), **wanted)
        [frist] = deadlines_of(crew.board, "planning_goal", goal.uid)
        assert (frist.kind, frist.due_on) == (GOAL, date(2027, 9, 1))
    with pytest.raises(access.Missing), database.transaction():
        services.follow_up_goal(crew.other, goal.uid, result="ej", why="Vet ej.")
    with clock.frozen(MARCH), database.transaction():
        services.ask(crew.traffic, row.uid, asked=uid_of("sdn-skarpnack"), question="Vad tycker ni?")
    reads = replace(crew.board.grants[0], role="laser_bara")
    with pytest.raises(access.Denied), database.transaction():
        both = replace(crew.other, grants=(*crew.other.grants, reads))
        services.follow_up_goal(both, goal.uid, result="ej", why="Vet ej.")
    with clock.frozen(MARCH), database.transaction():
        goal = services.follow_up_goal(crew.board, goal.uid, result="delvis", why="Ljuset är på plats.")
        [frist] = deadlines_of(crew.board, "planning_goal", goal.uid)
        assert (frist.state, goal.followed_on) == ("klar", date(2027, 3, 15))


def test_a_goal_is_followed_up_on_a_day_that_comes(database, crew, client):
    with database.transaction():
        here, board = f"/planprojekt/{project(crew).uid}", str(uid_of("sdn-farsta"))
    client.login(crew.traffic)
    known = {"text": "Vägen är trygg", "responsible": board, "follow_up_on": "2020-01-01"}
    answer = client.submit(f"{here}/mal", known, page=here)
    assert (answer.status_code, "Dagen har redan varit. Välj i dag eller en senare dag." in answer.text) == (422, True)
    known["follow_up_on"] = clock.today().isoformat()
    assert client.submit(f"{here}/mal", known, page=here).status_code == 303


def test_nobody_owes_a_broken_off_project_anything_until_it_is_taken_up_again(database, crew):
    with clock.frozen(MARCH), database.transaction():
        row = project(crew)
        made = services.ask(crew.traffic, row.uid, asked=uid_of("sdn-farsta"), question="Var är det otryggt?")
        wanted = {"text": "Vägen är trygg på kvällen", "follow_up_on": date(2027, 9, 1)}
        goal = services.add_goal(crew.traffic, row.uid, responsible=uid_of("sdn-farsta"), **wanted)
        services.move_project(crew.traffic, row.uid, "avbryt", reason="Inga pengar.")
        parts = (("planning_consultation", made.uid), ("planning_goal", goal.uid))
        assert [deadlines_of(crew.board, *part)[0].state for part in parts] == ["utgar", "utgar"]
    with clock.frozen(MARCH + timedelta(days=31)), database.transaction():
        services.move_project(crew.traffic, row.uid, "ta_upp_igen", reason="Det finns pengar.")
        asked, wanted = (deadlines_of(crew.board, *part)[0] for part in parts)
        assert (asked.state, wanted.state, wanted.due_on) == ("oppen", "oppen", date(2027, 9, 1))
        assert asked.due_on > date(2027, 4, 30)


# --- All of it, on a place and in a week --------------------------------------------------------------------------


def test_the_week_holds_what_is_arranged_and_who_is_there(database, crew):
    with clock.frozen(MARCH), database.transaction():
        arrange(crew, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 1), weekdays=["2"])
        arrange(crew, title="Inställt", starts_on=date(2027, 3, 17), ends_on=date(2027, 3, 17))
        promise(crew)
    with clock.frozen(MARCH), database.transaction():
        rows = services.list_activations(crew.board).rows
        services.move_activation(crew.board, rows[1].uid, "stall_in", reason="Regn.")
    with clock.frozen(MARCH), database.transaction():
        week = services.week_of(date(2027, 3, 18))
        days = list(services.by_day(services.happenings(crew.traffic, week), week))
    told = {str(day): [one.title for one in those] for day, those in days if those}
    assert told == {"2027-03-17": ["Sommargata"], "2027-03-19": ["Ordningsvakter"], "2027-03-20": ["Ordningsvakter"]}
    assert (str(week.first), str(services.month_of(date(2027, 2, 5)).last)) == ("2027-03-15", "2027-02-28")


def test_lists_ask_as_much_of_the_database_however_long_they_are(database, crew, queries):
    def asked():
        with clock.frozen(MARCH), database.transaction(write=False), queries() as seen:
            services.happenings(crew.traffic, services.month_of(date(2027, 3, 1)))
            services.list_activations(crew.traffic)
            services.list_counts(crew.traffic)
            plans = services.list_plans(crew.traffic).rows
            services.counts_in(crew.traffic, plans, date(2027, 2, 1))
            services.indexes_of(crew.traffic, services.list_surveys(crew.traffic).rows)
            services.list_projects(crew.traffic)
            services.list_requests(crew.traffic)
        return len(seen)

    def more():
        with clock.frozen(MARCH), database.transaction():
            arrange(crew, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 1))
            promise(crew)
            count(crew.board, crew)
            ask_people(crew, "fore", date(2027, 1, 10), 5, 5, 5, 5, 5)
            project(crew)
            request_patrols(crew)

    more()
    few_rows = asked()
    more()
    more()
    assert asked() == few_rows


def test_a_list_comes_in_pages_without_gaps(database, crew):
    with clock.frozen(MARCH), database.transaction():
        days = [date(2027, 6, 1 + n // 2) for n in range(7)]
        made = {arrange(crew, title=f"Nr {n}", starts_on=day).id for n, day in enumerate(days)}
        counted = {count(crew.board, crew, day=date(2027, 1, 8)).id for _ in range(5)}
    for listing, rows in ((services.list_activations, made), (services.list_counts, counted)):
        seen, after = [], None
        with clock.frozen(MARCH), database.transaction(write=False):
            while True:
                page = listing(crew.traffic, after=after, limit=2)
                seen += [getattr(row, "count", row).id for row in page.rows]
                after = page.after
                if after is None:
                    break
        assert (sorted(seen), len(seen)) == (sorted(rows), len(rows))


def test_the_places_page_shows_what_happens_there_and_its_history(client, database, crew):
    with clock.frozen(MARCH):
        with database.transaction():
            arrange(crew, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 1))
            promise(crew)
            count(crew.board, crew)
            project(crew)
        client.login(crew.board)
        seen = client.get(f"/platser/{crew.place}").text
    for words in (
        "Sommargata",
        "2027-03-01 till 2027-04-01, Planerad",
        "20.00–02.00",
        "Räkning fredag 20–23",
        "Nya centrum",
    ):
        assert words in seen, words
    assert "Räkning fredag 20–23, 408 människor i timmen" in seen, "in the line of time"


def test_one_counts_by_big_buttons_without_script_and_nothing_is_saved_before_the_end(client, database, crew):
    client.login(crew.board)
    page, address = "/rakningar/ny", f"/rakningar/ny?plats={crew.place}"
    known = {"uid": str(uuid4()), "where": "Farsta torg", "day": "2027-01-08", "band": "20-23", "minutes": "10"}
    known |= {"adults_passing": "41", "children_passing": "", "organisation": "sdn-farsta"}
    assert "Farsta torg" in client.get(address).text
    more = client.submit(page, known | {"knapp": "plus:adults_passing"}, page=address)
    less = client.submit(page, known | {"knapp": "minus:children_passing"}, page=address)
    assert (more.status_code, 'name="adults_passing" value="42"' in more.text) == (200, True)
    assert (less.status_code, 'name="children_passing" value="0"' in less.text) == (200, True)
    with database.transaction():
        assert services.list_counts(crew.board).rows == []
