"""Weekly reports in the API: the same rules as on the pages, and a rumour leaves the group by neither."""

from datetime import date
from uuid import uuid4

import pytest

from core.cooperation.services import weekly, weeks_shown
from core.people.services import organisation
from tests.cooperation.test_weekly import SECRET, WEEK, group

pytestmark = pytest.mark.other_database_long

__all__ = ["group"]

LINE = {"category": "ordningsstorning", "severity": 2, "trend": "okar", "certainty": "fakta"}


@pytest.fixture
def ask(client, actors):
    """Ask the API as somebody: method, address behind /api/v1, and what else is sent."""

    def ask(actor, method, address, *, version=None, **sent):
        headers = actors.token(actor) | ({"If-Match": f'"{version}"'} if version is not None else {})
        return client.open(f"/api/v1{address}", method=method, headers=headers, **sent)

    return ask


def test_a_member_writes_its_own_report_and_hands_it_in(database, group, ask):
    with database.transaction(write=False):
        police = organisation("polis-farsta").uid
    [own] = ask(group.police, "GET", f"/weekly-reports?week={WEEK}&organisation={police}").json["items"]
    assert (own["week"], own["due_at"], own["handed_in_at"]) == (str(WEEK), "2027-03-08T11:00:00Z", None)
    item, line = f"/weekly-items/{uuid4()}", LINE | {"report": own["uid"]}
    for _ in range(2):
        told = ask(group.police, "PUT", item, json=line).json
        assert [one["severity"] for one in told["items"]] == [2], "the same again is the same"
    assert ask(group.police, "PUT", item, json=line | {"severity": 3}).status_code == 409
    extra = f"/weekly-items/{uuid4()}"
    assert len(ask(group.police, "PUT", extra, json=line).json["items"]) == 2
    assert ask(group.police, "DELETE", extra).status_code == 204
    steps = f"/weekly-reports/{own['uid']}/moves"
    assert ask(group.police, "POST", steps, json={"move": "lamna_in"}, version=9).status_code == 412
    done = ask(group.police, "POST", steps, json={"move": "lamna_in"}, version=told["version"]).json
    assert (done["state"], len(done["items"])) == ("inlamnad", 1)
    assert ask(group.police, "PUT", f"/weekly-items/{uuid4()}", json=line).status_code == 409
    assert ask(group.police, "DELETE", item).status_code == 409


def test_no_row_reaches_further_than_on_the_pages(database, group, ask):
    with database.transaction():
        group.line(group.police, WEEK, note=SECRET, certainty="rykte")
        group.line(group.police, WEEK, note="Två samtal om tunneln.")
        report = group.report(group.police, WEEK)
        draft = group.report(group.traffic, WEEK)
    address = f"/weekly-reports/{report}"
    assert ask(group.leader, "GET", address).json["items"] == [], "a draft is read by who writes it"
    with database.transaction():
        group.hand_in(group.police, WEEK)
    assert [one["certainty"] for one in ask(group.leader, "GET", address).json["items"]] == ["rykte", "fakta"]
    told = ask(group.city, "GET", address)
    assert [one["certainty"] for one in told.json["items"]] == ["fakta"]
    assert SECRET not in told.text
    for path in ("/weekly-reports", "/weekly-groups"):
        assert ask(group.outside, "GET", path).json["items"] == []
    assert ask(group.outside, "GET", address).status_code == 404
    line, move = LINE | {"report": str(draft)}, {"move": "lamna_in"}
    for other, refused in ((group.leader, 403), (group.outside, 404)):  # the one knows of the report, the other not
        assert ask(other, "PUT", f"/weekly-items/{uuid4()}", json=line).status_code == refused
        assert ask(other, "POST", f"/weekly-reports/{draft}/moves", json=move, version=1).status_code == refused


def test_the_lists_are_of_a_group_a_week_or_a_state_and_go_on_where_they_ended(database, group, ask):
    [told] = ask(group.leader, "GET", "/weekly-groups").json["items"]
    assert (told["uid"], told["name"], told["asked_for"]) == (str(group.uid), "Farsta stadsdelsnämnd", 0)
    every = ask(group.leader, "GET", f"/weekly-reports?group={group.uid}").json
    assert (len(every["items"]), every["next"]) == (3, None)
    with database.transaction(write=False):
        first, after = weeks_shown.list_reports(group.leader, weeks_shown.Wish(), limit=2)
        rest, end = weeks_shown.list_reports(group.leader, weeks_shown.Wish(), after=after, limit=2)
    assert ([str(one.uid) for one in (*first, *rest)], end) == ([one["uid"] for one in every["items"]], None)
    for asked in (f"group={uuid4()}", "week=2027-W08", "state=inlamnad", f"organisation={uuid4()}"):
        assert ask(group.leader, "GET", f"/weekly-reports?{asked}").json["items"] == []
    assert ask(group.leader, "GET", "/weekly-reports?week=2027-W54").status_code == 422


def test_what_a_group_decided_and_what_came_of_it_is_told_to_who_reads_its_page(database, group, ask, clock):
    clock.stop_at("2027-03-09T10:00")
    with database.transaction():
        group.line(group.police, WEEK, note=SECRET, certainty="rykte")
        group.hand_in(group.police, WEEK)
        traffic = organisation("trafik").uid
        known = {"organisation": traffic, "due_on": date(2027, 3, 12)}
        first = weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), text="Laga lyktan", **known)
        weekly.assign(group.leader, group.uid, WEEK, uid=uuid4(), text="Klipp häcken", **known)
        weekly.move_action(group.traffic, first.uid, "klarmarkera", outcome="Ny lykta.")
    clock.stop_at("2027-03-15T10:00")
    for actor in (group.leader, group.police, group.city):
        told = ask(actor, "GET", f"/weekly-actions?group={group.uid}")
        assert [(one["text"], one["state"]) for one in told.json["items"]] == [
            ("Klipp häcken", "tilldelad"),
            ("Laga lyktan", "klar"),
        ]
        assert SECRET not in told.text
    [done] = ask(group.police, "GET", f"/weekly-actions?week={WEEK}&state=klar").json["items"]
    assert (done["organisation"], done["due_on"], done["outcome"]) == (str(traffic), "2027-03-12", "Ny lykta.")
    assert ask(group.police, "GET", f"/weekly-actions?organisation={uuid4()}").json["items"] == []
    assert ask(group.outside, "GET", "/weekly-actions").json["items"] == []
    assert ask(group.police, "GET", "/weekly-actions?week=nu").status_code == 422
