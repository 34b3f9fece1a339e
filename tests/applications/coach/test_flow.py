"""An application on its way to the committee: who may take each step (domain.md 1.3), and what stands in its way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.applications.models import (
    ApplicationPart,
    RunningCost,
)
from core.applications.services import applications, coach, moving
from core.applications.states import APPLICATION
from core.cooperation.models import Cause
from core.flow import moves_for
from core.schema import Invalid
from tests.applications.coach.conftest import add_round, application_of, begin, said

pytestmark = pytest.mark.other_database_long

WRITERS = "sdn_samordnare sdn_handlaggare fack_handlaggare"
SENDERS = "forv_chef sdn_samordnare"
OFFICE, CLERK = "slk_handlaggare", "ksu_sekr"
CONFIRMERS = "ksu_sekr slk_handlaggare slk_ekonom"
"""What one of them has recorded holds when another confirms it."""
WHO = {
    "begar_granskning": ("utkast", WRITERS),
    "aterlamna": ("intern_granskning", "forv_chef"),
    "godkann": ("intern_granskning", "forv_chef"),
    "oppna_igen": ("klar_for_namnd", "forv_chef"),
    "registrera_namndbeslut": ("klar_for_namnd", "namndsekr"),
    "ratta_namndbeslut": ("namndbeslutad", "namndsekr"),
    "skicka_in": ("klar_for_namnd namndbeslutad", SENDERS),
    "aterta": ("inskickad", SENDERS),
    "begar_komplettering": ("inskickad", OFFICE),
    "komplettera": ("komplettering", WRITERS),
    "borja_bedoma": ("inskickad", OFFICE),
    "lamna_forslag": ("under_bedomning", OFFICE),
    "bedom_igen": ("forslag aterremiss bordlagd", OFFICE),
    "ta_upp": ("bordlagd", OFFICE),
    "bevilja": ("forslag", CONFIRMERS),
    "bevilja_delvis": ("forslag", CONFIRMERS),
    "avsla": ("forslag", CONFIRMERS),
    "aterremittera": ("forslag", CONFIRMERS),
    "bordlagg": ("forslag", CONFIRMERS),
    "lat_utga": ("forslag", CONFIRMERS),
    "skriv_om": ("aterremiss", CLERK),
    "ratta_beslut": ("beviljad delvis_beviljad avslag aterremiss bordlagd utgar avstadd", CONFIRMERS),
    "acceptera": ("delvis_beviljad", SENDERS),
    "avsta": ("delvis_beviljad beviljad", SENDERS),
    "starta": ("beviljad", WRITERS),
    "pausa": ("genomfors", WRITERS),
    "fortsatt": ("pausad", WRITERS),
    "avbryt": ("beviljad genomfors pausad", SENDERS),
    "fardigstall": ("genomfors", WRITERS),
    "ratta_fardig": ("fardig", WRITERS),
    "slutredovisa": ("fardig", OFFICE),
    "ratta_redovisning": ("slutredovisad", OFFICE),
    "folj_upp": ("slutredovisad", WRITERS),
    "aterkalla": (
        "utkast klar_for_namnd namndbeslutad inskickad komplettering under_bedomning forslag aterremiss bordlagd",
        SENDERS,
    ),
    "avsluta": ("effekt_uppfoljd avslag utgar avbruten avstadd", "registrator"),
    "ateroppna": ("avslutad", "registrator"),
}
"""The table of domain.md 1.3: from which states each step is taken, and by which roles."""
HOMES = {role: "slk" for role in access.ROLES if role.startswith(("slk_", "ks")) or role in ("registrator", "revisor")}


@pytest.mark.parametrize("role", access.ROLES)
def test_each_role_may_take_the_steps_of_the_table_and_no_other(database, whole, actors, role):
    actor = actors(role, HOMES.get(role, "sdn-farsta"))
    with database.transaction():
        found = application_of(whole)
        for state in APPLICATION.states:
            found.state = state
            db.session().flush()
            may = {move.key for move in moves_for(APPLICATION, found, actor)}
            expected = {
                key for key, (states, roles) in WHO.items() if state in states.split() and role in roles.split()
            }
            if state in ("utkast", "klar_for_namnd", "namndbeslutad") and role in HOMES:
                expected = set()
            assert may == expected, state
        found.state = "utkast"


def test_the_table_names_every_step():
    assert set(WHO) == {move.key for move in APPLICATION.moves}


@pytest.mark.parametrize("role", ["sdn_handlaggare", "sdn_samordnare", "forv_chef", "namndsekr"])
def test_another_board_takes_no_step_and_does_not_know_of_it(database, whole, actors, role):
    other = actors(role, "sdn-skarpnack")
    with database.transaction():
        found = application_of(whole)
        for state in APPLICATION.states:
            found.state = state
            db.session().flush()
            assert moves_for(APPLICATION, found, other) == []
        with pytest.raises(access.Missing):
            applications.read_application(other, whole.uid)
        found.state = "utkast"


# --- To the board -------------------------------------------------------------------------------------------------


def move(whole, who, key, **facts):
    return applications.move_application(getattr(whole, who), whole.uid, key, **facts)


def reviewed(whole):
    """Take it to where the board decides."""
    move(whole, "writer", "begar_granskning")
    move(whole, "chief", "godkann")


def decided(whole, **facts):
    """Take it past the board."""
    reviewed(whole)
    known = {"decided_on": clock.today(), "paragraph": "§ 12", "at_once": True} | facts
    return move(whole, "secretary", "registrera_namndbeslut", **known)


def submitted(whole):
    """Take it to the city."""
    decided(whole)
    return move(whole, "chief", "skicka_in")


def test_the_board_has_not_decided_before_the_application_was_begun(database, whole):
    with database.transaction():
        reviewed(whole)
    known = {"decided_on": clock.today() - timedelta(days=1), "paragraph": "§ 12"}
    with pytest.raises(Invalid, match="påbörjades 2027-01-04"), database.transaction():
        move(whole, "secretary", "registrera_namndbeslut", **known)


def test_a_review_is_asked_for_at_seventy_percent(database, whole):
    with pytest.raises(flow.Refused) as refused, database.transaction():
        new = begin(whole.writer, title="Nytt försök")
        applications.make_move(whole.writer, new, "begar_granskning")
    assert said(refused) == [
        "Ansökan är 0 procent klar. Granskning kan begäras vid 70 procent.",
        "Välj minst en plats.",
    ]
    with database.transaction():
        _weigh(whole, 70)
        assert move(whole, "writer", "begar_granskning").state == "intern_granskning"
    with pytest.raises(flow.Refused, match="69 procent"), database.transaction():
        move(whole, "chief", "aterlamna", reason="Nej")
        _weigh(whole, 69)
        move(whole, "writer", "begar_granskning")


def _weigh(whole, percent):
    """Let a round's rules weigh so that the application, without a likely cause, is that complete."""
    db.session().scalars(select(Cause)).one().state = "hypotes"
    rules = [row for row in coach.rules_to_freeze() if row["key"] in ("problem", "orsak")]
    weights = {"problem": str(percent), "orsak": str(100 - percent)}
    terms = {"schema": 1, "criteria": [], "rules": [row | {"weight": weights[row["key"]]} for row in rules]}
    found = application_of(whole)
    found.round_id = add_round("TRYGG", number=percent, terms=terms).id
    db.session().flush()


def test_who_has_written_in_it_does_not_approve_it(database, whole, actors):
    with database.transaction():
        move(whole, "writer", "begar_granskning")
        part = db.session().scalars(select(ApplicationPart).filter_by(part="mal")).one()
        applications.touch(whole.chief, part)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        move(whole, "chief", "godkann")
    number = application_number(database, whole)
    assert said(refused) == [f"Du har skrivit {number}. Den som skrivit en ansökan får inte godkänna den."]
    other = actors("forv_chef", "sdn-farsta")
    with database.transaction():
        assert applications.move_application(other, whole.uid, "godkann").state == "klar_for_namnd"


def application_number(database, whole):
    with database.transaction(write=False):
        return application_of(whole).number


def test_the_boards_decision_has_a_day_that_has_been_and_a_paragraph(database, whole):
    with database.transaction():
        reviewed(whole)
    with pytest.raises(Invalid) as refused, database.transaction():
        move(whole, "secretary", "registrera_namndbeslut", decided_on=clock.today() + timedelta(days=1), paragraph=" ")
    assert set(refused.value.flat()) == {"decided_on", "paragraph"}
    with database.transaction():
        facts = {"decided_on": clock.today(), "paragraph": "§ 12", "diary_own": "FAR 2027/3"}
        found = move(whole, "secretary", "registrera_namndbeslut", **facts)
        assert (found.state, found.decided_paragraph, found.diary_own) == ("namndbeslutad", "12", "FAR 2027/3")
        found = move(whole, "secretary", "ratta_namndbeslut", reason="Fel paragraf.")
        assert (found.state, found.decided_on, found.decided_paragraph) == ("klar_for_namnd", None, "")


def test_an_approved_one_is_opened_again_with_a_reason(database, whole):
    with database.transaction():
        reviewed(whole)
    with pytest.raises(flow.Refused, match="varför"), database.transaction():
        move(whole, "chief", "oppna_igen")
    with database.transaction():
        assert move(whole, "chief", "oppna_igen", reason="Ny kalkyl.").state == "utkast"


# --- To the city --------------------------------------------------------------------------------------------------


def test_it_is_handed_in_until_the_last_second_and_not_a_second_later(database, whole, clock):
    with database.transaction():
        decided(whole)
    clock.stop_at("2027-02-12 16:00:00")
    with pytest.raises(flow.Refused) as refused, database.transaction():
        move(whole, "chief", "skicka_in")
    assert said(refused) == [
        "Omgångens sista dag var 2027-02-12 16.00. Ansökan finns kvar som den är, till nästa omgång."
    ]
    with database.transaction(write=False):
        found = application_of(whole)
        assert (found.state, found.submitted_at, found.title) == ("namndbeslutad", None, "Stieg Trenters torg")
    clock.stop_at("2027-02-12 15:59:59")
    with database.transaction():
        found = move(whole, "chief", "skicka_in")
        assert (found.state, found.submitted_by_id) == ("inskickad", whole.chief.id)
        assert found.submitted_at is not None


def test_scenario_2_what_is_missing_is_refused_at_its_part(database, whole):
    """domain.md 13.2: without a tested cause it does not go, and all that is missing is told at once."""
    with database.transaction():
        decided(whole)
        db.session().scalars(select(Cause)).one().state = "hypotes"
        db.session().delete(db.session().scalars(select(RunningCost).where(RunningCost.year == 5)).one())
    with pytest.raises(flow.Refused) as refused, database.transaction():
        move(whole, "chief", "skicka_in")
    assert [(objection.field, str(objection.message)) for objection in refused.value.objections] == [
        ("orsaker.orsak", "Pröva orsakerna i samverkan tills minst en är trolig."),
        ("atgarder.koppling", "Koppla 1 av 1 åtgärder till en trolig orsak: Bänkar."),
        ("drift.drift", "Fyll i driftkostnad år 5."),
    ]


def test_without_the_boards_decision_only_where_the_round_takes_it_on_condition(database, whole):
    with database.transaction():
        reviewed(whole)
    with pytest.raises(flow.Refused, match="Skriv in nämndens beslut först"), database.transaction():
        move(whole, "chief", "skicka_in")
    with database.transaction():
        application_of(whole).round_id = add_round("TRYGG", number=2, conditional=True).id
        db.session().flush()
        assert move(whole, "chief", "skicka_in").conditional
    with pytest.raises(flow.Refused, match="inte inskrivet"), database.transaction():
        application_of(whole).state = "forslag"
        db.session().flush()
        move(whole, "clerk", "bevilja")
    with database.transaction():
        known = {"decided_on": clock.today(), "paragraph": "§ 3", "at_once": False, "version": None}
        found = moving.decide_afterwards(whole.secretary, whole.uid, **known)
        assert (found.decided_paragraph, found.state) == ("3", "inskickad")
    with pytest.raises(flow.Refused, match="väntar inte"), database.transaction():
        moving.decide_afterwards(whole.secretary, whole.uid, **known)


def test_who_wrote_all_of_it_does_not_hand_it_in(database, scene, whole):
    with database.transaction():
        decided(whole)
        application_of(whole).begun_by_id = whole.leader.id
    with pytest.raises(flow.Refused, match="ensam"), database.transaction():
        move(whole, "leader", "skicka_in")
    with database.transaction():
        part = db.session().scalars(select(ApplicationPart).filter_by(part="mal")).one()
        applications.touch(whole.writer, part)
        assert move(whole, "leader", "skicka_in").state == "inskickad"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "bereds"}, "inte öppen"),
        ({"opens_at": "tomorrow"}, "öppnar 2027-01-05 09.00"),
        ({"closes_at": "midnight"}, "sista dag var 2027-01-03. Ansökan finns kvar som den är"),
        (None, "Välj en omgång"),
    ],
)
def test_a_round_that_is_not_open_takes_nothing_in(database, whole, facts, words):
    with database.transaction():
        decided(whole)
        if facts and "opens_at" in facts:
            facts = {"opens_at": clock.now() + timedelta(days=1)}
        if facts and "closes_at" in facts:
            facts = {"closes_at": clock.first_moment(clock.today())}
        application_of(whole).round_id = add_round("TRYGG", number=2, **facts).id if facts else None
    with pytest.raises(flow.Refused, match=words), database.transaction():
        move(whole, "chief", "skicka_in")


def test_what_came_too_late_is_moved_to_another_round_or_to_none(database, whole, clock):
    with database.transaction():
        decided(whole)
        application_of(whole).rank = 1
    clock.stop_at("2027-02-12 16:00:01")
    with database.transaction():
        following = add_round("TRYGG", number=2).uid
        other = add_round("KLIMAT").uid
        assert [row.uid for row in moving.rounds_to_choose(application_of(whole))] == [following]
    for wrong in (whole.round, other, uuid4()):
        with pytest.raises(Invalid, match="öppen"), database.transaction():
            moving.change_round(whole.writer, whole.uid, wrong, version=None)
    with database.transaction():
        found = moving.change_round(whole.writer, whole.uid, following, version=None)
        assert (found.rank, found.state) == (None, "namndbeslutad")
        assert move(whole, "chief", "skicka_in").state == "inskickad"
    with pytest.raises(flow.Refused, match="går inte att byta"), database.transaction():
        moving.change_round(whole.writer, whole.uid, None, version=None)
