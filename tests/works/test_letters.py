"""What letters say of work: to whom a line goes, and nothing of what is restricted."""

import pytest
from sqlalchemy import update

from core.people.models import LetterChoice, Organisation
from core.people.services import organisation
from core.walks.models import Observation
from core.works import services
from core.works.models import Warranty
from tests.upkeep.letters import TRAFIK, boxes, read, send
from tests.works.conftest import CONTRACTOR, add_contract

__all__ = ["boxes", "send"]
pytestmark = pytest.mark.other_database_long
OTHER, DOER, THEIRS = "exploatering", "jour@entreprenor.example", "jour@annan.example"
SECRET = "Grinden vid det skyddade boendet"


@pytest.fixture
def wants(database):
    """Let somebody get letters of her own, of what others do too: `wants(sides.orderer)`."""

    def wants(actor):
        with database.transaction() as session:
            session.add(LetterChoice(person_id=actor.id, days="vardagar", urgent_only=False, others=True))

    return wants


def own(letters, role):
    """The letter of the person with a role, as it is read."""
    [text] = [read(letter) for to, letter in letters.items() if to.startswith(role)]
    return text


@pytest.mark.parametrize("level", [1, 2])
def test_what_is_restricted_is_told_in_no_letter_of_one_s_own(
    database, clock, scene, sides, ordered, routed, move, show, send, wants, level
):
    """Neither what is to be judged, inspected or confirmed, nor what one waits for others to do."""
    clock.stop_at("2026-12-01T10:00")
    with database.transaction():
        found = services.read_contract(sides.orderer, sides.contract)
        services.change_contract(sides.orderer, sides.contract, version=found.version, warranty_months=1)
    done, approved = ordered(title=SECRET, level=level), ordered(title=SECRET, level=level)
    ordered(title=SECRET, level=level)
    for made in (done, approved):
        move(sides.doer, made, "kvittera")
        show(sides.doer, made, width=50 if made == done else 60)
        move(sides.doer, made, "fardiganmal")
    move(sides.orderer, approved, "godkann", reason="Bra.")
    mended = routed()
    with database.transaction() as session:
        session.execute(update(Observation).where(Observation.uid == mended).values(level=level, state="atgardad"))
        assert session.query(Warranty).count() == 1
    for actor in (sides.orderer, scene.leader):
        wants(actor)
    clock.stop_at("2026-12-02T06:00")
    letters = send()
    officer, leader = own(letters, "tk_drift"), own(letters, "sdn_samordnare")
    told = 1 if level == 1 else 0
    for words in (f"Bedöm: {SECRET}", "Garantibesiktning", "Väntar på andra"):
        assert officer.count(words) == told, words
    assert leader.count("Bekräfta att det är åtgärdat") == told
    assert (SECRET in officer) == (level == 1)
    assert ("Det finns också 3 ärenden som inte får stå i brev." in officer) == (level == 2)


def test_an_order_is_one_line_in_the_letter_to_who_does_it(database, clock, sides, ordered, move, send):
    """Its three clocks are not three new things, and who ordered it is not told that it is hers to do."""
    with database.transaction() as session:
        for code, to in ((CONTRACTOR, DOER), (OTHER, THEIRS)):
            box = {"contacts": f"Skötsel: {to}"}
            session.execute(update(Organisation).where(Organisation.code == code).values(**box))
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p1")
    ordered(priority="p1", title="Måla räcket", contract=False)
    clock.stop_at("2027-03-02T06:00")
    letters = send()
    doer, orderer = read(letters[DOER]), read(letters[TRAFIK])
    assert "Försenat (1)" in doer, "to acknowledge took two hours"
    assert "- Kvittera arbetsorder, AO-00001: Laga lyktan, Farsta torg. Tiden gick ut" in doer
    assert doer.count(f"{database.settings.base_url}/arbeten/{made}") == 1
    assert orderer.count("Kvittera arbetsorder") == 1, "that of her own people"
    assert "AO-00001" not in orderer
    clock.stop_at("2027-03-03T06:00")
    assert "Försenat (1)" in read(send()[DOER]), "the step after the last day"


def test_who_gets_an_order_instead_is_told_of_it_as_new(database, clock, sides, ordered, move, send):
    with database.transaction() as session:
        session.execute(update(Organisation).where(Organisation.code == OTHER).values(contacts=f"Skötsel: {THEIRS}"))
        other = add_contract(sides.orderer, title="Jour", contractor=organisation(OTHER).uid)
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p3")
    move(sides.doer, made, "overlamna", reason="Vi saknar folk.")
    move(sides.orderer, made, "tilldela", contract=other.uid)
    clock.stop_at("2027-03-02T06:00")
    assert f"/arbeten/{made}" in read(send()[THEIRS])
