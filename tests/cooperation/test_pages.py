"""The pages of cooperation, without script: what is refused is told where it was asked, and nothing is lost."""

import pytest

from core.cooperation import services
from tests.cooperation.test_chain import fourth, goal, third

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "third"]


def test_a_step_that_is_refused_says_why_and_can_be_taken_again(database, fourth, client):
    together, uid, _ = fourth
    with database.transaction():
        made = goal(together, uid).uid
    here = f"/samverkan/mal/{made}"
    client.login(together.leader)
    refused = client.submit(f"{here}/steg/markera_smart", page=here)
    assert refused.status_code == 409
    assert refused.text.count("Minst hälften av parterna ska ha godtagit målet.") > client.get(here).text.count(
        "Minst hälften av parterna ska ha godtagit målet."
    )
    assert f'action="{here}/steg/markera_smart"' in refused.text, "the button stands where it stood"
    with database.transaction():
        for actor in (together.police, together.traffic):
            services.accept(actor, made)
    assert client.submit(f"{here}/steg/markera_smart", page=here).status_code == 303


def test_a_form_among_several_is_drawn_again_as_it_was_written(database, third, client):
    here = f"/samverkan/{third.cycle}/prioritering"
    client.login(third.leader)
    refused = client.submit(here, {"what": "", "when": "efter klockan 18"}, page=here)
    assert refused.status_code == 422
    assert "efter klockan 18" in refused.text
    assert '<details class="tp-details" open>' in refused.text
