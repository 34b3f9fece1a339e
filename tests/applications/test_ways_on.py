"""An application's page leads on: each step to the page where it is taken, and to a round while it has none."""

import re

import pytest

from core.applications.states import APPLICATION, BY_DECISION
from core.applications.views.blueprint import TAKEN_AT
from tests.applications.draft_scene import at_state, draft

pytestmark = pytest.mark.other_database_long

__all__ = ["draft"]

WAYS = ("/bedomningar", "/beslut", "/genomforande", "/omgang")
"""Where the page leads beside the steps."""
STATES = [key for key in APPLICATION.states if key != "aterkallad"]


def test_every_step_but_those_of_a_decision_has_a_page(database):
    assert set(TAKEN_AT) == {move.key for move in APPLICATION.moves} - BY_DECISION


def test_every_step_and_link_of_the_page_leads_somewhere(client, database, draft, actors):
    """Whatever the state, whoever reads: no button answers that its page does not exist."""
    people = [actors(role, "sdn-farsta") for role in ("sdn_handlaggare", "forv_chef", "namndsekr")]
    people.append(actors("slk_handlaggare", "slk"))
    here, known = f"/ansokningar/{draft.uid}", {*TAKEN_AT.values(), *WAYS}
    for state in STATES:
        with database.transaction():
            at_state(draft, state)
        tried = set()
        for person in people:
            client.login(person)
            found = {*re.findall(rf'href="{here}(/[^"#?]+)"', client.get(here).text)}
            assert {one for one in found if one.startswith("/steg/")} <= known, state
            for address in sorted((found & known) - tried):
                assert client.get(here + address).status_code == 200, (state, person.email, address)
            tried |= found


def test_a_draft_without_a_round_leads_to_the_choice_of_one(client, database, draft, actors):
    with database.transaction():
        draft.row.round_id = None
    client.login(draft.writer)
    page = client.get(f"/ansokningar/{draft.uid}")
    assert f'href="/ansokningar/{draft.uid}/omgang"' in page.text
    assert "Välj omgång" in page.text
    with database.transaction():
        at_state(draft, "inskickad")
    assert "/omgang" not in client.get(f"/ansokningar/{draft.uid}").text
