"""Every move of a walk and of an observation, read from the tables: by whom it is made, and by whom not."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from core import access, clock
from core.people.services import organisation
from core.walks import services
from core.walks.models import Adjustment, Observation, Walk
from core.walks.states import OBSERVATION, WALK

FLOWS = {"walks": WALK, "observations": OBSERVATION}
MODELS = {"walks": Walk, "observations": Observation}
LEADER = ("sdn_samordnare", "sdn-farsta")
ANSWERS = ("tk_drift", "trafik")
AT_THE_OFFICE = ("tk_drift", "tk_belysning", "fack_handlaggare")
ROLES = [role for role in access.ROLES if role in access.STAFF or role in ("revisor", "sysadmin")]
WHY = {"field": "reason", "message": "Skriv varför."}


@pytest.fixture
def things(scene, phone, database, actors):
    """A walk and an observation on it that trafiknämnden answers for; `put` sets a state as if it had come so far."""
    observation = uuid4()
    phone.log(observation, scene.walk, kind="belysning")
    uids = {"walks": scene.walk, "observations": observation}
    writer = actors("falt", "sdn-farsta")

    class Things:
        with database.transaction(write=False):
            trafik = str(organisation("trafik").uid)

        def __getitem__(self, what):
            return uids[what]

        def put(self, what, **values):
            """Return the version that a move must be based on."""
            model = MODELS[what]
            with database.transaction() as session:
                session.execute(update(model).where(model.uid == uids[what]).values(**values))
                return session.scalars(select(model.version).where(model.uid == uids[what])).one()

        def answered(self, what, move):
            """What has a test of its own: answers before feedback, two who adjust, a walk that follows up."""
            if (what, move) == ("walks", "aterkoppla"):
                self.put("observations", state="atgardad")
            elif (what, move) == ("walks", "justera"):
                self.put("walks", note_taker_id=writer.id)
                with database.transaction() as session:
                    session.execute(delete(Adjustment))
                    key = session.scalars(select(Walk.id).where(Walk.uid == scene.walk)).one()
                    session.add(Adjustment(walk_id=key, person_id=writer.id, part="antecknare", at=clock.now()))
            elif (what, move) == ("walks", "folja_upp"):
                with database.transaction() as session:
                    known = {"title": "Igen", "theme": "allman", "planned_at": clock.now(), "organiser": "sdn-farsta"}
                    follower = services.add_walk(scene.leader, uid=uuid4(), places=[], follows=scene.walk, **known)
                    session.execute(update(Walk).where(Walk.id == follower.id).values(state="genomford"))

        def state(self, what):
            model = MODELS[what]
            with database.transaction(write=False) as session:
                return session.scalars(select(model.state).where(model.uid == uids[what])).one()

    return Things()


FRESH = {"walks": {}, "observations": {"done_by_id": None}}


@pytest.mark.one_database
@pytest.mark.parametrize("what", FLOWS)
def test_every_move_is_made_from_its_states_and_from_no_other(what, things, phone_of, actors):
    """And not without a reason where it needs one, nor on a version that is not the newest."""
    leader, office = phone_of(actors(*LEADER)), phone_of(actors(*ANSWERS))
    uid, flow = things[what], FLOWS[what]
    for move in flow.moves:
        if move.needs == "walks:report:undo":
            continue  # the house's own, tested where reports are read in
        things.answered(what, move.key)
        phone = office if move.needs == "walks:observation:answer" else leader
        for source in flow.states:
            told = f"{move.key} from {source}"
            version = things.put(what, state=source, **FRESH[what])
            if source not in move.sources:
                answer = phone.move(uid, move.key, "Skäl", version=version, what=what)
                assert (answer.status_code, things.state(what)) == (409, source), told
                continue
            for empty in ("", "   ") if move.reason else ():
                answer = phone.move(uid, move.key, empty, version=version, what=what)
                assert (answer.status_code, answer.json["errors"]) == (409, [WHY]), told
            late = phone.move(uid, move.key, "Skäl", version=version + 1, what=what)
            assert (late.status_code, things.state(what)) == (412, source), told
            again = {"receiver": things.trafik} if source == "fel_mottagare" else {}
            answer = phone.move(uid, move.key, "Skäl" if move.reason else "", version=version, what=what, **again)
            assert (answer.status_code, answer.json.get("state")) == (200, move.target), told
            assert answer.json["version"] > version


@pytest.mark.one_database
def test_only_who_has_the_right_moves_anything(things, phone_of, actors):
    """Each role, in the organisation where it would have most to say."""
    for role in ROLES:
        somebody = actors(role, "trafik" if role in AT_THE_OFFICE else "sdn-farsta")
        phone, answerer = phone_of(somebody), somebody.organisation_name == "Trafiknämnden"
        for what, flow in FLOWS.items():
            for move in flow.moves:
                things.answered(what, move.key)
                version = things.put(what, state=move.sources[0], **FRESH[what])
                answer = phone.move(things[what], move.key, "Skäl", version=version, what=what)
                allowed = somebody.may(move.needs) and (move.needs != "walks:observation:answer" or answerer)
                allowed = allowed and (move.key != "justera" or role == "sdn_samordnare")
                assert (answer.status_code == 200) == allowed, (role, move.key, answer.text)
                if not allowed:
                    assert answer.status_code in (403, 404, 409), (role, move.key)
                    assert things.state(what) == move.sources[0]


@pytest.mark.one_database
def test_only_who_answers_for_the_spot_declines(things, phone_of, actors):
    """The district coordinates, and may all the same not say no for trafikkontoret (domain.md 2.3)."""
    version = things.put("observations", state="mottagen")
    uid = things["observations"]
    assert phone_of(actors(*LEADER)).move(uid, "atgarda_inte", "Nej", version=version).status_code == 403
    assert phone_of(actors(*ANSWERS)).move(uid, "atgarda_inte", "Rivs i vår", version=version).status_code == 200


def test_who_did_the_work_does_not_confirm_it(scene, phone, phone_of, actors):
    """The district's own park: the coordinator is also the one who answers, but not for her own work."""
    uid, colleague = uuid4(), phone_of(actors("falt", "sdn-farsta"))
    phone.log(uid, scene.walk, kind="vaxtlighet_sikt")
    version = 1
    for key in ("granska", "fordela", "ta_emot", "atgarda"):
        version = phone.move(uid, key, version=version).json["version"]
    own = phone.move(uid, "verifiera", version=version)
    assert own.status_code == 409
    assert "Någon annan bekräftar" in own.json["errors"][0]["message"]
    done = colleague.move(uid, "verifiera", version=version)
    assert (done.status_code, done.json["state"]) == (200, "verifierad")


def test_a_walk_is_fed_back_when_what_made_people_unsafe_has_got_an_answer(scene, phone, things):
    """Severity 2 and up waits for an answer; severity 1 does not, nor what is good as it is."""
    phone.log(uuid4(), scene.walk, kind="moblering", severity=1)
    phone.log(uuid4(), scene.walk, kind="positivt_bevara", nature="positivt", severity=2)
    waiting = ("ny", "granskad", "fordelad", "mottagen", "fel_mottagare", "ateroppnad")
    for state in OBSERVATION.states:
        things.put("observations", state=state)
        version = things.put("walks", state="utskickat")
        answer = phone.move(scene.walk, "aterkoppla", version=version, what="walks")
        assert (answer.status_code == 409) == (state in waiting), state
        if state in waiting:
            (said,) = answer.json["errors"]
            assert (said["field"], said["message"][:43]) == (
                "iakttagelse-1",
                "Iakttagelse 1, Belysning, har inte fått sva",
            )


def test_from_plan_to_follow_up_and_from_seen_to_confirmed(scene, phone, phone_of, actors, things):
    """The whole way, made of the moves alone."""
    office, uid = phone_of(actors(*ANSWERS)), things["observations"]
    way = [(phone, "granska"), (phone, "fordela"), (office, "ta_emot"), (office, "planera"), (office, "borja_atgarda")]
    way += [(office, "atgarda"), (phone, "oppna_igen"), (phone, "fordela"), (office, "ta_emot"), (office, "atgarda")]
    way += [(phone, "verifiera")]
    version = 1
    for who, key in way:
        answer = who.move(uid, key, "Skäl", version=version)
        assert (answer.status_code, answer.json.get("state")) == (200, OBSERVATION.move(key).target), key
        version = answer.json["version"]
    keys = ("halla_formote", "bjuda_in", "starta", "avsluta", "skriva_protokoll", "justera", "skicka_ut", "aterkoppla")
    for version, key in enumerate((*keys, "folja_upp"), 1):
        things.answered("walks", key)
        answer = phone.move(scene.walk, key, version=version, what="walks")
        assert (answer.status_code, answer.json["state"]) == (200, WALK.move(key).target)


@pytest.mark.one_database
def test_a_walk_takes_in_observations_until_its_protocol_is_adjusted(scene, phone, things):
    closed = ("protokoll_justerat", "utskickat", "aterkopplad", "uppfoljd", "installd")
    for state in WALK.states:
        things.put("walks", state=state)
        assert phone.log(uuid4(), scene.walk).status_code == (409 if state in closed else 201), state


def test_a_move_that_nobody_knows_is_refused_by_its_field(things, phone):
    answer = phone.move(things["observations"], "trolla", version=1)
    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.json["errors"]] == ["move"]
