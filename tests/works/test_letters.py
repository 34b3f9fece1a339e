"""What letters say of work: to whom a line goes, and nothing of what is restricted."""

import pytest
from sqlalchemy import update

from core.people.models import LetterChoice
from core.walks.models import Observation
from core.works import services
from core.works.models import Warranty
from tests.upkeep.letters import boxes, read, send

__all__ = ["boxes", "send"]
pytestmark = pytest.mark.other_database_long
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
    for words in (f"Bedöm: {SECRET}", f"Besikta före garantins slut: {SECRET}", "Väntar på andra"):
        assert officer.count(words) == told, words
    assert leader.count("Bekräfta att det är åtgärdat") == told
    assert (SECRET in officer) == (level == 1)
    assert ("Det finns också 3 som inte får stå i brev." in officer) == (level == 2)
