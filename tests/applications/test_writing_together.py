"""Several write one application (E11): boards that apply together, comments, a board's own order in a round."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep
from uuid import uuid4

import pytest

from core import access, clock, db, flow
from core.applications import waiting
from core.applications.models import Round
from core.applications.services import applications, costs, eligible, guards, parts, writing_together
from core.people.models import Organisation
from core.schema import Invalid
from tests.applications.draft_scene import at_state, begin, draft, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]


def test_a_board_that_is_invited_writes_in_the_parts_until_it_leaves(database, draft, actors):
    other = actors("fack_handlaggare", "idrott")
    line = {"year": 2027, "kind": "inkop", "what": "", "amount": 5, "capital": True}
    with database.transaction():
        with pytest.raises(access.Missing):
            applications.read_application(other, draft.uid)
        with pytest.raises(Invalid, match="Bara nämnder"):
            writing_together.invite(draft.writer, draft.uid, organisation="sisab")
        with pytest.raises(Invalid, match="söker redan"):
            writing_together.invite(draft.writer, draft.uid, organisation="sdn-farsta")
        with pytest.raises(Invalid, match="Välj Järva stadsdelsnämnd, som har tagit över"):
            writing_together.invite(draft.writer, draft.uid, organisation="sdn-rinkeby-kista")
        party = writing_together.invite(draft.writer, draft.uid, organisation="idrott")
        with pytest.raises(Invalid, match="redan tillfrågad"):
            writing_together.invite(draft.writer, draft.uid, organisation="idrott")
        [asked] = waiting.todos(other, 9)
        assert (asked.title, asked.link) == (
            "Svara om ni söker tillsammans: Farsta torg: ljus och utegym",
            f"/ansokningar/{draft.uid}/tillsammans",
        )
        applications.read_application(other, draft.uid)  # what is asked about may be read
        with pytest.raises(access.Denied):
            costs.add_row(other, draft.uid, "rad", uid=uuid4(), **line)
        assert [str(one.message) for one in guards.stops_at_once(draft.writer, draft.row, "begar_granskning")] == [
            "Idrottsnämnden har inte svarat om de söker med er. Vänta på svaret, eller ta tillbaka frågan."
        ]
        with pytest.raises(access.Denied):
            writing_together.answer(draft.writer, party.uid, joins=True)
        with pytest.raises(Invalid, match="Skriv varför"):
            writing_together.answer(other, party.uid, joins=False)
        writing_together.answer(other, party.uid, joins=True)
        assert list(waiting.todos(other, 9)) == []
        costs.add_row(other, draft.uid, "rad", uid=uuid4(), **line)
        with pytest.raises(access.Denied, match="write"):
            writing_together.invite(other, draft.uid, organisation="kultur")  # the applicant chooses with whom
        with pytest.raises(access.Denied):
            applications.move_application(other, draft.uid, "skicka_in")
    with database.transaction():
        writing_together.leave(other, party.uid, reason="Vi hinner inte.")
        with pytest.raises(access.Missing):
            applications.read_application(other, draft.uid)
        assert other.id in eligible.barred(draft.row)
        assert writing_together.invite(draft.writer, draft.uid, organisation="idrott").id == party.id
        assert eligible.barred(draft.row)[other.id] == eligible.OWN_BOARD, "asked anew it has been with all the same"
        at_state(draft, "inskickad")
        with pytest.raises(flow.Refused, match="utkast"):
            writing_together.leave(draft.writer, party.uid, reason="De hinner inte.")


def test_what_happened_is_told_in_words(database, draft, client, actors):
    """A board that was only asked has not left: the question was taken back."""
    client.login(draft.writer)
    other = actors("fack_handlaggare", "idrott")
    page, left = f"/ansokningar/{draft.uid}", "En medsökande lämnade ansökan"
    with database.transaction():
        party = writing_together.invite(draft.writer, draft.uid, organisation="idrott")
        writing_together.leave(draft.writer, party.uid, reason="De hinner inte.")
    told = client.get(page).text
    assert "En medsökande bjöds in" in told
    assert "Frågan till en nämnd togs tillbaka" in told
    assert left not in told
    with database.transaction():
        writing_together.invite(draft.writer, draft.uid, organisation="idrott")
        writing_together.answer(other, party.uid, joins=True)
        writing_together.leave(draft.writer, party.uid, reason="De hinner inte.")
    assert left in client.get(page).text


def test_what_is_moved_meanwhile_is_not_written_in(database, draft):
    """What the board decides is what its edition holds: who is writing when it is locked is told so."""
    moved, known = Event(), {"problem": "Något annat."}

    def write():
        moved.wait(10)
        with database.transaction():
            parts.write_part(draft.writer, draft.uid, "problem", **known)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            at_state(draft, "intern_granskning")
            late = pool.submit(write)
            moved.set()
            sleep(0.5)  # the other has begun, and waits
        with pytest.raises(flow.Refused, match="låst"):
            late.result(20)


def test_a_board_that_is_no_more_is_not_asked_to_apply_together(database, draft):
    with database.transaction():
        home = db.session().query(Organisation).filter_by(code="idrott").one()
        assert "idrott" in dict(writing_together.boards(draft.writer, draft.row))
        home.valid_to = clock.today() + timedelta(days=30)
        db.session().flush()
        assert "idrott" in dict(writing_together.boards(draft.writer, draft.row)), "it is there this month"
        home.valid_to = clock.today() - timedelta(days=1)
        db.session().flush()
        assert "idrott" not in dict(writing_together.boards(draft.writer, draft.row))


def test_what_is_said_inside_stays_there_and_the_rest_is_for_all_who_read_it(database, draft, actors):
    colleague, other = actors("forv_chef", "sdn-farsta"), actors("fack_handlaggare", "idrott")
    city = actors("slk_handlaggare", "slk")
    uid, inside = uuid4(), {"text": "Har vi råd?", "audience": "intern", "part": "utgifter"}
    with database.transaction():
        writing_together.invite(draft.writer, draft.uid, organisation="idrott")
        writing_together.answer(other, applications.parties_of(draft.row)[0].uid, joins=True)
        writing_together.comment(draft.writer, draft.uid, uid=uid, **inside)
        writing_together.comment(draft.writer, draft.uid, uid=uid, **inside)
        writing_together.comment(other, draft.uid, uid=uuid4(), text="Vi har ritningar.", audience="alla")
        with pytest.raises(db.Conflict):
            writing_together.comment(draft.writer, draft.uid, uid=uid, **(inside | {"text": "Annat."}))

        def heard(actor, part=None):
            return [one.text for one in writing_together.comments_of(actor, draft.row, part)]

        assert heard(draft.writer) == heard(colleague) == ["Har vi råd?", "Vi har ritningar."]
        assert heard(draft.writer, "utgifter") == ["Har vi råd?"]
        assert heard(other) == ["Vi har ritningar."]
        at_state(draft, "inskickad")
        writing_together.comment(city, draft.uid, uid=uuid4(), text="Dyrt.", audience="intern")
        assert heard(city) == ["Vi har ritningar.", "Dyrt."]
        assert "Dyrt." not in heard(draft.writer)


def test_a_board_orders_its_own_applications_and_each_place_is_taken_once(database, draft, actors):
    jarva = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        about = db.session().query(Round).filter_by(uid=draft.round).one()
        second = begin(draft.writer, applications.read_application(draft.writer, draft.uid).programme, about, "Andra")
        third = begin(draft.writer, applications.read_application(draft.writer, draft.uid).programme, about, "Tredje")
        theirs = begin(
            jarva, applications.read_application(draft.writer, draft.uid).programme, about, "Husby", "sdn-jarva"
        )
        uids = [third.uid, draft.uid, second.uid]
        writing_together.put_in_order(draft.writer, draft.round, uids)
        _, found = writing_together.own_order(draft.writer, draft.round)
        assert [(one.uid, one.rank) for one in found] == list(zip(uids, (1, 2, 3), strict=True))
        writing_together.move_in_order(draft.writer, second.uid, by=-1)
        _, found = writing_together.own_order(draft.writer, draft.round)
        assert [one.uid for one in found] == [third.uid, second.uid, draft.uid]
        with pytest.raises(Invalid, match="alla ansökningar"):
            writing_together.put_in_order(draft.writer, draft.round, uids[:2])
        with pytest.raises(access.Missing):
            writing_together.put_in_order(draft.writer, draft.round, [*uids, theirs.uid])
        with pytest.raises(access.Missing):
            writing_together.move_in_order(jarva, second.uid, by=1)
    with database.transaction():
        db.session().query(Round).filter_by(uid=draft.round).one().closes_at = clock.now()
        with pytest.raises(flow.Refused, match="stängd"):
            writing_together.move_in_order(draft.writer, second.uid, by=1)
