"""Who looks after what is built, how and at whose cost (X3, F7): proposed, written, asked for, promised or not."""

import pytest

from core import access, db, flow
from core.applications.models import Promise
from core.applications.services import promising
from core.people.services import organisation
from tests.applications.draft_scene import at_state, draft, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]
WHOLE = {"standard": "Hel och tänd", "first_after": 1, "every": 12, "cost": 9_000}


def promise(draft, thing, code, **facts):
    who = {"owner": organisation(code).uid, "payer": organisation(code).uid}
    return promising.write_promise(draft.writer, thing, **(WHOLE | who | facts))


def test_the_owner_is_proposed_by_radighet_then_by_the_citys_rules_then_the_board(database, scene, draft):
    with database.transaction():
        found = promising.proposals(draft.row, promising.built_things(draft.row))
        assert (found[draft.light].owner.code, found[draft.gym].owner.code) == ("trafik", "sdn-farsta")
        assert found[draft.gym].every == 3
        scene.control("driftansvar_park", "idrott")
        found = promising.proposals(draft.row, promising.built_things(draft.row))
        assert found[draft.gym].owner.code == "idrott"


def test_each_built_thing_lacks_something_until_its_owner_has_promised(database, draft, actors):
    owner = actors("tk_belysning", "trafik")
    with database.transaction():
        light, gym = promising.built_things(draft.row)
        assert light.lacks == gym.lacks == ["Inget löfte är skrivet."]
        row = promise(draft, draft.light, "trafik", cost=None)
        light, _ = promising.built_things(draft.row)
        assert light.lacks == ["Kostnad per år saknas.", "Den ansvarige har inte lovat än."]
        with pytest.raises(flow.Refused, match="Kostnad"):
            promising.ask_for_promise(draft.writer, row.uid)
        row = promise(draft, draft.light, "trafik", version=row.version)
        assert not promising.promises_for(owner)
        with pytest.raises(access.Missing):
            promising.read_promise(owner, row.uid)
        promising.ask_for_promise(draft.writer, row.uid, version=row.version)
    with database.transaction():
        [(asked, thing, application)] = promising.promises_for(owner)
        assert promising.promises_for(owner, answered=True) == []
        assert (thing.text, application.title) == ("Fjorton lyktor längs gångvägen", "Farsta torg: ljus och utegym")
        with pytest.raises(access.Denied):
            promising.answer_promise(draft.writer, row.uid, accepts=True)
        promising.answer_promise(owner, asked.uid, accepts=True, version=asked.version)
        assert not promising.promises_for(owner)
        assert [one for one, _, _ in promising.promises_for(owner, answered=True)] == [asked]
        assert promising.built_things(draft.row)[0].lacks == []


def test_what_is_changed_is_promised_anew_and_what_is_not_stays(database, draft, actors):
    owner = actors("tk_belysning", "trafik")
    with database.transaction():
        row = promise(draft, draft.light, "trafik")
        promising.ask_for_promise(draft.writer, row.uid)
        promising.answer_promise(owner, row.uid, accepts=True)
        same = promise(draft, draft.light, "trafik", version=row.version)
        assert same.accepted_on
        with pytest.raises(db.Stale):
            promise(draft, draft.light, "trafik", version=1, cost=1)
        assert promise(draft, draft.light, "trafik", version=row.version, cost=10_000).accepted_on is None


def test_an_owner_that_says_no_says_why_and_the_authors_find_another_way(database, draft, actors):
    owner = actors("tk_belysning", "trafik")
    with database.transaction():
        row = promise(draft, draft.light, "trafik")
        promising.ask_for_promise(draft.writer, row.uid)
        with pytest.raises(flow.Refused, match="varför"):
            promising.answer_promise(owner, row.uid, accepts=False)
        promising.answer_promise(owner, row.uid, accepts=False, why="Lyktorna finns inte i vårt sortiment.")
        with pytest.raises(flow.Refused, match="redan svarat"):
            promising.answer_promise(owner, row.uid, accepts=True)
        [(found, _, _)] = promising.declined(draft.writer, 9)
        assert found.declined == "Lyktorna finns inte i vårt sortiment."


def test_ones_own_board_promises_by_writing_it(database, draft):
    with database.transaction():
        row = promise(draft, draft.gym, "sdn-farsta")
    assert row.accepted_on


def test_nothing_is_promised_for_what_leaves_nothing_or_is_locked(database, draft):
    with database.transaction():
        gym = promising.built_things(draft.row)[1].measure
        gym.built = False
        db.session().flush()
        assert len(promising.built_things(draft.row)) == 1
        with pytest.raises(flow.Refused, match="inget byggt"):
            promise(draft, draft.gym, "trafik")
        at_state(draft, "inskickad")
        with pytest.raises(flow.Refused, match="låst"):
            promise(draft, draft.light, "trafik")
        assert db.session().query(Promise).count() == 0
