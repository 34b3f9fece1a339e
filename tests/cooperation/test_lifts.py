"""An obstacle, or that cooperation gives no effect, is lifted to the central level and answered in time (Z12, Z46)."""

from uuid import uuid4

import pytest

from core import access, flow
from core import clock as core_clock
from core.cooperation.lifted_table import as_table
from core.cooperation.services import lifts
from core.people.services import organisation
from core.schema import Invalid
from core.upkeep.services import list_open

pytestmark = pytest.mark.other_database_long

FACTS = {
    "title": "Belysningen i tunneln",
    "what": "Tunneln ägs av tre parter, och ingen betalar.",
    "tried": "Två möten och en skrivelse.",
    "asked": "Att någon pekar ut vem som betalar.",
}


@pytest.fixture
def central(actors):
    """Whoever answers for the central level."""
    return actors("slk_handlaggare", "slk")


def lift(actor, **facts):
    known = {"kind": "hinder", "since_on": core_clock.today()} | FACTS
    return lifts.make(actor, uid=uuid4(), **(known | facts))


def frist_of(central):
    rows = [row for row in list_open(central).rows if row.kind == "core:lyft_svar"]
    return rows[0] if rows else None


def test_any_party_lifts_an_obstacle_and_the_central_level_answers_within_twenty_working_days(
    database, together, central, clock
):
    clock.stop_at("2027-03-01T09:00")
    with database.transaction():
        made = lift(together.police, cycle=together.cycle)
        assert (made.number, made.state) == ("LY-00001", "lyft")
        # långfredagen and annandag påsk lie between
        assert frist_of(central).due_on.isoformat() == "2027-03-31"
    with database.transaction():
        [line] = lifts.to_answer(central, 9)
        assert line.lift.uid == made.uid
        assert lifts.to_answer(together.leader, 9) == []
    with pytest.raises(access.Denied), database.transaction():
        lifts.move(together.police, made.uid, "besvara", reason="Vi svarar själva.", decision="ja")
    with pytest.raises(Invalid, match="beslutar"), database.transaction():
        lifts.move(central, made.uid, "besvara", reason="Kanske.")
    with database.transaction():
        lifts.move(central, made.uid, "besvara", reason="Trafiknämnden betalar.", decision="ja")
        told = lifts.read(together.police, made.uid).lift
        assert (told.state, told.decision, told.answer) == ("besvarad", "ja", "Trafiknämnden betalar.")
        assert frist_of(central) is None
        moves = [event.move for event in lifts.events_of(together.leader, told)]
    assert moves == ["besvara", "lyft"]


def test_the_time_stands_still_while_more_is_asked_for(database, together, central, clock):
    clock.stop_at("2027-05-03T09:00")
    with database.transaction():
        made = lift(together.leader, cycle=together.cycle, kind="effekt")
        before = frist_of(central).due_on
    clock.stop_at("2027-05-10T09:00")
    with database.transaction():
        lifts.move(central, made.uid, "begar_mer", reason="Vilken mätning visar det?")
        assert [one.lift.uid for one in lifts.to_complete(together.leader, 9)] == [made.uid]
        assert lifts.to_complete(together.police, 9) == []
        assert lifts.to_answer(central, 9) == []
    clock.stop_at("2027-05-17T09:00")
    with database.transaction():
        lifts.move(together.leader, made.uid, "komplettera", reason="Platsenkäten.")
        after = frist_of(central).due_on
    assert (after - before).days >= 7


def test_an_answer_that_is_not_enough_is_asked_for_again(database, together, central):
    with database.transaction():
        made = lift(together.leader, cycle=together.cycle)
        lifts.move(central, made.uid, "besvara", reason="Nej.", decision="nej")
        lifts.move(together.leader, made.uid, "oppna_igen", reason="Varför inte?")
        assert frist_of(central) is not None
        lifts.move(central, made.uid, "besvara", reason="Till kommunstyrelsen.", decision="vidare")
    with pytest.raises(flow.Refused, match="kommunstyrelsen"), database.transaction():
        lifts.move(together.leader, made.uid, "oppna_igen", reason="Nu då?")


def test_from_a_place_by_who_reads_it_and_never_from_a_cycle_of_others(database, together, scene, central, actors):
    stranger = actors("sdn_samordnare", "sdn-jarva")
    with pytest.raises(access.Missing), database.transaction():
        lift(stranger, cycle=together.cycle)
    with pytest.raises(Invalid, match="vad det gäller"), database.transaction():
        lift(together.leader)
    with database.transaction():
        made = lift(together.leader, place=scene.place)
        assert made.cycle_id is None
        with pytest.raises(access.Missing):
            lifts.read(stranger, made.uid)
        with pytest.raises(access.Missing):
            lifts.read(together.police, made.uid)  # of no cycle that the police is a party of
        assert [one.lift.uid for one in lifts.lifts_about(central, place=scene.place)] == [made.uid]


def test_the_same_again_is_the_same_and_a_day_to_come_is_refused(database, together):
    uid, known = uuid4(), {"kind": "hinder", "since_on": core_clock.today(), "cycle": together.cycle} | FACTS
    with database.transaction():
        first = lifts.make(together.leader, uid=uid, **known)
        assert lifts.make(together.leader, uid=uid, **known).id == first.id
    with pytest.raises(Invalid, match="tidigare dag"), database.transaction():
        lifts.make(together.leader, uid=uuid4(), **known | {"since_on": core_clock.today().replace(year=2099)})


def test_nothing_is_lifted_to_nobody_in_a_city_without_a_central_level(database, together, client):
    with database.transaction() as session:
        organisation("slk").code = "annan"
        session.flush()
    with pytest.raises(flow.Refused, match="Be den som sköter Tryggplats"), database.transaction():
        lift(together.leader, cycle=together.cycle)
    client.login(together.leader)
    form = client.get(f"/samverkan/lyft/ny?cykel={together.cycle}").text
    assert "ingen organisation som svarar" in form
    assert 'name="tried"' not in form, "nothing is asked that could not be sent"


def test_kommunstyrelsen_sees_them_all_and_which_are_late(database, together, central, actors, clock):
    clock.stop_at("2027-03-01T09:00")
    board = actors("ks_las", "ks")
    with database.transaction():
        late, sent_on = lift(together.leader, cycle=together.cycle), lift(together.police, cycle=together.cycle)
        lifts.move(central, sent_on.uid, "besvara", reason="Större än vi.", decision="vidare")
    clock.stop_at("2027-04-20T09:00")
    with database.transaction():
        assert lifts.counts(board) == {"open": 1, "late": 1, "answered": 1, "board": 1, "": 2}
        [line] = lifts.list_lifts(board, lifts.Wish("late")).rows
        assert (line.lift.uid, line.late) == (late.uid, True)
        table = as_table(board, board.uid, visa="board")
        [row] = list(table.sheet.rows)
    assert row[0] == sent_on.number


def test_the_pages_of_both_sides(database, together, central, client, queries):
    client.login(together.leader)
    form = client.get(f"/samverkan/lyft/ny?cykel={together.cycle}").text
    assert "Stadsledningskontoret svarar inom 20 arbetsdagar." in form
    sent = {"uid": str(uuid4()), "cycle": str(together.cycle), "goal": "", "measure": "", "place": "", "kind": "hinder"}
    sent |= {"since_on": core_clock.today().isoformat()} | FACTS
    answer = client.submit("/samverkan/lyft/ny", sent, page=f"/samverkan/lyft/ny?cykel={together.cycle}")
    assert answer.status_code == 303, answer.text
    client.login(central)
    assert "Svara på det som är lyft: Belysningen i tunneln" in client.get("/att-gora").text
    page = answer.headers["Location"]
    done = client.submit(f"{page}/svara", {"decision": "delvis", "reason": "Halva."}, page=page)
    assert done.status_code == 303, done.text
    client.login(together.leader)
    assert "Besvarat: Halva." in client.get(page).text
    assert "Besvarat" in client.get("/").text  # what others have done
    assert "Belysningen i tunneln" in client.get(f"/samverkan/{together.cycle}").text


def test_by_the_api(database, together, central, client, actors):
    bearer = actors.token(together.leader)
    uid, body = (
        uuid4(),
        FACTS | {"kind": "effekt", "since_on": core_clock.today().isoformat(), "cycle": str(together.cycle)},
    )
    made = client.put(f"/api/v1/lifts/{uid}", json=body, headers=bearer)
    assert (made.status_code, made.json["state"], made.json["late"]) == (200, "lyft", False)
    move = {"move": "besvara", "decision": "ja", "reason": "Vi gör så."}
    refused = client.post(f"/api/v1/lifts/{uid}/moves", json=move, headers=bearer | {"If-Match": '"1"'})
    assert refused.status_code == 403
    answers = actors.token(central) | {"If-Match": '"1"'}
    assert client.post(f"/api/v1/lifts/{uid}/moves", json=move, headers=answers).json["decision"] == "ja"
    assert [one["uid"] for one in client.get("/api/v1/lifts?which=answered", headers=bearer).json["items"]] == [
        str(uid)
    ]
