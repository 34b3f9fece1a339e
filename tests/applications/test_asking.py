"""Who is asked about an application, and who has to let it be done (Z27; domain.md 1.2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.applications.models import ASKED_FOR, MEDGIVANDE, SAMRAD
from core.applications.services import applications, asking, whom_to_ask
from core.people.services import organisation
from core.places.models import Place
from core.schema import Invalid
from core.upkeep.services import list_open
from tests.applications.draft_scene import at_state, draft, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]


def ask(draft, code, asked_for=SAMRAD, **facts):
    about = {"asked_for": asked_for, "organisation": organisation(code).uid}
    return asking.ask(draft.writer, draft.uid, uid=uuid4(), **about, **facts)


def codes(found):
    return [one.organisation.code for one in found]


def test_the_citys_rules_the_police_and_the_street_say_whom_to_ask(database, scene, draft):
    """Trafiknämnden must be asked of light; idrott and whoever knows the place are recommended; never oneself."""
    with database.transaction():
        found = whom_to_ask.suggestions(draft.writer, draft.row)
        assert [(one.organisation.code, one.needed) for one in found] == [("trafik", True), ("idrott", False)]
        place = db.session().scalars(select(Place).where(Place.uid == draft.place)).one()
        place.district_id = organisation("sdn-jarva").id
        draft.row.organisation_id = organisation("trafik").id
        db.session().flush()
        assert codes(whom_to_ask.suggestions(draft.writer, draft.row)) == ["idrott", "polis-jarva"]


def test_who_has_the_street_must_be_asked_whatever_is_built(database, scene, draft):
    with database.transaction():
        scene.control("vaghallare", "exploatering")
        found = whom_to_ask.suggestions(draft.writer, draft.row)
    assert [one.organisation.code for one in found if one.needed] == ["exploatering", "trafik"]


def test_leave_is_asked_of_each_owner_but_the_applicant_once_with_all_its_roles(database, scene, draft):
    with database.transaction():
        scene.control("markagare", "sdn-farsta")
        scene.control("skolgard", "sisab")
        scene.control("byggnadsagare", "sisab")
        scene.control("belysning_agare", "trafik", days=(-900, -1))
        found, others = whom_to_ask.holders(draft.writer, draft.row)
        assert (others.organisation.code, others.roles) == ("trafik", ["renhallning", "belysning_agare"])
        assert (found.organisation.code, found.roles) == ("sisab", ["byggnadsagare", "skolgard"])
        assert not found.gives_leave
        row = ask(draft, "sisab", MEDGIVANDE)
    with database.transaction():
        said = {"answered_on": clock.today(), "source": "Brev 2027-01-12", "answer": "Det går bra."}
        asking.write_in(draft.writer, row.uid, stance="tillstyrker", **said)
        [found] = [one for one in whom_to_ask.holders(draft.writer, draft.row) if one.asked]
    assert found.gives_leave


def test_who_is_asked_answers_in_fifteen_working_days_and_reads_nothing_else(database, draft, actors, clock):
    asked, stranger = actors("fack_handlaggare", "idrott"), actors("fack_handlaggare", "kultur")
    with database.transaction():
        clock.stop_at("2027-03-01T09:00")
        row = ask(draft, "idrott", question="Kan ni sköta gymmet?")
    with database.transaction():
        [frist] = [one for one in list_open(asked).rows if one.kind == "core:ansokan_fraga"]
        assert frist.due_on.isoformat() == "2027-03-22"
        found = asking.read_ask(asked, row.uid)
        places, measures = asking.told_of(found)
        assert (found.application.title, places) == ("Farsta torg: ljus och utegym", ["Farsta torg"])
        assert [one.text for one in measures] == ["Fjorton lyktor längs gångvägen", "Utegym"]
        assert [one.uid for one in asking.waiting_for(asked, 9)] == [row.uid]
        with pytest.raises(access.Missing):
            applications.read_application(asked, draft.uid)
        with pytest.raises(access.Missing):
            asking.read_ask(stranger, row.uid)
        with pytest.raises(access.Denied):
            asking.answer(draft.writer, row.uid, stance="neutral", answer="Vi svarar själva.")
    with database.transaction():
        asking.answer(asked, row.uid, stance="avstyrker", answer="Vi har ingen ledare där.")
        assert not [one for one in list_open(asked).rows if one.kind == "core:ansokan_fraga"]
        assert [one.uid for one in asking.to_consider(draft.writer, 9)] == [row.uid]
        asking.consider(draft.writer, row.uid, considered="Vi sköter gymmet själva.")
        assert not asking.to_consider(draft.writer, 9)


def test_questions_of_a_draft_are_nobody_elses_even_if_they_read_for_the_whole_city(database, draft, actors):
    city = actors("slk_handlaggare", "slk")
    with database.transaction():
        row = ask(draft, "idrott")
        with pytest.raises(access.Missing):
            asking.read_ask(city, row.uid)
        at_state(draft, "inskickad")
        assert asking.read_ask(city, row.uid)
        with pytest.raises(access.Denied):
            asking.move_ask(city, row.uid, "aterkalla", reason="Nej.")


def test_another_board_that_is_asked_takes_no_question_back(database, draft, actors):
    """It writes applications too, but not this one."""
    other = actors("fack_handlaggare", "idrott")
    with database.transaction():
        row = ask(draft, "idrott")
        with pytest.raises(access.Denied):
            asking.move_ask(other, row.uid, "aterkalla", reason="Nej.")
        with pytest.raises(access.Denied):
            asking.consider(other, row.uid, considered="Vi tar bort det.")


def test_once_for_each_sort_never_of_oneself_and_again_once_taken_back(database, draft):
    with database.transaction():
        row = ask(draft, "idrott")
        with pytest.raises(Invalid, match="redan tillfrågad"):
            ask(draft, "idrott")
        assert ask(draft, "idrott", MEDGIVANDE).id != row.id
        with pytest.raises(Invalid, match="inte sig själv"):
            ask(draft, "sdn-farsta")
        asking.move_ask(draft.writer, row.uid, "aterkalla", reason="Fel nämnd.")
        assert ask(draft, "idrott", question="Och nu?").id == row.id
        assert row.state == "fragad"
        with pytest.raises(flow.Refused, match="inte besvarad"):
            asking.consider(draft.writer, row.uid, considered="Vi hoppas.")
        said = {"answered_on": clock.today() + timedelta(days=1), "source": "Brev", "answer": "Ja."}
        with pytest.raises(Invalid, match="inte varit"):
            asking.write_in(draft.writer, row.uid, stance="neutral", **said)
    assert set(ASKED_FOR) == set(asking.PART)


def test_nothing_is_asked_once_the_application_is_locked_and_nobody_waits_when_it_is_withdrawn(database, draft, actors):
    asked, leader = actors("fack_handlaggare", "idrott"), actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        row = ask(draft, "idrott")
        at_state(draft, "inskickad")
        with pytest.raises(flow.Refused, match="låst"):
            ask(draft, "kultur")
        with pytest.raises(flow.Refused, match="låst"):
            asking.move_ask(draft.writer, row.uid, "aterkalla", reason="Nej.")
    with database.transaction():
        applications.move_application(leader, draft.uid, "aterkalla", reason="Vi söker inte.")
        assert asking.read_ask(asked, row.uid).state == "aterkallad"
        assert not [one for one in list_open(asked).rows if one.kind == "core:ansokan_fraga"]
