"""What is arranged on a place: permits in time, next year's, who sees what."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import access, clock, db, flow
from core.places import services as places
from core.places.models import Place
from core.presence import services
from core.presence.limits import PERMIT
from core.presence.models import Activation, ActivationPermit, PatrolRequest, PlanningGoal, PlanningProject
from core.schema import Invalid
from core.upkeep.models import Deadline
from core.upkeep.services import deadlines_of
from tests.presence.conftest import arrange, request_patrols, uid_of
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long

WINTER = datetime(2027, 2, 1, 12, tzinfo=UTC)


def fristen(crew, permit):
    [found] = [one for one in deadlines_of(crew.board, "activation_permit", permit.uid) if one.kind == PERMIT]
    return found


def said(refused):
    return [str(objection.message) for objection in refused.value.objections]


def test_a_permit_has_its_frist_before_the_start_and_follows_it(database, crew):
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew, permits=["markupplatelse", "polistillstand"])
        ground, police = services.permits_of(row)
        assert (fristen(crew, ground).due_on, fristen(crew, police).due_on) == (date(2027, 5, 2), date(2027, 5, 25))
    for first, ground_by in ((date(2027, 6, 15), date(2027, 5, 16)), (date(2027, 5, 20), date(2027, 4, 20))):
        with clock.frozen(WINTER), database.transaction():
            services.change_activation(crew.board, row.uid, version=None, starts_on=first)
            assert fristen(crew, ground).due_on == ground_by
    with clock.frozen(WINTER), database.transaction():
        services.move_permit(crew.board, ground.uid, "sok", day=date(2027, 2, 1), reference="K-12")
        services.move_permit(crew.board, police.uid, "behovs_ej", day=date(2027, 2, 1), reason="Ingen sammankomst.")
        assert (fristen(crew, ground).state, fristen(crew, police).state) == ("klar", "utgar")
    with clock.frozen(WINTER), database.transaction():
        services.move_permit(crew.board, police.uid, "sok_igen", day=date(2027, 2, 1), reason="Det blir musik.")
        assert fristen(crew, police).state == "oppen"
        services.move_activation(crew.board, row.uid, "stall_in", reason="Vägen byggs om.")
        assert fristen(crew, police).state == "utgar"


def test_nothing_goes_on_without_its_permits(database, crew):
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew, permits=["markupplatelse"])
        [permit] = services.permits_of(row)
    with clock.frozen(WINTER), pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_activation(crew.board, row.uid, "gor_klar")
    assert said(refused) == ["Markupplåtelse är inte beviljat."]
    with clock.frozen(WINTER), database.transaction():
        known = {"day": date(2027, 2, 1), "valid_to": date(2027, 7, 31)}
        services.move_permit(crew.board, permit.uid, "bevilja", **known)
    with clock.frozen(WINTER), pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_activation(crew.board, row.uid, "gor_klar")
    assert said(refused) == ["Markupplåtelse gäller bara till och med 2027-07-31."]


def test_cancelled_says_why_and_is_not_begun_before_its_day(database, crew):
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew)
        services.move_activation(crew.board, row.uid, "gor_klar")
    with clock.frozen(WINTER), pytest.raises(flow.Refused, match="börjar först 2027-06-01"), database.transaction():
        services.move_activation(crew.board, row.uid, "borja")
    with clock.frozen(WINTER), pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        services.move_activation(crew.board, row.uid, "stall_in")


def test_what_comes_every_year_is_planned_again_once_with_its_permits_anew(database, crew):
    leap = {"starts_on": date(2028, 2, 29), "ends_on": date(2028, 8, 31), "opens": "12.00", "closes": "20.00"}
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew, yearly=True, permits=["markupplatelse"], cost=120_000, **leap)
        [permit] = services.permits_of(row)
        services.move_permit(crew.board, permit.uid, "bevilja", day=date(2027, 2, 1), reference="K-12")
    with clock.frozen(WINTER), database.transaction():
        made = services.next_year(crew.board, row.uid)
        assert services.next_year(crew.board, row.uid).id == made.id
        [anew] = services.permits_of(made)
        assert fristen(crew, anew).due_on == date(2029, 1, 29)
    assert (made.starts_on, made.ends_on, made.opens) == (date(2029, 2, 28), date(2029, 8, 31), "12:00")
    assert (made.state, made.cost, made.visitors, made.yearly) == ("planerad", 120_000, None, True)
    assert (anew.state, anew.number) == ("behovs", "")
    with database.transaction():
        once = arrange(crew)
    with pytest.raises(flow.Refused, match="varje år"), database.transaction():
        services.next_year(crew.board, once.uid)


def test_its_host_reads_it_and_tells_how_it_went_and_changes_nothing_else(database, crew, actors):
    host = actors("fastighetsagare_ext", "demo-fastighetsagare")
    with clock.frozen(WINTER), database.transaction():
        theirs = arrange(crew, host=uid_of("demo-fastighetsagare"))
        arrange(crew)
    summer = datetime(2027, 7, 1, 12, tzinfo=UTC)
    told = {"visitors": 400, "visitors_how": "Slinga", "outcome": "Fler stannade."}
    with clock.frozen(summer), database.transaction():
        assert [row.id for row in services.list_activations(host).rows] == [theirs.id]
        services.report_activation(host, theirs.uid, **told)
        assert services.read_activation(crew.board, theirs.uid).visitors == 400
        assert len(services.list_activations(crew.office).rows) == 2
        assert len(services.list_activations(crew.traffic).rows) == 2, "whoever answers for the place sees it"
        assert services.list_activations(crew.other).rows == []
        assert services.list_activations(crew.firm).rows == []
    with pytest.raises(access.Denied), database.transaction():
        services.move_activation(host, theirs.uid, "gor_klar")
    with clock.frozen(WINTER), pytest.raises(flow.Refused, match="börjar först"), database.transaction():
        services.report_activation(host, theirs.uid, **told)


def test_it_is_arranged_once_by_ones_own_on_a_place_that_one_sees(database, crew):
    uid = uuid4()
    known = {"title": "Marknad", "kind": "marknad", "starts_on": date(2027, 6, 1), "ends_on": date(2027, 6, 2)}
    known |= {"organisation": "sdn-farsta", "place": crew.place}
    with database.transaction():
        first = services.add_activation(crew.board, uid=uid, **known)
        assert services.add_activation(crew.board, uid=uid, **known).id == first.id
    with pytest.raises(db.Conflict), database.transaction():
        services.add_activation(crew.board, uid=uid, **(known | {"title": "Konsert"}))
    for wrong, words in (
        ({"organisation": "sdn-skarpnack"}, "arbetar för"),
        ({"ends_on": date(2027, 5, 1)}, "före den första"),
        ({"kind": "cirkus"}, "i listan"),
        ({"opens": "12.00"}, "båda klockslagen"),
    ):
        with pytest.raises(Invalid, match=words), database.transaction():
            services.add_activation(crew.board, uid=uuid4(), **(known | wrong))
    with pytest.raises(Invalid, match="Välj en plats"), database.transaction():
        services.add_activation(crew.other, uid=uuid4(), **(known | {"organisation": "sdn-skarpnack"}))


def test_what_is_on_a_place_that_has_closed_since_is_still_written_on(database, crew):
    with database.transaction() as now:
        row = arrange(crew)
        now.execute(update(Place).where(Place.uid == crew.place).values(state="stangd"))
        facts = {"place": crew.place, "title": "Sommargatan"}
        assert services.change_activation(crew.board, row.uid, version=None, **facts).title == "Sommargatan"


def test_when_its_last_day_has_been_nothing_goes_on(database, crew, client):
    today = clock.today()
    with database.transaction():
        row = arrange(crew, starts_on=today - timedelta(days=9), ends_on=today)
        for key in ("gor_klar", "borja"):
            services.move_activation(crew.board, row.uid, key)
        assert services.standing_of(row).label == "Pågår"
        services.change_activation(crew.board, row.uid, version=None, ends_on=today - timedelta(days=8))
    client.login(crew.board)
    for address in ("/aktivering/lista", f"/aktivering/{row.uid}", f"/platser/{crew.place}"):
        page = client.get(address).text
        assert "Över, inte avslutad" in page, address


def test_it_is_not_moved_to_a_place_that_is_protected_otherwise(database, crew):
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew)
        other = add_place("Nya torget", square(100, 100, 50))
        db.session().execute(update(Place).where(Place.uid == other).values(level=2))
    with clock.frozen(WINTER), pytest.raises(Invalid, match="samma skydd"), database.transaction():
        services.change_activation(crew.board, row.uid, version=None, place=other)


def test_it_is_changed_although_its_place_has_closed(database, crew):
    with clock.frozen(WINTER), database.transaction():
        row = arrange(crew)
        db.session().execute(update(Place).where(Place.uid == crew.place).values(state="stangd"))
        changed = services.change_activation(crew.board, row.uid, version=None, place=crew.place, title="Ny rubrik")
    assert changed.title == "Ny rubrik"


def test_what_happens_on_a_place_is_protected_with_it_when_it_becomes_more_so(database, crew):
    def levels():
        rows = (Activation, ActivationPermit, PatrolRequest, PlanningProject, PlanningGoal, Deadline)
        return {model.__tablename__: set(db.session().scalars(select(model.level))) for model in rows}

    with clock.frozen(WINTER), database.transaction():
        arrange(crew, permits=["markupplatelse"])
        services.move_request(crew.board, request_patrols(crew).uid, "skicka")
        known = {"title": "Nytt torg", "kind": "ombyggnad", "starts_on": date(2027, 1, 1), "place": crew.place}
        project = services.add_project(crew.board, uid=uuid4(), organisation="sdn-farsta", **known)
        goal = {"responsible": uid_of("sdn-farsta"), "follow_up_on": date(2028, 1, 1)}
        services.add_goal(crew.board, project.uid, text="Tryggt på kvällen", **goal)
        assert set.union(*levels().values()) == {1}
    for wish, expected in (("begransad", {2}), ("intern", {2})):
        with clock.frozen(WINTER), database.transaction():
            places.change_place(crew.board, crew.place, version=None, confidentiality=wish)
            assert set.union(*levels().values()) == expected, "never less than it was"
