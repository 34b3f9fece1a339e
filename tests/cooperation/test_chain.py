"""From problem to cause to goal to measure to result, and into the next cycle with what is open."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, db, flow
from core.cooperation import services
from core.cooperation.models import CRITERIA
from core.cooperation.smart import sentence
from core.db import session
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.cooperation.conftest import asked_for, hand_in
from tests.cooperation.test_cycle import said

FACTS = {"text": "Släckta lyktor", "side": "plats_kontroll", "causal_level": "situation"}
SMART = {
    "text": "Andelen som undviker torget minskar.",
    "indicator": "Platsenkät: andelen som undviker torget",
    "unit": "procent",
    "baseline": 41.0,
    "target": 30.0,
    "realistic": "Etapp 1 gav 13 procentenheter.",
}


@pytest.fixture
def third(database, together):
    """The cycle in its third step, with what each party has seen open to all."""
    with database.transaction():
        asked_for(together)
        for actor in together.actors:
            hand_in(actor, together.cycle)
        services.move_cycle(together.leader, together.cycle, "borja_prioritera")
    return together


def problem(actor, cycle, what="Många undviker torget"):
    return services.add_problem(actor, cycle, uid=uuid4(), what=what, when="efter klockan 18").uid


def scored(together, uid, points=3, **more):
    for actor in together.actors:
        services.score(actor, uid, **(dict.fromkeys(CRITERIA, points) | more))


def likely(actor, uid):
    """A cause that has been tested and kept."""
    cause = services.add_cause(actor, uid, uid=uuid4(), prediction="Fler släckta än tända.", **FACTS)
    services.change_cause(actor, cause.uid, test="Räknat lyktor.", tested_on=clock.today())
    services.tell(actor, cause.uid, evidence=uuid4(), stance="for", text="9 av 14 är släckta.")
    return services.move_cause(actor, cause.uid, "behall", reason="Räkningen visar det.").uid


@pytest.fixture
def fourth(database, third):
    """The cycle in its fourth step, with one problem and one likely cause."""
    with database.transaction():
        uid = problem(third.leader, third.cycle)
        scored(third, uid)
        services.move_problem(third.leader, uid, "prioritera", reason="Det värsta.")
        cause = likely(third.police, uid)
        services.move_cycle(third.leader, third.cycle, "satt_mal")
    return third, uid, cause


def goal(together, uid, **facts):
    """A goal of the leader's own organisation."""
    cycle = services.read_cycle(together.leader, together.cycle)
    owner = services.own_party(together.leader, cycle).organisation.uid
    days = {"baseline_on": clock.today(), "due_on": clock.today() + timedelta(days=400)}
    known = SMART | days | {"owner": owner, "problem": uid}
    return services.add_goal(together.leader, together.cycle, uid=uuid4(), **(known | facts))


def test_problems_are_scored_by_each_party_and_limited_by_what_can_be_influenced(database, third):
    with database.transaction():
        first, second = problem(third.leader, third.cycle), problem(third.police, third.cycle, "Stölder")
        scored(third, first, 2)
        scored(third, second, 5, influence=1)
        services.score(third.police, second, **(dict.fromkeys(CRITERIA, 4) | {"influence": 1}), motive="Statistik")
        told = services.problems_of(third.traffic, services.read_cycle(third.traffic, third.cycle))
    assert [(one.problem.what, one.total, one.out_of_reach) for one in told] == [
        ("Stölder", 4.1, ["influence"]),
        ("Många undviker torget", 2.0, ["influence", "resources"]),
    ]


def test_what_is_left_out_stays_with_its_motive_and_nothing_is_chosen_unscored(database, third):
    with database.transaction():
        uid = problem(third.leader, third.cycle)
    with pytest.raises(flow.Refused, match="gett poäng"), database.transaction():
        services.move_problem(third.leader, uid, "valj_bort", reason="Inget vi rår över.")
    with database.transaction():
        scored(third, uid)
        services.move_problem(third.leader, uid, "valj_bort", reason="Inget vi rår över.")
        [one] = services.problems_of(third.police, services.read_cycle(third.police, third.cycle))
    assert (one.problem.state, one.problem.motive) == ("bortprioriterad", "Inget vi rår över.")


def test_a_guess_is_no_cause_before_it_is_tested(database, third):
    with database.transaction():
        uid = problem(third.leader, third.cycle)
        cause = services.add_cause(third.leader, uid, uid=uuid4(), **FACTS)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_cause(third.leader, cause.uid, "behall", reason="Det känns så.")
    assert said(refused) == [
        "Skriv vad ni skulle se om det stämmer.",
        "Skriv hur ni har prövat det, och när.",
        "Skriv vad som talar för orsaken.",
    ]
    with database.transaction():
        dropped = services.move_cause(third.police, cause.uid, "forkasta", reason="Alla lyktor lyser.")
    assert (dropped.state, dropped.settled_for_id is not None, dropped.settled_why) == (
        "forkastad",
        True,
        "Alla lyktor lyser.",
    )
    with pytest.raises(flow.Refused, match="avgjord"), database.transaction():
        services.change_cause(third.leader, cause.uid, text="Något annat")


def test_causes_stand_in_a_tree_five_deep(database, third):
    with database.transaction():
        uid, parent = problem(third.leader, third.cycle), None
        for depth in range(5):
            parent = services.add_cause(
                third.leader, uid, uid=uuid4(), parent=parent, **FACTS | {"text": f"Varför {depth}"}
            ).uid
        other = services.add_cause(third.leader, uid, uid=uuid4(), **FACTS)
        tree = services.tree_of(third.police, services.read_problem(third.police, uid))
    assert [(one.cause.text, one.depth) for one in tree] == [
        *((f"Varför {depth}", depth) for depth in range(5)),
        ("Släckta lyktor", 0),
    ]
    assert other.number == 6
    with pytest.raises(Invalid, match="Fem varför"), database.transaction():
        services.add_cause(third.leader, uid, uid=uuid4(), parent=parent, **FACTS)


def test_the_third_gate(database, third):
    with database.transaction():
        first, second = problem(third.leader, third.cycle), problem(third.leader, third.cycle, "Buller")
        scored(third, first)
        services.move_problem(third.leader, first, "prioritera", reason="Värst.")
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_cycle(third.leader, third.cycle, "satt_mal")
    assert said(refused) == [
        "Prioritera eller välj bort alla problem. 1 är kvar.",
        "Pröva orsakerna tills minst en är trolig.",
    ]
    with database.transaction():
        scored(third, second)
        services.move_problem(third.leader, second, "valj_bort", reason="Senare.")
        likely(third.traffic, first)
        assert services.move_cycle(third.leader, third.cycle, "satt_mal").state == "mal"


def test_a_goal_says_what_it_lacks_and_a_draft_is_always_saved(database, fourth):
    together, uid, _ = fourth
    with database.transaction():
        empty = services.add_goal(together.police, together.cycle, uid=uuid4(), problem=uid, text="Öka tryggheten")
        found = services.read_goal(together.police, empty.uid)
    assert [(one.letter, one.question) for one in found.lacks] == [
        ("s", "Hur mycket, för vem, enligt vilken mätning?"),
        ("m", "Vilken mätning visar det?"),
        ("m", "I vilken enhet mäts det?"),
        ("m", "Vad är läget nu?"),
        ("m", "När mättes läget nu?"),
        ("m", "Vad ska det bli?"),
        ("a", "Vem svarar för målet?"),
        ("a", "Minst hälften av parterna ska ha godtagit målet."),
        ("r", "Varför är det rimligt?"),
        ("t", "Senast när?"),
    ]
    with pytest.raises(flow.Refused), database.transaction():
        services.move_goal(together.police, empty.uid, "markera_smart")


def test_a_goal_has_a_day_that_comes_and_something_to_change(database, fourth):
    together, uid, _ = fourth
    asked = {
        "Sista dagen ska komma efter dagen då läget mättes. Senast när?": {"due_on": clock.today()},
        "Sista dagen har redan varit. Senast när?": {"baseline_on": date(2020, 1, 1), "due_on": date(2021, 1, 1)},
        "Vad ska bli annorlunda? Målet är samma tal som läget nu.": {"target": SMART["baseline"]},
    }
    for question, facts in asked.items():
        with database.transaction():
            made = services.read_goal(together.leader, goal(together, uid, **facts).uid)
        assert question in [one.question for one in made.lacks]
        assert bool(sentence(made.goal)) is ("target" not in facts)


def test_who_accepted_a_goal_is_asked_again_when_it_changes(database, fourth):
    together, uid, _ = fourth
    with database.transaction():
        made = goal(together, uid)
        for actor in (together.police, together.traffic):
            services.accept(actor, made.uid)
    with database.transaction():
        assert services.read_goal(together.leader, made.uid).lacks == []
        services.change_goal(together.leader, made.uid, target=35.0)
    with database.transaction():
        assert services.read_goal(together.leader, made.uid).accepted == []
        for actor in together.actors:
            services.accept(actor, made.uid)
        services.move_goal(together.leader, made.uid, "markera_smart")
    with database.transaction():
        found = services.read_goal(together.leader, made.uid)
    assert (found.goal.state, len(found.accepted)) == ("smart", 3)


def test_a_measure_hangs_on_a_likely_cause_and_is_flagged_when_that_is_dropped(database, fourth):
    together, uid, cause = fourth
    known = {"text": "Laga lyktorna", "approach": "situationell"}
    with database.transaction():
        guess = services.add_cause(together.leader, uid, uid=uuid4(), **FACTS)
    with pytest.raises(Invalid, match="prövad och trolig"), database.transaction():
        services.add_measure(together.leader, together.cycle, uid=uuid4(), cause=guess.uid, **known)
    with database.transaction():
        made = services.add_measure(together.leader, together.cycle, uid=uuid4(), cause=cause, **known)
    with pytest.raises(flow.Refused, match="vem som gör det"), database.transaction():
        services.move_measure(together.leader, made.uid, "tilldela")
    with database.transaction():
        services.move_cause(together.police, cause, "forkasta", reason="Nu lyser de.")
        assert services.read_measure(together.leader, made.uid).hangs_loose


def follow_ups(kind="uppfoljning"):
    """How the frister to follow up a cycle stand, or those of its measures, each with its last day."""
    rows = select(Deadline.state, Deadline.due_on).where(Deadline.kind == f"core:samverkan_{kind}")
    return [tuple(row) for row in session().execute(rows)]


def _nothing_of_an_ended_cycle_is_changed(database, together, client):
    with database.transaction(write=False):
        found = services.read_cycle(together.police, together.cycle)
        party, own = services.own_party(together.police, found).uid, services.own_picture(together.police, found).report
        common = services.common_picture(together.police, found).report
    refused = (
        lambda: services.change_cycle(together.leader, together.cycle, version=None, title="En annan"),
        lambda: services.change_party(together.police, party, mandate="Polischef"),
        lambda: services.leave(together.police, party, reason="Klart."),
        lambda: services.add_party(
            together.leader, together.cycle, organisation=organisation("slk").uid, role="referens", mandate="Chef"
        ),
        lambda: services.begin_common(together.police, together.cycle),
        lambda: services.write_section(together.police, common.uid, "overens", text="Mer."),
        lambda: services.move_picture(together.police, own.uid, "skriv_om", reason="Nu vet vi mer."),
    )
    for change in refused:
        with pytest.raises(flow.Refused, match="Cykeln är avslutad"), database.transaction():
            change()
    client.login(together.leader)
    assert f"/samverkan/{together.cycle}/andra" not in client.get(f"/samverkan/{together.cycle}").text
    assert "Lägg till part" not in client.get(f"/samverkan/{together.cycle}/parter").text


def test_the_whole_way_into_the_next_cycle(database, fourth, client):
    """Goals that were not reached come along from what was measured last, reached ones do not."""
    together, uid, cause = fourth
    leader, cycle = together.leader, together.cycle
    with database.transaction():
        owner = services.own_party(leader, services.read_cycle(leader, cycle)).organisation.uid
        reached, missed = goal(together, uid), goal(together, uid, text="Antalet släckta lyktor minskar från 9 till 0.")
        known = {"text": "Laga", "approach": "situationell", "owner": owner, "ends_on": clock.today()}
        step = services.add_measure(leader, cycle, uid=uuid4(), cause=cause, goals=[missed.uid], **known)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_cycle(leader, cycle, "genomfor")
    assert said(refused) == [
        "Skriv minst ett mål som är SMART.",
        "Gör alla mål SMART. 2 är utkast.",
        "Tilldela minst en åtgärd.",
        "Tilldela eller avbryt alla åtgärder. 1 är kvar.",
    ]
    with database.transaction():
        for one in (reached, missed):
            services.accept(together.police, one.uid)
            services.accept(together.traffic, one.uid)
            services.move_goal(leader, one.uid, "markera_smart")
        services.move_measure(leader, step.uid, "tilldela")
        services.move_cycle(leader, cycle, "genomfor")
        assert follow_ups() == [("oppen", clock.today() + timedelta(days=400))]
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_cycle(leader, cycle, "avsluta")
    assert said(refused) == [
        "Skriv uppföljningen.",
        "Skriv resultatet av mål 1, 2.",
        "Skriv resultatet av åtgärd 1.",
    ]
    with pytest.raises(Invalid, match="talet som mättes"), database.transaction():
        services.give_result(leader, reached.uid, result="uppnatt", why="Ljuset.")
    with pytest.raises(Invalid, match="30,5 når inte målet, 30"), database.transaction():
        services.give_result(leader, reached.uid, result="uppnatt", why="Ljuset.", value=30.5, on=clock.today())
    with database.transaction():
        today = clock.today()
        services.give_result(leader, reached.uid, result="uppnatt", why="Ljuset.", value=29.0, on=today)
        services.give_result(leader, missed.uid, result="delvis", why="Två gick sönder.", value=34.0, on=today)
        services.give_measure_result(leader, step.uid, result="genomford", why="Alla bytta.")
        services.write_follow_up(leader, cycle, text="Ljus hjälper.")
        services.begin_common(leader, cycle)
        services.move_cycle(leader, cycle, "avsluta")
        assert [state for state, _ in follow_ups()] == ["klar"]
        assert [state for state, _ in follow_ups("atgard")] == ["utgar"]
        services.move_cycle(leader, cycle, "oppna_igen", reason="Ett tal var fel.")
        assert [state for state, _ in follow_ups("atgard")] == ["oppen"]
        services.move_cycle(leader, cycle, "avsluta")
    _nothing_of_an_ended_cycle_is_changed(database, together, client)
    with database.transaction():
        assert [len(services.read_goal(leader, one.uid).accepted) for one in (reached, missed)] == [2, 2]
    with database.transaction():
        with pytest.raises(db.Conflict):
            services.begin_next(leader, cycle, uid=cycle)
        after = services.begin_next(leader, cycle, uid=uuid4())
        again = services.begin_next(leader, cycle, uid=uuid4())
        told = services.carried(leader, after)
        parties = services.parties_of(leader, after)
    assert (after.id, after.turn, len(parties)) == (again.id, 2, 3)
    assert [(now.text, now.baseline, before.baseline) for now, before in told.goals] == [(missed.text, 34.0, 41.0)]
    assert (told.problems, [one.text for one in told.ended]) == (1, [reached.text])
    assert ([one.text for one in told.measures], told.joined, told.gone) == (["Laga"], [], [])
    client.login(leader)
    page = client.get(f"/samverkan/{after.uid}").text
    shown = (
        "Vad som har ändrats sedan förra cykeln",
        missed.text,
        "Delvis uppnått",
        "Ljus hjälper.",
        "Innan nästa steg",
    )
    assert [words for words in shown if words not in page] == []
    assert f"/samverkan/{after.uid}" in client.get(f"/samverkan/{cycle}").text
