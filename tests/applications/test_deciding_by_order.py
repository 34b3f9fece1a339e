"""A decision is made on the order of its round as it is frozen: recorded, confirmed and opened in whatever order."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock, db, flow
from core.applications.models import GrantDecision, Round
from core.applications.services import deciding, decisions, meetings, ranking, rounds
from core.applications.states import DECISION
from tests.applications.deciding import PROPOSED, add_application, add_round, freeze
from tests.applications.test_deciding import round_of, said


@pytest.fixture
def frozen(database, decided, actors):
    """The order of the round, frozen an hour ago; who ranks can open it."""
    decided.ranker = actors("slk_handlaggare", "slk")
    with database.transaction():
        freeze(round_of(decided), [(decided.application, PROPOSED)])
        round_of(decided).frozen_at = clock.now() - timedelta(hours=1)
    return decided


def open_order(decided):
    return ranking.move_order(decided.ranker, decided.round, "tina", reason="En nämnd drog sig ur.")


def waiting():
    rows = select(func.count()).select_from(GrantDecision)
    return db.session().scalar(rows.where(GrantDecision.state == DECISION.start))


def test_the_order_is_not_opened_while_a_decision_waits(database, frozen):
    with database.transaction():
        row = frozen.record()
        with pytest.raises(flow.Refused) as refused:
            open_order(frozen)
        assert frozen.row().number in str(said(refused)[0])
        deciding.withdraw(frozen.secretary, row.uid, reason="Ordningen ändras")
        assert open_order(frozen).state == "bereds"


def test_a_round_taken_up_again_has_its_order_which_is_opened_and_frozen_anew(client, database, frozen):
    with database.transaction():
        round_of(frozen).state, frozen.row().state = "beslutad", "avslag"
        with pytest.raises(flow.Refused, match="Ordningen är fryst"):
            rounds.move_round(frozen.ranker, frozen.round, "bered_igen", reason="Ett beslut var fel.")
    client.login(frozen.ranker)
    page = f"/omgangar/{frozen.round}"
    assert "bered_igen" not in client.get(page).text
    why = {"reason": "Ett beslut var fel."}
    assert client.submit(f"{page}/steg/ateruppta", why, page=page).status_code == 303
    with database.transaction():
        open_order(frozen)
        assert (round_of(frozen).state, round_of(frozen).frozen) == ("bereds", None)
        frozen.row().state = "forslag"
        db.session().flush()
        assert ranking.move_order(frozen.ranker, frozen.round, "frys").state == "fryst"
        round_of(frozen).state, round_of(frozen).frozen = "beslutad", None
        assert rounds.move_round(frozen.ranker, frozen.round, "bered_igen", reason="Igen.").state == "bereds"


def test_nothing_is_recorded_by_an_order_that_is_open(client, database, frozen):
    with database.transaction():
        open_order(frozen)
        with pytest.raises(flow.Refused) as refused:
            frozen.record()
        assert ["inte fryst" in str(text) for text in said(refused)] == [True]
    client.login(frozen.secretary)
    told = client.get(f"/sammantraden/{frozen.meeting}").text
    assert "Ordningen i omgången är inte fryst." in told
    assert "Skriv in som föreslaget" not in told


def test_what_waits_from_an_older_order_is_told_and_cannot_hold(client, database, frozen):
    """As an earlier version could leave it: recorded, then opened and frozen again."""
    with database.transaction():
        row = frozen.record()
        assert [one.id for one in decisions.to_confirm(frozen.second, 9)] == [row.id]
        for change in ({"frozen_at": clock.now() + timedelta(seconds=1)}, {"state": "bereds", "frozen": None}):
            for name, value in change.items():
                setattr(round_of(frozen), name, value)
            round_of(frozen).frozen_at = change.get("frozen_at")
            db.session().flush()
            assert decisions.to_confirm(frozen.second, 9) == []
            with pytest.raises(flow.Refused):
                deciding.confirm(frozen.second, row.uid)
    client.login(frozen.second)
    for address in (f"/beslut/{row.uid}", f"/sammantraden/{frozen.meeting}"):
        told = client.get(address).text
        assert "inte fryst" in told
        assert "Bekräfta de" not in told
        assert "Bekräfta beslutet" not in told


def test_a_meeting_of_the_programme_asks_the_order_of_each_application_s_own_round(client, database, frozen):
    with database.transaction():
        of_round = meetings.read_meeting(frozen.secretary, frozen.meeting)
        of_round.round_id = None
        db.session().flush()
        later = add_application(add_round(number=2, state="bereds"), title="Ordnas än", place=None)
        row = frozen.record()
    to_record = f"/sammantraden/{frozen.meeting}/beslut/"
    client.login(frozen.secretary)
    told = client.get(f"/sammantraden/{frozen.meeting}").text
    assert "Ordningen i omgången är inte fryst." in told
    assert (f"{to_record}{later.uid}" in told, "Skriv in som föreslaget" in told) == (False, False)
    with database.transaction():
        round_of(frozen).frozen_at = clock.now() + timedelta(seconds=1)
    client.login(frozen.second)
    assert "Ordningen har frysts på nytt" in client.get(f"/beslut/{row.uid}").text
    assert "Bekräfta de" not in client.get(f"/sammantraden/{frozen.meeting}").text


def test_recorded_and_opened_at_the_same_time_one_of_them_is_refused(database, frozen):
    """Whoever comes second is told: no decision is left waiting by an order that is open."""
    barrier, done = threading.Barrier(2), []

    def take(act):
        barrier.wait()
        try:
            with database.transaction():
                act(frozen)
            done.append(act)
        except flow.Refused:
            pass

    for _ in range(8):
        both = [threading.Thread(target=take, args=(act,)) for act in (lambda one: one.record(), open_order)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert len(done) == 1, "one of them, never both and never none"
        with database.transaction():
            is_open = db.session().scalar(select(Round.frozen).where(Round.uid == frozen.round)) is None
            assert waiting() == (0 if is_open else 1)
            for row in db.session().scalars(select(GrantDecision).where(GrantDecision.state == DECISION.start)).all():
                deciding.withdraw(frozen.secretary, row.uid, reason="Om igen")
            freeze(round_of(frozen), [(frozen.application, PROPOSED)])
            round_of(frozen).frozen_at = clock.now() - timedelta(hours=1)
        done.clear()
