"""A group (EST) that ends: nobody is asked for anything more, and who could read its weeks still can."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock as core_clock
from core import flow
from core.cooperation.models import WeeklyAction
from core.cooperation.services import weekly, weekly_end, weeks_shown
from core.people.services import organisation
from core.upkeep.services import list_open
from tests.cooperation.test_weekly import SECRET, WEEK, all_items, group

__all__ = ["group"]
WHY = "Området är lugnt."
KINDS = {"core:veckorapport", "core:veckogenomgang", "core:veckoatgard"}


def waiting(*actors):
    return {row.kind for actor in actors for row in list_open(actor).rows} & KINDS


@pytest.fixture
def ended(database, group, client):
    """The police has handed in a rumour, traffic has written a draft and has something to do; then it ends."""
    with database.transaction():
        group.line(group.police, WEEK, certainty="rykte", note=SECRET)
        group.hand_in(group.police, WEEK)
        group.line(group.traffic, WEEK, note="Halvt skrivet")
        known = {"text": "Tänd planen", "due_on": core_clock.today(), "organisation": organisation("trafik").uid}
        weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), **known)
        draft = group.report(group.traffic, WEEK)
        assert waiting(group.leader, group.traffic) == KINDS
    client.login(group.leader)
    here = f"/samverkan/veckor/{group.uid}"
    page = client.get(here).text
    assert "Åtgärder som inte är gjorda: 1. De ställs in med ditt skäl." in page
    wrong = {"reason": WHY, "ended_on": (core_clock.today() + timedelta(days=1)).isoformat()}
    answer = client.submit(f"{here}/avsluta", wrong, page=here)
    assert (answer.status_code, "Välj en dag från 2027-03-01 till i dag." in answer.text) == (422, True)
    told = {"reason": WHY, "ended_on": core_clock.today().isoformat()}
    assert client.submit(f"{here}/avsluta", told, page=here).status_code == 303
    return draft


def test_nobody_is_asked_for_anything_more_and_the_weeks_are_read_as_before(database, group, ended, client, clock):
    with database.transaction() as session:
        assert waiting(group.leader, group.traffic, group.police) == set()
        assert [row.outcome for row in session.query(WeeklyAction)] == [WHY]
        assert (weeks_shown.to_report(group.traffic, 9), weeks_shown.to_report(group.leader, 9)) == ([], [])
        assert [item.note for item in all_items(group.leader)] == [SECRET]
        assert {item.note for item in all_items(group.traffic)} == {SECRET, "Halvt skrivet"}
        assert [item.note for item in all_items(group.city)] == [], "a rumour is the group's still"
    clock.stop_at(core_clock.now() + timedelta(days=8))
    with database.transaction():
        weekly.plan_weeks()
        assert waiting(group.leader, group.traffic, group.police) == set(), "no week is asked for"
    client.login(group.police)
    page = client.get(f"/samverkan/veckor/{group.uid}").text
    assert f"Gruppen avslutades 2027-03-03: {WHY}" in page
    assert (SECRET in page, "Skriv veckorapporten" in page, "Avsluta gruppen" in page) == (True, False, False)
    assert "Avslutad" in client.get("/samverkan/veckor").text


def test_nothing_is_written_in_it_until_it_is_opened_again(database, group, ended, client):
    for act in (
        lambda: weekly.move_report(group.traffic, ended, "lamna_in"),
        lambda: weekly.add_item(group.traffic, ended, item=uuid4(), category="stold", severity=1),
        lambda: weekly.hold_review(group.leader, group.uid, WEEK, held_on=core_clock.today(), picture=""),
        lambda: weekly_end.end_group(group.leader, group.uid, ended_on=core_clock.today(), reason=WHY),
    ):
        with pytest.raises(flow.Refused, match="Gruppen är avslutad"), database.transaction():
            act()
    client.login(group.traffic)
    assert "Lämna in" not in client.get(f"/samverkan/veckorapporter/{ended}").text
    client.login(group.leader)
    here = f"/samverkan/veckor/{group.uid}"
    assert client.submit(f"{here}/oppna-igen", {"reason": "Oroligt igen."}, page=here).status_code == 303
    with database.transaction():
        assert waiting(group.leader, group.traffic) == KINDS - {"core:veckoatgard"}
        weekly.move_report(group.traffic, ended, "lamna_in")
