"""Rights at their edges: lists and single rows agree, limits and ends are obeyed at once, a key opens one door."""

from datetime import timedelta
from uuid import uuid4

import flask
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select, update

from core import access, app, clock
from core.access import Actor, Grant
from core.http import Api, Pages
from core.http.blueprints import NoRightNamed
from core.media import Photo
from core.people.models import Person, RoleGrant
from core.people.services import organisation
from core.places.models import Area, Place, PlaceControl
from core.schema import Invalid
from core.upkeep.models import Deadline
from core.walks.models import Observation, Walk
from plugins.klotter.models import Incident
from tests.contract.city import JPEG, OURS, THEIRS
from tests.contract.requests import ANSWER, REQUESTS

ROWS = {
    Place: "places:place:read", Walk: "walks:walk:read", Observation: "walks:observation:read",
    Deadline: "upkeep:deadline:read", Photo: "media:photo:fetch", Area: "areas:area:read",
    PlaceControl: "places:place:read",
}  # fmt: skip
"""Tables whose rows have an address, and the permission to read one."""


@hypothesis(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_list_holds_exactly_the_rows_that_can_be_read_one_by_one(database, city, data):
    """Whoever somebody is: with several roles, in several organisations, limited to areas or kinds, with a token."""
    with database.transaction(write=False) as session:
        actor = data.draw(_actor(city, {code: organisation(code).id for code in (OURS, THEIRS, "trafik")}))
        for model, reading in ROWS.items():
            listed = set(session.scalars(access.visible(select(model), actor)))
            for row in session.scalars(select(model)):
                assert (row in listed) == _found(actor, model, row, reading), (model, actor)


def _found(actor, model, row, reading):
    try:
        return access.find(model, row.uid, actor, reading) is row
    except (access.Missing, access.Denied):
        return False


def _actor(city, organisations):
    grant = st.builds(
        lambda role, home, areas, categories: Grant(role, home, frozenset({home}), areas, categories),
        st.sampled_from(sorted(access.ROLES)),
        st.sampled_from(sorted(organisations.values())),
        st.sampled_from([None, frozenset(), frozenset({city.ours.area}), frozenset({city.theirs.area})]),
        st.sampled_from([frozenset(), frozenset({"belysning"}), frozenset({"klotter:klotter"})]),
    )
    scopes = st.none() | st.frozensets(st.sampled_from(sorted(access.permissions())))
    return st.builds(
        lambda grants, scopes: Actor("person", "Någon", 0, uuid4(), None, "", tuple(grants), scopes),
        st.lists(grant, max_size=3),
        scopes,
    )


@pytest.mark.parametrize("role", ["sdn_handlaggare", "tk_drift", "slk_handlaggare"])
def test_every_line_of_a_list_leads_to_its_row(start, city, role):
    house = start()
    bearer = house.bearer(house.actors(role, OURS))
    client = house.client()
    worlds = [city.ours, city.theirs]
    for kind, thing in (("places", "place"), ("walks", "walk"), ("deadlines", "deadline")):
        listed = {line["uid"] for line in client.get(f"/api/v1/{kind}", headers=bearer).json["items"]}
        for uid in (str(getattr(world, thing)) for world in worlds):
            status = client.get(f"/api/v1/{kind}/{uid}", headers=bearer).status_code
            assert status == (200 if uid in listed else 404), f"{kind} {uid}"
        # Of a board: what is seen and ordered, asked, promised and agreed; the board for culture is party of both.
        own, whole = (19, 50) if kind == "deadlines" else (1, 2)
        assert len(listed) == (whole if role == "slk_handlaggare" else own)


@pytest.mark.one_database
def test_a_token_does_only_what_its_scopes_say(start, city):
    """Whatever else its person may do, and whatever other scopes it has: each call asks for its own.

    What writes also answers with the row, and needs the right to read it.
    """
    house = start()
    leader = house.actors("sdn_samordnare", OURS)
    rights = {
        (method, rule.rule): house.app.needs(rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods
    }
    calls = {call: rights[call.method, call.rule] for call in REQUESTS if not call.is_page}
    scopes = set(calls.values())
    reading = {scope for scope in scopes if scope.endswith(":read")}
    for scope in sorted(scopes):
        with_reading, all_others = house.bearer(leader, scope, *reading), house.bearer(leader, *scopes - {scope})
        for call in (call for call, right in calls.items() if right == scope):
            assert _status(house, city, call, all_others) == 403, f"without {scope}: {call}"
            lacking = bool(call.also and call.also not in reading) or not leader.may(scope)
            assert (_status(house, city, call, with_reading) == 403) == lacking, f"{scope}: {call}"


def _status(house, city, call, bearer):
    body = call.body(city.ours)
    body["headers"] = body.get("headers", {}) | bearer
    uid = uuid4() if call.thing == "new" else getattr(city.ours, call.thing or "place")
    return house.client().open(call.address(uid), method=call.method, **body).status_code


@pytest.mark.one_database
def test_a_token_gives_no_more_than_its_person_has(start, city):
    house = start()
    bearer = house.bearer(house.actors("falt", OURS), "places:place:edit", "places:place:read")
    client = house.client()
    new = {"name": "Torg", "kind": "torg", "public_access": "allman_plats", "geometry": {}}
    assert client.get(f"/api/v1/places/{city.ours.place}", headers=bearer).status_code == 200
    assert client.get(f"/api/v1/places/{city.theirs.place}", headers=bearer).status_code == 404
    assert client.put(f"/api/v1/places/{uuid4()}", headers=bearer, json=new).status_code == 403


FOREIGN = {
    "id": 1, "level": 0, "state": "klar", "version": 9, "organisation_id": 1, "reporter_id": 1, "number": "PL-1",
    "role": "sysadmin", "_sa_instance_state": "x",
}  # fmt: skip
"""Names of columns that no one may set by sending them."""


@pytest.mark.one_database
def test_no_request_sets_what_it_does_not_ask_for(start, city, monkeypatch):
    """Every route that takes a body refuses each field that it does not know, and names it."""
    house = start()
    leader, client = house.actors("sdn_samordnare", OURS), house.client()
    admin = house.actors("sysadmin", "slk")
    needs = {
        (method, rule.rule): house.app.needs(rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods
    }
    others = ("arkivarie", "slk_handlaggare", "slk_ekonom", "ksu_sekr", "registrator")
    people = (leader, admin, *(house.actors(role, "slk") for role in others), house.actors("namndsekr", OURS))
    windows = {who: (house.client(who), house.bearer(who)) for who in people}
    tokens = {page: _form_token(page) for page, _ in windows.values()}
    # Asks nothing; asks nobody who has no link, no code of her own, no phone, nothing to assess.
    other = ("/logga-ut", "/losenord/<key>", f"/jag/enheter/anslut/<uuid:uid>/{ANSWER}", "/api/v1/devices/claims")
    other += ("/ansokningar/<uuid:uid>/bedomning",)
    taking = [request for request in REQUESTS if (request.json or request.form) and request.rule not in other]
    assert len(taking) > 12
    for request in taking:
        uid = uuid4() if request.thing == "new" else getattr(city.ours, request.thing or "place")
        wanted = {needs[request.method, request.rule], *filter(None, [request.also])}
        page, bearer = windows[next(who for who in people if all(map(who.may, wanted)))]
        if request.is_page:
            # The version is a form's own control; a role is a word that the person's forms have for themselves.
            foreign = FOREIGN.keys() - {"version", "role"}
            body = request.body(city.ours, csrf_token=tokens[page], **{name: FOREIGN[name] for name in foreign})
            with monkeypatch.context() as patched:
                patched.setitem(house.app.error_handler_spec[None][None], Invalid, _names_alone)
                answer = page.open(request.address(uid), method=request.method, **body)
            # Of what else is wrong nothing is said here: a form may ask for more than it is about.
            refused = foreign & {name.rpartition(".")[2] for name in answer.json}
        else:
            foreign = FOREIGN.keys() - request.json(city.ours).keys()  # a choice says which version it is about
            body = request.body(city.ours, **{name: FOREIGN[name] for name in foreign})
            body["headers"] |= bearer
            answer = client.open(request.address(uid), method=request.method, **body)
            refused = {error["field"] for error in answer.json["errors"]}
        assert (answer.status_code, refused) == (422, foreign), f"{request}"


def _names_alone(error):
    """Answer which fields were refused, and not the whole page again on which they were sent."""
    return sorted(error.flat()), 422


def _form_token(client):
    return client.get("/utseende").text.partition('csrf_token" value="')[2].partition('"')[0]


class TestEnds:
    """What ends, ends at the next request."""

    def test_a_role_that_ended_yesterday(self, start, city):
        house = start()
        today = clock.today()
        last = house.client(house.actors("sdn_handlaggare", OURS, valid_from=today, valid_to=today))
        over = house.client(
            house.actors("sdn_handlaggare", OURS, valid_from=today - timedelta(9), valid_to=today - timedelta(1))
        )
        early = house.client(house.actors("sdn_handlaggare", OURS, valid_from=today + timedelta(1)))
        address = f"/platser/{city.ours.place}"
        assert [who.get(address).status_code for who in (last, over, early)] == [200, 403, 403]

    def test_a_role_that_is_taken_while_its_holder_is_logged_in(self, start, city):
        house = start()
        actor = house.actors("sdn_handlaggare", OURS)
        page, api, bearer = house.client(actor), house.client(), house.bearer(actor)
        assert page.get("/vandringar").status_code == 200
        with house.database.transaction() as session:
            yesterday = clock.today() - timedelta(1)
            grants = update(RoleGrant).where(RoleGrant.person_id == actor.id)
            session.execute(grants.values(valid_from=yesterday, valid_to=yesterday))
        assert page.get("/vandringar").status_code == 403
        assert api.get("/api/v1/walks", headers=bearer).status_code == 403

    def test_a_person_who_has_left(self, start, city):
        house = start()
        actor = house.actors("sdn_handlaggare", OURS)
        page, api, bearer = house.client(actor), house.client(), house.bearer(actor)
        with house.database.transaction() as session:
            session.get_one(Person, actor.id).ended_at = clock.now()
        assert page.get("/vandringar").status_code == 303
        assert api.get("/api/v1/walks", headers=bearer).status_code == 401


class TestLimits:
    """A role for some areas or some kinds reaches those only."""

    def test_by_area(self, start, city):
        house = start()
        here = house.client(house.actors("sdn_handlaggare", OURS, areas=[city.ours.limit]))
        elsewhere = house.client(house.actors("sdn_handlaggare", OURS, areas=[city.theirs.limit]))
        for address in (f"/platser/{city.ours.place}", f"/iakttagelser/{city.ours.graffiti}"):
            assert here.get(address).status_code == 200
            assert elsewhere.get(address).status_code == 404
        # Only these areas, never others: not even where the other organisation's places lie.
        assert elsewhere.get(f"/platser/{city.theirs.place}").status_code == 404

    def test_by_kind(self, start, city):
        house = start()
        light = house.client(house.actors("sdn_handlaggare", OURS, categories=["belysning"]))
        paint = house.client(house.actors("sdn_handlaggare", OURS, categories=["klotter:klotter", "klotter:sanering"]))
        lamp, tag = f"/iakttagelser/{city.ours.observation}", f"/iakttagelser/{city.ours.graffiti}"
        assert [light.get(one).status_code for one in (lamp, tag)] == [200, 404]
        assert [paint.get(one).status_code for one in (lamp, tag)] == [404, 200]
        assert light.get(f"/skotsel/frister/{city.ours.deadline}").status_code == 404
        assert paint.get(f"/skotsel/frister/{city.ours.deadline}").status_code == 200
        assert light.get(f"/klotter/{city.ours.graffiti}").status_code == 404

    def test_a_limit_of_one_role_leaves_the_other_whole(self, start, city):
        house = start()
        actor = house.actors("sdn_handlaggare", OURS, areas=[city.ours.limit])
        with house.database.transaction() as session:
            board = organisation(THEIRS).id
            session.add(
                RoleGrant(
                    person_id=actor.id, organisation_id=board, role="falt", valid_from=clock.today(), areas=[],
                    categories=[],
                )
            )  # fmt: skip
        client, bearer = house.client(), house.bearer(actor)
        theirs = f"/api/v1/places/{city.theirs.place}"
        assert client.get(theirs, headers=bearer).status_code == 200
        assert client.get(f"/api/v1/places/{city.ours.place}", headers=bearer).status_code == 200
        # What only the role at home gives is not carried over to the other organisation.
        change = {"headers": bearer | {"If-Match": '"1"'}, "json": {"move": "granska"}}
        assert client.post(f"/api/v1/observations/{city.theirs.observation}/moves", **change).status_code == 403
        assert client.post(f"/api/v1/observations/{city.ours.observation}/moves", **change).status_code == 200


@pytest.mark.one_database
class TestNeeds:
    """A route that does not say which permission it needs never comes into use."""

    def test_of_core_it_fails_the_start(self, start, monkeypatch):
        forgetful = flask.Blueprint("glomsk", __name__)
        forgetful.add_url_rule("/glomsk", view_func=lambda: "hej")
        monkeypatch.setattr(app, "PAGES", (*app.PAGES, forgetful))
        with pytest.raises(NoRightNamed, match="glomsk"):
            start(anew=True)

    def test_of_core_a_right_that_nobody_knows_fails_the_start(self, start, monkeypatch):
        pages = Pages("felstavad", __name__)
        pages.add_url_rule("/felstavad", view_func=lambda: "hej", needs="places:place:raed")
        monkeypatch.setattr(app, "PAGES", (*app.PAGES, pages))
        with pytest.raises(NoRightNamed, match="/felstavad: places:place:raed"):
            start(anew=True)

    def test_of_core_s_api_a_right_that_nobody_knows_fails_the_start(self, start, monkeypatch):
        api = Api("felstavad", __name__)
        api.route("/felstavad", methods=["GET"], needs="places:place:raed")(lambda: "hej")
        monkeypatch.setattr(app, "APIS", (*app.APIS, api))
        with pytest.raises(NoRightNamed, match="/api/v1/felstavad: places:place:raed"):
            start(anew=True)

    @pytest.mark.parametrize("needs", [{}, {"needs": None}, {"needs": "places"}, {"needs": "places:read"}])
    def test_our_own_blueprints_refuse_it_where_it_is_written(self, needs):
        with pytest.raises(NoRightNamed, match="/glomsk"):
            Pages("glomsk", __name__).get("/glomsk", **needs)(lambda: "hej")
        with pytest.raises(NoRightNamed, match="/glomsk"):
            Api("glomsk", __name__).route("/glomsk", methods=["GET"], **needs)(lambda: "hej")


def test_a_photo_belongs_to_who_sent_it_until_its_record_comes(start, city):
    house = start()
    sender, colleague = house.actors("falt", OURS), house.actors("falt", OURS)
    client, address = house.client(), f"/api/v1/photos/{uuid4()}"
    piece = {"Upload-Offset": "0", "Upload-Length": str(len(JPEG)), "Content-Type": "application/offset+octet-stream"}
    sent = client.patch(address, data=JPEG, headers=piece | house.bearer(sender))
    assert sent.status_code == 200
    assert client.get(address, headers=house.bearer(sender)).status_code == 200
    assert client.get(address, headers=house.bearer(colleague)).status_code == 404
    assert client.patch(address, data=JPEG, headers=piece | house.bearer(colleague)).status_code == 409


@pytest.mark.one_database
def test_what_is_refused_changes_nothing(start, city):
    """The other organisation's rows are the same after everything has been tried on them."""
    house = start()
    leader = house.actors("sdn_samordnare", OURS)
    client, bearer = house.client(), house.bearer(leader)
    before = _rows(house.database)
    for request in REQUESTS:
        if not request.is_page and request.method != "GET" and request.thing != "new":
            body = request.body(city.theirs)
            body["headers"] = body.get("headers", {}) | bearer
            uid = getattr(city.theirs, request.thing or "place")
            client.open(request.address(uid), method=request.method, **body)
    assert _rows(house.database) == before


def _rows(database):
    with database.transaction(write=False) as session:
        models = (Walk, Observation, Deadline, Incident)
        return {
            f"{model.__name__} {row.id}": (row.version, getattr(row, "state", ""))
            for model in models
            for row in session.scalars(select(model))
        }
