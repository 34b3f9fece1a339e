"""Who is asked about a measure, perspectives, and what stands in the plan until both are there (Z23, Z27, Z39, Z44)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import access, clock, db, flow
from core.cooperation import catalogue, services
from core.cooperation.models import PERSPECTIVES
from core.cooperation.services import consulting
from core.people.services import organisation
from core.schema import Invalid
from core.testing.people import LONG_AGO
from core.upkeep.services import list_open
from tests.cooperation.test_chain import fourth, goal, third

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "third"]


def planned(together, cause, **facts):
    """A measure that changes the light."""
    known = {"text": "Ny belysning", "approach": "situationell", "kind": "belysning_ny", "cause": cause}
    return services.add_measure(together.leader, together.cycle, uid=uuid4(), **(known | facts))


def ask(together, measure, code="stadsbyggnad", **facts):
    known = {"organisation": organisation(code).uid, "function": "Handläggare", "question": "Behövs lov?"}
    return consulting.ask(together.leader, measure.uid, uid=uuid4(), **(known | facts))


def lacks(actor, measure):
    return [str(words) for words in consulting.in_words(consulting.watch(actor, [measure])[measure.id])]


def test_the_citys_rules_say_who_is_to_be_asked(database, fourth):
    """By the kind of measure, by that it is physical, by the focus area of its goal; who has responsibility first."""
    together, uid, cause = fourth
    with database.transaction():
        aim = goal(together, uid, focus_area="stadsutveckling")
        light = planned(together, cause, goals=[aim.uid])
        talk = planned(together, cause, kind="information", approach="social", text="Berätta")
        told = [
            [(one.organisation.code, one.rule.part) for one in consulting.suggestions(together.leader, step)]
            for step in (services.read_measure(together.leader, made.uid) for made in (light, talk))
        ]
    assert told == [[("trafik", "ansvarig"), ("exploatering", "tidigt")], []]


def test_a_body_that_is_no_party_answers_and_reads_nothing_else(database, fourth, actors, clock):
    together, _, cause = fourth
    outside, stranger = actors("fack_handlaggare", "stadsbyggnad"), actors("fack_handlaggare", "idrott")
    with database.transaction():
        clock.stop_at("2027-03-01T09:00")
        measure = planned(together, cause)
        asked = ask(together, measure)
    with database.transaction():
        [frist] = [row for row in list_open(outside).rows if row.kind == "core:samradssvar"]
        assert frist.due_on.isoformat() == "2027-03-22"  # 15 working days
        assert [row.uid for row in consulting.waiting_for(outside, 9)] == [asked.uid]
        with pytest.raises(access.Missing):
            services.read_measure(outside, measure.uid)
        with pytest.raises(access.Missing):
            consulting.read_consultation(stranger, asked.uid)
    with pytest.raises(access.Denied), database.transaction():
        consulting.answer(together.leader, asked.uid, stance="neutral", answer="Vi svarar själva.")
    with database.transaction():
        consulting.answer(outside, asked.uid, stance="tillstyrker", answer="Inget lov behövs.")
        assert [row.uid for row in consulting.to_consider(together.leader, 9)] == [asked.uid]
        assert not [row for row in list_open(outside).rows if row.kind == "core:samradssvar"]
        assert "Svar som ingen har skrivit hur de beaktas: 1." in lacks(together.leader, measure)
        consulting.consider(together.leader, asked.uid, considered="Vi går vidare utan lov.")
        [row] = consulting.consultations_of(together.police, measure)
    assert (row.state, row.stance, row.considered) == ("beaktat", "tillstyrker", "Vi går vidare utan lov.")


def test_a_day_that_was_agreed_takes_the_place_of_the_usual_time(database, fourth, actors):
    together, _, cause = fourth
    outside = actors("fack_handlaggare", "stadsbyggnad")
    day = clock.today() + timedelta(days=4)
    with database.transaction():
        measure = planned(together, cause)
        ask(together, measure, answer_by=day)
        [frist] = [row for row in list_open(outside).rows if row.subject_kind == "consultation"]
        assert frist.due_on == day
        with pytest.raises(Invalid, match="redan tillfrågad"):
            ask(together, measure)
        with pytest.raises(Invalid, match="kommer"):
            ask(together, measure, "idrott", answer_by=clock.today() - timedelta(days=1))


def test_what_was_asked_can_be_taken_back_and_asked_again(database, fourth):
    together, _, cause = fourth
    with database.transaction():
        measure = planned(together, cause)
        first = ask(together, measure)
        consulting.move_consultation(together.leader, first.uid, "aterkalla", reason="Fel funktion.")
        assert "Ingen har tillfrågats." in lacks(together.leader, measure)
        second = ask(together, measure, function="Bygglovsenheten")
    assert second.id != first.id


def test_a_physical_measure_is_flagged_until_bodies_are_asked_and_perspectives_seen(database, fourth):
    """Flagged, never blocked: a draft is saved, and the measure is assigned all the same."""
    together, _, cause = fourth
    with database.transaction():
        owner = services.own_party(
            together.leader, services.read_cycle(together.leader, together.cycle)
        ).organisation.uid
        measure = planned(together, cause, owner=owner, ends_on=clock.today())
        social = planned(together, cause, kind="social_insats", approach="social", text="Fältarbete")
        assert lacks(together.leader, social) == []
        assert lacks(together.leader, measure) == [
            "Ingen har tillfrågats.",
            "Perspektiv saknas: Barn.",
            "Perspektiv saknas: Jämställdhet.",
            "Perspektiv saknas: Tillgänglighet och funktionsnedsättning.",
        ]
        services.move_measure(together.leader, measure.uid, "tilldela")
        ask(together, measure)
        consulting.write_perspective(together.police, measure.uid, "barn", heard="Elevrådet")
        assert "Perspektiv saknas: Barn." in lacks(together.leader, measure)  # heard, but not how it was considered
        consulting.write_perspective(
            together.police, measure.uid, "barn", heard="Elevrådet", considered="Lägre lampor."
        )
        with pytest.raises(Invalid, match="inte är relevant"):
            consulting.write_perspective(together.leader, measure.uid, "jamstalldhet", relevant=False)
        why = "Ingen skillnad enligt mätningen."
        consulting.write_perspective(together.leader, measure.uid, "jamstalldhet", relevant=False, why_not=why)
        consulting.write_perspective(
            together.leader, measure.uid, "tillganglighet", heard="Rådet", considered="Jämnt ljus."
        )
        assert lacks(together.leader, measure) == ["Tillfrågade som inte har svarat: 1."]


def test_perspectives_are_followed_through(database, fourth):
    together, _, cause = fourth
    with database.transaction():
        measure = planned(together, cause)
        consulting.write_perspective(
            together.leader, measure.uid, "barn", heard="Elevrådet", considered="Lägre lampor."
        )
    with pytest.raises(flow.Refused), database.transaction():
        consulting.follow_perspective(together.leader, measure.uid, "barn", outcome="Barnen går där nu.")
    with database.transaction():
        services.read_cycle(together.leader, together.cycle).state = "genomfora"
        consulting.follow_perspective(together.leader, measure.uid, "barn", outcome="Barnen går där nu.")
        consulting.follow_perspective(together.leader, measure.uid, "aldre", outcome="Bänkarna används.")
        with pytest.raises(db.Stale):
            consulting.follow_perspective(together.police, measure.uid, "barn", outcome="Nej.", version=1)
        seen = consulting.perspectives_of(together.police, [measure])[measure.id]
    assert [(key, row.outcome) for key, row in seen.items()] == [
        ("barn", "Barnen går där nu."),
        ("aldre", "Bänkarna används."),
    ]
    assert len(PERSPECTIVES) == 6


def test_goals_and_measures_belong_to_areas_that_the_city_has(database, fourth):
    """Z36, Z44: the focus areas and the priority areas are data, and what is none of them is refused."""
    together, uid, cause = fourth
    with database.transaction():
        assert (len(catalogue.focus_areas()), len(catalogue.priority_areas()) > 3) == (4, True)
        made = goal(together, uid, focus_area="offentlig_miljo", priority_area="otrygga_platser")
        measure = planned(together, cause, priority_area="unga_i_risk")
        assert (made.priority_area, measure.priority_area) == ("otrygga_platser", "unga_i_risk")
        for wrong in ({"focus_area": "paris"}, {"priority_area": "paris"}, {"kind": "paris"}):
            with pytest.raises(Invalid, match="listan"):
                planned(together, cause, **wrong)


def test_the_plan_says_what_is_lacking_first(database, fourth, client, actors):
    together, _, cause = fourth
    with database.transaction():
        measure = planned(together, cause)
    client.login(together.leader)
    assert "Åtgärder i den fysiska miljön som saknar något:" in client.get(f"/samverkan/{together.cycle}/mal").text
    told = client.get(f"/samverkan/atgarder/{measure.uid}").text
    assert "Föreslås av stadens regler" in told
    assert "Trafiknämnden, har ansvar: Trafiknämnden äger belysningen." in told
    outside = actors("fack_handlaggare", "stadsbyggnad", valid_from=LONG_AGO)
    with database.transaction():
        asked = ask(together, measure)
    client.login(outside)
    assert "Svara på samråd" in client.get("/att-gora").text
    shown = client.get(f"/samverkan/samrad/{asked.uid}").text
    assert "Behövs lov?" in shown
    assert f"/samverkan/atgarder/{measure.uid}" not in shown
