"""What the city's view counts as waiting stands in Att göra of those who are to do it, and of nobody who may not."""

from datetime import date
from uuid import uuid4

import pytest

from core import clock, db
from core.applications.services import meetings
from core.followup.models import CarryOver, Claim, GrantReport, Reallocation
from core.followup.services import waiting
from core.followup.services.asked import Asked, Boards
from core.followup.services.whose_turn import counted
from core.people.waiting import todos
from tests.followup.conftest import YEAR

ABOUT = {"amount": 450_000, "reason": "Marklovet dröjer."}


@pytest.fixture
def people(granted, actors):
    return {
        "writer": granted.writer,
        "chief": granted.chief,
        "secretary": granted.committee,
        "economist": granted.money.economist,
        "officer": granted.money.other,
    }


TO = {
    "claim:inskickad": {"officer"},
    "claim:granskad": {"economist"},
    "claim:avvisad": {"writer"},
    "carry_over:begard": {"economist"},
    "carry_over:yttrad": {"economist", "secretary"},
    "carry_over:registrerad": {"economist"},  # the secretary wrote it in
    "reallocation:begard": {"economist", "secretary"},
    "grant_report:inlamnad": {"officer"},
    "application:beviljad": {"writer"},
    "application:forslag": {"secretary"},
}


def plant(granted, key):
    """Put one thing in the state; return its number or uid, as its link ends."""
    kind, _, state = key.partition(":")
    application = granted.application(1_000_000)
    if kind == "application":
        application.state = state
        if state == "forslag":  # it has been on the list of a meeting
            known = {"of_round": None, "programme": granted.money.programme.uid, "held_on": clock.today()}
            held = meetings.add_meeting(granted.committee, uid=uuid4(), **known)
            meetings.move_meeting(granted.committee, held.uid, "hall")
        db.session().flush()
        return str(application.uid)
    known = {"uid": uuid4(), "state": state, "application_id": application.id}
    numbered = known | {"content": b"", "number": f"X-{key}"[:20]}
    asked = numbered | ABOUT | {"asked_at": clock.now()}
    years = {"from_year": YEAR, "to_year": YEAR + 1, "new_completion": date(YEAR + 1, 6, 1), "cause": "tillstand"}
    row = {
        "claim": lambda: Claim(**numbered, year=YEAR, amount=450_000, what="Lyktor"),
        "carry_over": lambda: CarryOver(**asked, **years, decided_by_id=granted.committee.id),
        "reallocation": lambda: Reallocation(**asked, to_id=application.id, year=YEAR),
        "grant_report": lambda: GrantReport(**known, kind="tertial", period=f"{YEAR}-T1", due_on=date(YEAR, 5, 10)),
    }[kind]()
    db.session().add(row)
    db.session().flush()
    return str(row.uid)


@pytest.mark.parametrize("key", TO)
def test_what_is_counted_as_waiting_stands_in_att_gora_of_those_who_are_to_do_it(database, granted, people, key):
    with database.transaction():
        uid = plant(granted, key)
        found = {name: [one for one in todos(set(), actor)[0] if uid in one.link] for name, actor in people.items()}
        assert {name for name, rows in found.items() if rows} == TO[key]
        [one] = next(rows for rows in found.values() if rows)
        assert one.context.startswith("TI-")
        assert one.context.endswith(" Ljusare torg")
        assert one.detail.startswith("Farsta stadsdelsnämnd")
        assert ("450\u00a0000\u00a0kr" in one.detail) == (
            key.partition(":")[0] in ("claim", "carry_over", "reallocation")
        )
        assert sum(one.number for one in counted(people["officer"], Asked(YEAR, Boards())).waits) == 1


def test_nothing_is_counted_that_this_does_not_try():
    assert {f"{one.model.__tablename__}:{one.state}" for one in waiting.WAITS} <= set(TO)
