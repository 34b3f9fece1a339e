"""The coach of an application in the database: what it says, in how many queries, by which rules."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from core import clock, db
from core.applications.coach import Rule
from core.applications.models import (
    ApplicationAsk,
    ApplicationEvidence,
    ApplicationGoal,
    ApplicationMeasure,
    ApplicationPerspective,
    ApplicationPlace,
    Component,
    CostLine,
    Milestone,
    OtherFunding,
    Promise,
    RoundCeiling,
    RunningCost,
)
from core.applications.services import coach
from core.cooperation.models import Cause, Goal
from core.people.services import organisation
from core.places.models import PlaceControl
from core.reserve.models import Frame
from tests.applications.coach.conftest import (
    add,
    add_measure,
    add_round,
    application_of,
    begin,
    place_called,
    text_of,
    write_all,
)
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long


def missing(whole):
    return [one.rule.key for one in _coach(whole).missing]


def advice(whole):
    return {one.rule.key: str(one.lack.text) for one in _coach(whole).advice}


def _coach(whole):
    return coach.read_coach(whole.writer, application_of(whole))


def _remove(whole, model):
    db.session().execute(delete(model).where(model.application_id == application_of(whole).id))


def test_what_is_written_in_full_lacks_nothing(database, whole):
    with database.transaction():
        told = _coach(whole)
    assert (told.percent, told.missing, told.advice) == (100, (), ())


def test_a_new_one_lacks_all_that_is_asked_of_everybody(database, whole):
    with database.transaction():
        told = coach.read_coach(whole.writer, begin(whole.writer, title="Nytt försök"))
    assert told.percent == 0
    assert [one.rule.key for one in told.missing] == [
        "orsak", "problem", "underlag", "perspektiv", "drift", "plats", "atgard", "mal", "tidplan", "utgift",
        "omflyttning", "barn", "tillstand",
    ]  # fmt: skip


def _untested(whole):
    db.session().scalars(select(Cause)).one().state = "hypotes"


def _closed(whole):
    place_called("Farsta torg").public_access = "kvartersmark_begransad"


def _unanswered(whole):
    ask = db.session().scalars(select(ApplicationAsk).where(ApplicationAsk.asked_for == "samrad")).one()
    ask.state = "fragad"


def _refused(whole):
    ask = db.session().scalars(select(ApplicationAsk).where(ApplicationAsk.asked_for == "medgivande")).one()
    ask.stance = "avstyrker"


def _unpaid(whole):
    db.session().scalars(select(RunningCost).where(RunningCost.year == 3)).one().payer_id = None


def _unmeasured(whole):
    db.session().scalars(select(Goal)).one().baseline = None


def _late(whole):
    text_of(application_of(whole)).completes_on = date(2030, 1, 1)


def _out_of_order(whole):
    db.session().scalars(select(Milestone)).one().due_on = date(2028, 9, 2)


def _short(whole):
    text_of(application_of(whole)).problem = "Mörkt."


def _too_much(whole):
    add_ceiling(whole, 6_000_000)


def _unlinked(whole):
    add_measure(application_of(whole), kind="orienterbarhet_skylt", text="Skyltar", built=False)


def _of_a_plugin(whole):
    row = db.session().scalars(select(ApplicationMeasure)).one()
    row.kind = "kamera:kamera"


def _declined(whole):
    db.session().scalars(select(Promise)).one().declined = "Vi har inte råd."


def _half_promised(whole):
    db.session().scalars(select(Promise)).one().cost = None


def add_ceiling(whole, amount):
    key = {"round_id": application_of(whole).round_id, "organisation_id": organisation("sdn-farsta").id}
    add(RoundCeiling(amount=amount, **key))


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        (_untested, ["orsak", "koppling"]),
        (_closed, ["tilltrade"]),
        (_unanswered, ["samrad"]),
        (_refused, ["medgivande"]),
        (_unpaid, ["drift"]),
        (_unmeasured, ["matbart"]),
        (_late, ["i_tid"]),
        (_out_of_order, ["tidplan"]),
        (_short, ["problem"]),
        (_too_much, ["tak"]),
        (_unlinked, ["koppling"]),
        (_of_a_plugin, ["tillagg"]),
        (_half_promised, ["skotsel"]),
        (_declined, ["skotsel"]),
        (lambda whole: _remove(whole, ApplicationEvidence), ["underlag"]),
        (lambda whole: _remove(whole, ApplicationPerspective), ["perspektiv"]),
        (lambda whole: _remove(whole, ApplicationGoal), ["mal"]),
        (lambda whole: _remove(whole, Component), ["komponenter"]),
        (lambda whole: _remove(whole, CostLine), ["utgift"]),
        (lambda whole: _remove(whole, ApplicationPlace), ["plats"]),
    ],
)
def test_what_is_taken_away_is_told(database, whole, change, lacks):
    """With who has responsibility still to be asked where the kind of measure says so."""
    with database.transaction():
        if change is _unanswered:
            db.session().scalars(select(ApplicationMeasure)).one().kind = "belysning_ny"
        change(whole)
        assert missing(whole) == lacks


def test_scenario_1_what_farsta_seeks_over_two_years_lacks_what_a_large_expense_asks_for(database, whole):
    """domain.md 13.1: 6,050,000 kronor over 2027 and 2028; a list, not a percentage."""
    with database.transaction():
        assert _coach(whole).missing == ()
        text_of(application_of(whole)).alternatives = ""
        db.session().scalars(select(Component)).one().amount = 3_800_000
        db.session().flush()
        draft, told = coach.read_draft(whole.writer, application_of(whole)), _coach(whole)
    assert draft.costs == {2027: 3_800_000, 2028: 2_250_000}
    assert [str(one.lack.text).replace("\xa0", " ") for one in told.stops("skicka_in")] == [
        "Beskriv alternativen, också vad som händer om inget görs. Ni söker mer än 1 000 000 kr.",
        "Fördela 6 050 000 kr på delar med avskrivningstid. Nu är 3 800 000 kr fördelade.",
    ]


def test_scenario_2_without_a_tested_cause_it_is_told_what_is_missing(database, whole):
    """domain.md 13.2: a list, not a percentage."""
    with database.transaction():
        db.session().scalars(select(Cause)).one().state = "hypotes"
        _unmeasured(whole)
        for year in (3, 4, 5):
            db.session().delete(db.session().scalars(select(RunningCost).where(RunningCost.year == year)).one())
        db.session().flush()
        told = _coach(whole)
    assert [str(one.lack.text) for one in told.stops("skicka_in")] == [
        "Pröva orsakerna i samverkan tills minst en är trolig.",
        "Koppla 1 av 1 åtgärder till en trolig orsak: Bänkar.",
        "Skriv utgångsläget för 1 av 1 mål: Färre undviker torget.",
        "Fyll i driftkostnad år 3, 4, 5.",
    ]


def test_who_has_the_street_or_its_lamps_is_consulted_about_what_is_done_there(database, whole):
    with database.transaction():
        _remove(whole, ApplicationAsk)
        lamps = db.session().scalars(select(PlaceControl).where(PlaceControl.role == "belysning_agare")).one()
        assert missing(whole) == ["medgivande", "samrad"]
        lamps.role = "driftansvar_park"
        db.session().flush()
        assert missing(whole) == ["medgivande"]
        lamps.role = "vaghallare"
        db.session().flush()
        assert missing(whole) == ["medgivande", "samrad"]


def test_what_the_board_seeks_besides_counts_against_its_ceiling(database, whole):
    with database.transaction():
        add_ceiling(whole, 7_000_000)
        assert missing(whole) == []
        second = begin(whole.writer, title="Den andra")
        second.round_id, second.sought = application_of(whole).round_id, 950_001
        db.session().flush()
        assert missing(whole) == ["tak"]
        second.organisation_id = organisation("sdn-bromma").id
        db.session().flush()
        assert missing(whole) == []
        organisation("sdn-bromma").successor_id = organisation("sdn-farsta").id  # as if Farsta were made of it
        db.session().flush()
        assert missing(whole) == ["tak"]
        second.state = "aterkallad"
        db.session().flush()
        assert missing(whole) == []


def test_it_asks_as_many_queries_however_much_is_written(database, whole, queries):
    """And not one for each place, measure or goal."""

    def count():
        with database.transaction(write=False), queries() as asked:
            _coach(whole)
        return len(asked)

    count()  # the connection is prepared once
    before = count()
    with database.transaction():
        found = application_of(whole)
        for number in range(3):
            extra = place_of(number)
            add(ApplicationPlace(application_id=found.id, place_id=extra.id))
            add_measure(found, text=f"Bänk {number}")
            add(ApplicationEvidence(application_id=found.id, kind="dialog", says="Mörkt"))
            add(CostLine(application_id=found.id, year=2027, kind="inkop", amount=1))
    assert count() == before <= 7


def place_of(number):
    """A place far to the west."""
    add_place(f"Plats {number}", square(100 * number, 0, 50))
    return place_called(f"Plats {number}")


def test_what_a_round_froze_holds_whatever_the_city_asks_later(database, whole):
    with database.transaction():
        found = application_of(whole)
        rules = [row for row in coach.rules_to_freeze() if row["key"] in ("plats", "utgift")]
        rules[0]["weight"] = "9"
        in_round = add_round("TRYGG", number=2, terms={"schema": 1, "criteria": [], "rules": rules})
        assert [rule.weight for rule in coach.rules_of(in_round)] == [9, 4]
        found.round_id = in_round.id
        db.session().flush()
        assert _coach(whole).applicable == 2


def test_each_rule_of_the_seed_pack_has_its_function_and_a_part(database, whole):
    from core.applications.coach import CHECKS
    from core.applications.parts import PARTS

    with database.transaction(write=False):
        rules = [Rule.of(row) for row in coach.rules_to_freeze()]
    assert {rule.key for rule in rules} == set(CHECKS)
    assert {rule.part for rule in rules} <= set(PARTS)
    assert {rule.blocking for rule in rules} <= {"nej", "granskning", "skicka_in"}


# --- Look out -----------------------------------------------------------------------------------------------------


def test_more_than_the_frame_and_maintenance_are_advised_against_and_stop_nothing(database, whole):
    with database.transaction():
        found = application_of(whole)
        add(Frame(programme_id=found.programme_id, year=2027))
        db.session().scalars(select(ApplicationMeasure)).one().text = "Ommålning av bänkar"
        told = _coach(whole)
    assert {one.rule.key for one in told.advice} == {"ram", "drift_ej_investering"}
    assert told.stops("skicka_in") == ()


def test_a_word_inside_another_is_no_maintenance(database, whole):
    with database.transaction():
        db.session().scalars(select(ApplicationMeasure)).one().text = "Underhållsfria bänkar"
        assert advice(whole) == {}


def _climate(whole, place, **facts):
    """An application to the climate programme of the same board for the same kind of measure."""
    other = begin(whole.writer, programme="KLIMAT", title="Träd och bänkar")
    other.state = facts.pop("state", "inskickad")
    other.begun_at = facts.pop("begun_at", clock.now())
    add(ApplicationPlace(application_id=other.id, place_id=place.id))
    add_measure(other, **facts)
    return other


def test_the_same_thing_asked_of_another_programme_within_200_metres_is_told_with_a_link(database, whole):
    with database.transaction():
        add_place("Bredvid", square(740, 450, 50))
        other = _climate(whole, place_called("Bredvid"))
        [one] = _coach(whole).advice
    assert str(one.lack.text) == (
        f"Samma sak kan redan vara sökt eller betald: {other.number} Träd och bänkar. Kontrollera dubbel finansiering."
    )
    assert [about.link for about in one.lack.about] == [f"/ansokningar/{other.uid}"]


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "belysning_ny"},
        {"state": "avslag"},
        {"begun_at": "long ago"},
        {"far": True},
    ],
)
def test_but_not_another_kind_one_refused_one_long_ago_or_one_far_away(database, whole, facts):
    facts = dict(facts)
    with database.transaction():
        add_place("Långt bort", square(760, 450, 50))
        place = place_called("Långt bort" if facts.pop("far", False) else "Farsta torg")
        if "begun_at" in facts:
            facts["begun_at"] = clock.now() - timedelta(days=3 * 365 + 1)
        _climate(whole, place, **facts)
        assert advice(whole) == {}


def test_what_another_board_has_not_handed_in_is_not_told(database, whole, actors):
    other = actors("sdn_handlaggare", "sdn-skarpnack")
    with database.transaction():
        theirs = begin(other, programme="KLIMAT", title="Hemligt", organisation="sdn-skarpnack")
        add(ApplicationPlace(application_id=theirs.id, place_id=place_called("Farsta torg").id))
        add_measure(theirs)
        assert advice(whole) == {}
        theirs.state = "inskickad"
        db.session().flush()
        [one] = _coach(whole).advice
    assert [about.link for about in one.lack.about] == [""]


def test_other_funding_that_names_another_programme_is_told(database, whole):
    with database.transaction():
        key = application_of(whole).id
        add(OtherFunding(uid=uuid4(), application_id=key, source="Stadens klimatmedel", amount=1))
        assert "Klimatinvesteringar" in advice(whole)["dubbel_finansiering"]


def test_a_second_programme_is_judged_by_the_same_rules_without_a_line_of_code(database, whole):
    with database.transaction():
        in_round = add_round("KLIMAT")
        other = write_all(begin(whole.writer, in_round, programme="KLIMAT"), place_called("Farsta torg"))
        told = coach.read_draft(whole.writer, other)
    assert (told.programme, told.access) == ("KLIMAT", frozenset())
    assert told.sought == 6_050_000


def test_a_diary_number_that_looks_odd_is_told(database, whole):
    with database.transaction():
        organisation("sdn-farsta").diary_pattern = "FAR 2027/12"
        application_of(whole).diary_own = "FAR 2027/9"
        assert advice(whole) == {}
        application_of(whole).diary_own = "2027-9"
        assert list(advice(whole)) == ["diarienummer"]
