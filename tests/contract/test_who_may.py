"""Who may do what: every route, every role, own and others' things; the table of permissions alone decides."""

import re
from uuid import uuid4

import pytest

from core import access
from core.media.models import FETCH
from core.permissions import PERMISSIONS
from tests.contract.city import OURS
from tests.contract.requests import REQUESTS, walked

EVERY_ROLE = ("", *access.ROLES)
"""Every role there is, and nobody."""
LACKING_MOST = ("", "medarbetare")
"""Nobody, and the role with hardly more than everybody has."""
READ_BY_THE_CITY = {
    "cooperation": "cooperation:cycle:read",
    "agreements": "agreements:agreement:read",
    "applications": "applications:application:read",
}
"""Rooms where who reads this of the whole city, and writes the own part, may be told that one is there."""
TOKEN = re.compile(r'name="csrf_token"[^>]* value="[^"]+"')


def level(role, permission):
    """What the table says: the right for the whole city, for one's own organisation, or not at all."""
    entry = access.permissions()[permission]
    if "*" in entry.city or role in entry.city:
        return "city"
    return "own" if role in entry.own else ""


class Visitor:
    """Somebody with a role who tries everything: pages as a browser does, the API with a token."""

    def __init__(self, house, city, role):
        self.city = city
        actor = house.actors(role, OURS) if role else None
        self.page = house.client(actor)
        self.api = house.client()
        self.bearer = house.bearer(actor) if actor else {}
        self.mine = {}
        self.token = ""

    def ask(self, request, world, uid=None, **body):
        """Send the request about the thing of `world`, or about `uid`."""
        body = body or request.body(world)
        if uid is None:
            uid = self.uid_of(request, world)
        if not request.is_page:
            body["headers"] = {**body.get("headers", {}), **self.bearer}
            return self._sent(self.api, request, uid, body)
        if request.method != "GET" and "data" in body and "skrap" not in body["data"]:
            body["data"] = {**body["data"], "csrf_token": self._csrf_token()}
        return self._sent(self.page, request, uid, body)

    def _csrf_token(self):
        self.token = self.token or re.search(r'csrf_token"[^>]* value="([^"]+)', self.page.get("/utseende").text)[1]
        return self.token

    def _sent(self, client, request, uid, body):
        response = client.open(request.address(uid), method=request.method, buffered=True, **body)
        if (
            request.method == "PUT"
            and request.rule.endswith("/observations/<uuid:uid>")
            and response.status_code == 201
        ):
            self.mine[OURS] = uid
        return response

    def uid_of(self, request, world):
        if request.thing == "mine":
            return self.mine.get(world.board, world.observation)
        return uuid4() if request.thing in ("", "new") else getattr(world, request.thing)


def content(response, *uids):
    """An answer without what differs in every answer."""
    text = response.text
    for uid in uids:
        text = text.replace(str(uid), "UID")
    return response.status_code, TOKEN.sub("", text), dict(response.headers) | {"Content-Length": "", "Set-Cookie": ""}


@pytest.mark.one_database
def test_every_route_is_walked(start):
    assert {(request.method, request.rule) for request in REQUESTS} == walked(start().app)


def telling():
    """The roles that between them have every right in every way in which some role has it, or lacks it."""
    ways = {role: {(right.key, level(role, right.key)) for right in PERMISSIONS} for role in EVERY_ROLE}
    left, chosen = set().union(*ways.values()), [""]
    while left := left - ways[chosen[-1]]:
        chosen.append(max(EVERY_ROLE, key=lambda role: len(ways[role] & left)))
    return chosen


IN_SHORT = telling()


def by_role():
    """Every role; those that show nothing new come in the long run."""
    return [pytest.param(role, marks=[] if role in IN_SHORT else [pytest.mark.long]) for role in EVERY_ROLE]


@pytest.mark.one_database
@pytest.mark.parametrize("role", by_role())
def test_only_what_the_table_says(start, city, role):
    house = start()
    visitor = Visitor(house, city, role)
    needs = {
        (method, rule.rule): house.app.needs(rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods
    }
    wrong = []
    for request in REQUESTS:
        right = needs[request.method, request.rule]
        wrong += [f"{request}: {fault}" for fault in _faults(visitor, request, role, right)]
    assert wrong == []


def _faults(visitor, request, role, right):
    deciding = request.also or right
    if request.instead and not level(role, deciding):
        deciding = request.instead
    room = deciding.partition(":")[0]
    reading = READ_BY_THE_CITY.get(room, f"{deciding.rpartition(':')[0]}:read")
    sees_it = room in (*READ_BY_THE_CITY, "presence") and level(role, reading) == "city"
    if not level(role, right):
        yield from _shut_out(visitor, request, role)
    elif not level(role, deciding):
        answer = visitor.ask(request, visitor.city.ours)
        if answer.status_code != 403:
            yield f"without {deciding} {answer.status_code} and not 403"
        if not sees_it:
            yield from _tells_apart(visitor, request)
    elif right == FETCH and not level(role, "media:photo:read"):
        answer = visitor.ask(request, visitor.city.ours)
        if answer.status_code != 404:
            yield f"a photo that somebody else sent: {answer.status_code} and not 404"
        yield from _tells_apart(visitor, request)
    else:
        answer = visitor.ask(request, visitor.city.ours)
        if answer.status_code not in request.okay:
            yield f"with {deciding} {answer.status_code}: {answer.text[:200]}"
        if level(role, deciding) == "own" and request.thing and not sees_it:
            yield from _beyond(visitor, request)


def _shut_out(visitor, request, role):
    """Without the permission nothing is read: neither whether the row is there, nor what was sent.

    What was sent is not read for want of a right, whoever it is that lacks it: two that lack most of them try it.
    """
    tries = {"own": {}} | ({"rubbish": request.rubbish()} if role in LACKING_MOST else {})
    for what, body in tries.items():
        answer = visitor.ask(request, visitor.city.ours, **body)
        expected = 403 if role else request.nobody
        if answer.status_code != expected:
            yield f"{what}: {answer.status_code} and not {expected}"


def _beyond(visitor, request):
    """With the permission for one's own organisation only: nothing of the other's is done or told."""
    answer = visitor.ask(request, visitor.city.theirs)
    if (request.names_a_row or request.json) and answer.status_code != request.beyond:
        yield f"the other organisation's: {answer.status_code} and not {request.beyond}"
    if request.names_a_row:
        yield from _tells_apart(visitor, request)


def _tells_apart(visitor, request):
    """Whether somebody can find out that the other organisation has a row: its answer is that of no row at all."""
    theirs, nothing = visitor.city.theirs, Nothing()
    theirs_uid = visitor.uid_of(request, theirs)
    no_uid = theirs_uid if request.thing == "new" else nothing.walk
    other = content(visitor.ask(request, theirs, theirs_uid), theirs_uid)
    missing = content(visitor.ask(request, nothing, no_uid), no_uid, nothing.walk)
    if other != missing:
        yield f"tells the other's from a missing one: {other} != {missing}"


class Nothing:
    """A world of which there is nothing."""

    board = "sdn-jarva"

    def __init__(self):
        self.walk = self.place = self.observation = self.graffiti = self.contractor = self.contract = uuid4()
        self.problem = self.cause = self.home = self.figure = self.cited = uuid4()
