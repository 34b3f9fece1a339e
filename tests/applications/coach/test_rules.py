"""Each rule of the coach: what it asks for, what it says when that is missing; filling in never takes one back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.applications import coach_rules
from core.applications.coach import CHECKS, Aim, Draft, Lack, Other, Planned, Reply, Rule, Seen, Spot, Yearly, coaching
from core.applications.models import NEEDED, PERMIT_KINDS
from core.applications.schemas import costs  # noqa: F401 - more forms of parts
from core.applications.schemas.parts import FORMS

LONG = "Torget är mörkt. " * 20
WHOLE_PERSPECTIVES = dict.fromkeys(NEEDED, Seen(impact=True, considered=True, heard=True))
RUNNING = {year: Yearly(40_000, paid=True) for year in range(1, 6)}
BENCH = Planned("mobler_sittplats", "Bänkar", "trolig", promised=True)
GOAL = Aim("Färre undviker torget", owned=True, due_on=date(2028, 9, 1))
OPEN = frozenset({"allman_plats"})
FULL = Draft(
    programme="TRYGG",
    access=OPEN,
    places=(Spot("Farsta torg", "allman_plats"),),
    problem=LONG,
    evidence=("dialog", "polisstatistik"),
    cycle=True,
    likely=1,
    measures=(BENCH,),
    goals=(GOAL,),
    perspectives=WHOLE_PERSPECTIVES,
    children=("ja", "Vi frågade dem."),
    starts_on=date(2027, 5, 1),
    completes_on=date(2028, 9, 1),
    permits=dict.fromkeys(PERMIT_KINDS, "behovs_ej"),
    to_ask={"trafik": "Trafiknämnden"},
    owners={"sisab": "SISAB"},
    replies=(Reply("trafik", "samrad", answered=True), Reply("sisab", "medgivande", True, "tillstyrker")),
    costs={2027: 900_000},
    capital=900_000,
    components=((900_000, 20),),
    running=RUNNING,
    alternatives="Väktare.",
    displacement="Till parkeringen.",
    board_left=2_000_000,
    frames={2027: 5_000_000},
)


def _rules(weight=1):
    return [Rule(key, "del", key, "", weight) for key in CHECKS]


def _found(draft, key):
    found = CHECKS[key](draft)
    return str(found.text) if isinstance(found, Lack) else found


def test_a_full_application_lacks_nothing():
    told = coaching(FULL, _rules())
    assert (told.percent, told.missing) == (100, ())


LACKING = {
    "plats": ({"places": ()}, "Välj minst en plats."),
    "tilltrade": (
        {"places": (Spot("Gården", "ej_tilltrade"), Spot("Torget", "allman_plats"))},
        "Byt plats: 1 av 2 har inte tillträde för allmänheten (Gården).",
    ),
    "problem": ({"problem": "Mörkt. " * 42 + "12345"}, "Beskriv problemet med minst 300 tecken. Nu är det 299."),
    "underlag": (
        {"evidence": ("dialog", "dialog")},
        "Lägg till underlag, minst 2 av minst 2 slag. Nu är det 2 av 1 slag.",
    ),
    "orsak": ({"likely": 0}, "Pröva orsakerna i samverkan tills minst en är trolig."),
    "atgard": ({"measures": ()}, "Skriv vad ni vill göra."),
    "koppling": (
        {"measures": (BENCH, Planned("skylt", "Skyltar", "hypotes"), Planned("skylt", "Hinder"))},
        "Koppla 2 av 3 åtgärder till en trolig orsak: Skyltar, Hinder.",
    ),
    "tillagg": (
        {"measures": (Planned("kamera:kamera", "Kamera", "trolig", running=False),)},
        "Vänta tills tillägget är igång, eller ta bort: Kamera.",
    ),
    "alternativ": (
        {"costs": {2027: 1_000_001}, "alternatives": " "},
        "Beskriv alternativen, också vad som händer om inget görs. Ni söker mer än 1\xa0000\xa0000 kr.",
    ),
    "omflyttning": ({"displacement": ""}, "Skriv om problemet kan flytta någon annanstans, och vart."),
    "mal": ({"goals": ()}, "Välj minst ett mål."),
    "matbart": (
        {"goals": (GOAL, Aim("Öka tryggheten", ("baseline", "target"), owned=True))},
        "Skriv mätning, utgångsläge, nytt läge och dag för 1 av 2 mål: Öka tryggheten.",
    ),
    "malagare": (
        {"goals": (Aim("Ljusare"),)},
        "Bestäm vem som svarar för 1 av 1 mål: Ljusare.",
    ),
    "perspektiv": (
        {"perspectives": WHOLE_PERSPECTIVES | {"barn": Seen(impact=True, considered=True)}},
        "Skriv påverkan, hänsyn och vilka ni har hört för 1 av 3 perspektiv: Barn.",
    ),
    "barn": ({"children": ("nej", "")}, "Förklara hur barn har hörts, eller varför inte."),
    "tidplan": ({"milestones": (date(2029, 1, 1),)}, "Lägg dagarna i ordning: start, milstolpar, klart."),
    "i_tid": (
        {"completes_on": date(2029, 1, 1)},
        "Låt arbetet vara klart senast 2028, eller sök för senare år.",
    ),
    "tillstand": (
        {"permits": dict.fromkeys(PERMIT_KINDS, "behovs_ej") | {"marklov": "oklart"}},
        "Ta reda på vilka tillstånd som behövs. Det är oklart för 1 av 7: Marklov.",
    ),
    "samrad": ({"replies": (Reply("trafik", "samrad"),)}, "Vänta in svaret från Trafiknämnden."),
    "medgivande": (
        {"replies": (Reply("sisab", "medgivande", True, "avstyrker"),)},
        "Få medgivande från 1 av 1 som har rådighet: SISAB.",
    ),
    "utgift": ({"costs": {}}, "Skriv vad det kostar per år."),
    "komponenter": (
        {"components": ((1, 20),)},
        "Fördela 900\xa0000 kr på delar med avskrivningstid. Nu är 1 kr fördelade.",
    ),
    "tak": (
        {"board_left": 800_000},
        "Sök högst 800\xa0000 kr. Det är omgångens tak, med det som nämnden söker i övrigt.",
    ),
    "drift": ({"running": {1: Yearly(1, paid=True), 2: Yearly(1, paid=True)}}, "Fyll i driftkostnad år 3, 4, 5."),
    "skotsel": (
        {"measures": (BENCH, replace(BENCH, text="Utegym", promised=False))},
        "Ge 1 av 2 byggda delar ansvarig, standard och driftkostnad: Utegym.",
    ),
    "ram": ({"frames": {2027: 1}}, "Det sökta är mer än det som är kvar i ramen 2027: 1 kr."),
    "utgift_fore": (
        {"costs": {2026: 810_000, 2027: 90_000}, "drawn": {2026: 10_000}},
        "800\xa0000 kr står på år före 2027, då arbetet börjar. Flytta utgiften till det år då den betalas.",
    ),
    "mal_fore": (
        {"goals": (GOAL, replace(GOAL, text="Ljusare", due_on=date(2028, 8, 31)))},
        "1 av 2 mål har en sista dag innan arbetet är klart 2028-09-01: Ljusare. Ändra dagen i samverkan.",
    ),
    "diarienummer": (
        {"numbers": (("FAR 27-1", "FAR 2027/12"),)},
        "Diarienumret FAR 27-1 ser inte ut som nämndens brukar. Kontrollera det.",
    ),
    "dubbel_finansiering": (
        {"others": (Other("KI-2026-001 Träd"),)},
        "Samma sak kan redan vara sökt eller betald: KI-2026-001 Träd. Kontrollera dubbel finansiering.",
    ),
    "drift_ej_investering": (
        {"components": ((900_000, 2),)},
        "Det kan vara drift och inte investering: en del håller kortare tid än 3 år.",
    ),
    "sena_loften": (
        {"late": ("2 rapporter", "1 annan", "1 tredje")},
        "Nämnden är sen med 2 rapporter, 1 annan och 1 tredje. Gör klart det, den som bedömer ansökan ser det också.",
    ),
}


@pytest.mark.parametrize("key", LACKING)
def test_each_rule_says_what_is_missing_and_nothing_when_it_is_there(key):
    facts, sentence = LACKING[key]
    assert not _found(FULL, key)
    assert _found(replace(FULL, **facts), key) == sentence


def test_of_many_the_first_are_named_and_the_rest_counted():
    told = (
        "Ta reda på vilka tillstånd som behövs. Det är oklart för 7 av 7: Bygglov, Marklov, Polistillstånd och 4 till."
    )
    assert _found(replace(FULL, permits={}), "tillstand") == told


ELSEWHERE = {
    "underlag", "atgard", "koppling", "tillagg", "samrad", "medgivande", "utgift", "komponenter", "tak", "skotsel",
    "ram", "utgift_fore", "diarienummer", "dubbel_finansiering", "drift_ej_investering", "sena_loften",
}  # fmt: skip
"""Rules that are mended in the rows of their part, or by somebody else."""


@pytest.mark.parametrize("key", [key for key in LACKING if key not in ELSEWHERE])
def test_what_is_missing_names_the_field_that_mends_it(key):
    facts, _ = LACKING[key]
    named = {field.name for form in FORMS.values() for field in form().describe()}
    assert CHECKS[key](replace(FULL, **facts)).field in named


def test_every_rule_has_a_lack_of_its_own():
    assert set(LACKING) == set(CHECKS)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("orsak", {"cycle": False}),
        ("matbart", {"goals": (replace(GOAL, lacks=("due_on",)),)}),
        ("barn", {"children": ("", "")}),
        ("tillagg", {"measures": (replace(BENCH, objections=("Skriv avvägningen.", "Sätt upp skyltar.")),)}),
        ("tidplan", {"starts_on": None}),
        ("samrad", {"replies": ()}),
        ("tak", {"max_amount": 100}),
        ("drift", {"running": RUNNING | {2: Yearly(0)}}),
        ("drift", {"running": RUNNING | {2: Yearly(10)}}),
        ("drift_ej_investering", {"upkeep_words": ("Klippning",)}),
    ],
)
def test_and_a_second_way_to_lack_it(key, facts):
    assert isinstance(CHECKS[key](replace(FULL, **facts)), Lack)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("tilltrade", {"access": frozenset()}),
        ("koppling", {"measures": ()}),
        ("tillagg", {}),
        ("alternativ", {"costs": {2027: 1_000_000}}),
        ("matbart", {"goals": ()}),
        ("i_tid", {"costs": {}}),
        ("samrad", {"to_ask": {}}),
        ("medgivande", {"owners": {}}),
        ("komponenter", {"capital": 0}),
        ("tak", {"board_left": None}),
        ("skotsel", {"measures": (replace(BENCH, built=False),)}),
    ],
)
def test_a_rule_that_does_not_apply_weighs_nothing(key, facts):
    assert CHECKS[key](replace(FULL, **facts)) is False


def test_zero_running_cost_needs_a_reason_and_is_then_enough():
    free = {year: Yearly(0, why=True) for year in range(1, 6)}
    assert CHECKS["drift"](replace(FULL, running=free)) is None


def test_the_percentage_is_of_weights_and_rounded_down():
    rules = [Rule("plats", "plats", "", "", 2), Rule("utgift", "utgifter", "", "", 1)]
    assert coaching(replace(FULL, costs={}), rules).percent == 66
    assert coaching(replace(FULL, costs={}), rules).is_ready is False
    assert coaching(Draft(), []).percent == 0


def test_the_heaviest_stands_first_and_each_part_has_its_own():
    rules = [
        Rule("plats", "plats", "", "", 2),
        Rule("utgift", "utgifter", "", "", 5),
        Rule("ram", "utgifter", "", "", 0),
    ]
    told = coaching(Draft(frames={2027: 1}), rules)
    assert [one.rule.key for one in told.missing] == ["utgift", "plats"]
    assert [one.rule.key for one in told.of_part("plats").missing] == ["plats"]


def test_a_rule_of_one_programme_is_asked_in_no_other():
    rules = [Rule("barn", "perspektiv", "", "", 1, applies=frozenset({"TRYGG"}))]
    assert coaching(Draft(programme="TRYGG"), rules).applicable == 1
    assert coaching(Draft(programme="KLIMAT"), rules).applicable == 0


def test_what_stops_a_review_stops_submission_too_and_some_stop_nothing():
    rules = [
        Rule("plats", "plats", "", "", 1, "granskning"),
        Rule("utgift", "utgifter", "", "", 1, "skicka_in"),
        Rule("omflyttning", "atgarder", "", "", 1, "nej"),
    ]
    told = coaching(Draft(), rules)
    assert [one.rule.key for one in told.stops("granskning")] == ["plats"]
    assert [one.rule.key for one in told.stops("skicka_in")] == ["plats", "utgift"]


EMPTY = Draft(programme="TRYGG", access=OPEN, to_ask=FULL.to_ask, owners=FULL.owners, board_left=2_000_000)
FILLS = [
    "places", "problem", "evidence", "goals", "perspectives", "children", "permits", "replies", "running",
    "alternatives", "displacement",
]  # fmt: skip
TOGETHER = {
    "dates": ("starts_on", "completes_on"),
    "cause": ("cycle", "likely"),
    "money": ("costs", "capital", "components"),
}


def _fill(draft, name):
    return replace(draft, **{field: getattr(FULL, field) for field in TOGETHER.get(name, (name,))})


@given(st.permutations([*FILLS, *TOGETHER, "measures"]), st.lists(st.integers(1, 20), min_size=40, max_size=40))
def test_filling_in_never_takes_back_what_was_met(order, weights):
    """In whatever order it is filled in, and however the rules are weighed: percent falls only if more is asked."""
    rules = [Rule(key, "del", key, "", weight) for key, weight in zip(CHECKS, weights, strict=False)]
    draft, before = EMPTY, coaching(EMPTY, rules)
    for name in order:
        draft = _fill(draft, name)
        after = coaching(draft, rules)
        assert {rule.key for rule in before.met} <= {rule.key for rule in after.met}
        asked = {rule.key for rule in before.met} | {one.rule.key for one in before.missing}
        grew = {rule.key for rule in after.met} | {one.rule.key for one in after.missing} > asked
        assert after.percent >= before.percent or grew
        before = after
    assert before.percent == 100


@given(
    st.text(max_size=400), st.lists(st.sampled_from(["dialog", "polisstatistik"]), max_size=4), st.integers(0, 10**10)
)
def test_whatever_is_written_the_coach_answers(problem, evidence, amount):
    draft = replace(FULL, problem=problem, evidence=tuple(evidence), costs={2027: amount} if amount else {})
    told = coaching(draft, _rules())
    assert 0 <= told.percent <= 100
    assert all(one.lack.text for one in told.missing)
    assert (len(problem.strip()) >= coach_rules.LEAST_TEXT) == ("problem" in {rule.key for rule in told.met})
