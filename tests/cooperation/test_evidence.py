"""Every way of knowing that the programme names can be logged as evidence (Z18, domain.md 1.2)."""

from uuid import uuid4

import pytest

from core import clock
from core.cooperation import services
from core.cooperation.models import EVIDENCE_KINDS
from core.cooperation.schemas import EvidenceForm
from tests.cooperation.conftest import asked_for

pytestmark = pytest.mark.other_database_long

TWELVE = {
    "trygghetsmatning", "regional_trygghetsmatning", "stockholmsenkat", "skolenkat", "tyck_till",
    "medborgarundersokning",
    "polisstatistik", "ordningsvaktsstatistik", "trygghetsvandring", "certifiering", "dialog", "egen_observation",
}  # fmt: skip
LISTENING = {"grannsamtal", "nattvandring", "besiktning"}


def test_every_kind_of_evidence_can_be_logged_in_an_own_picture(database, together):
    assert set(EVIDENCE_KINDS) == TWELVE | LISTENING
    with database.transaction():
        asked_for(together)
        cycle = services.read_cycle(together.police, together.cycle)
        report = services.own_picture(together.police, cycle).report
        for kind in EVIDENCE_KINDS:
            day = clock.today().isoformat()
            told = {
                "uid": str(uuid4()),
                "kind": kind,
                "what": "Mörkt",
                "source": "Samtal",
                "first_on": day,
                "last_on": day,
            }
            facts = EvidenceForm().load(told)
            services.add_evidence(together.police, report.uid, evidence=facts.pop("uid"), **facts)
        found = services.own_picture(together.police, cycle)
    assert [row.kind for row in found.evidence] == list(EVIDENCE_KINDS)
