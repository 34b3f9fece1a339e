"""How a route is used: what a test needs to send one good request to it."""

from dataclasses import dataclass, field

from tests.contract.city import JPEG

PIECE = {
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": "0",
    "Upload-Length": str(len(JPEG)),
}


@dataclass(frozen=True, eq=False)
class Request:
    """How to use a route.

    `thing` is what the uid in the address names: something of a World, or "new" (a uid of the client's own) or
    "mine" (what the person has logged). `json` and `form` make the body from a world; `also` is the permission
    that the service asks for besides the route's, `instead` another that does as well; `okay` are answers that show
    that the rule itself was reached.
    `beyond` is the answer to JSON about the other organisation's: 404, except where what is made would lie in its
    district, which is no row of it and is told at the field.
    """

    method: str
    rule: str
    thing: str = ""
    json: object = None
    form: object = None
    sent: bytes | None = None
    also: str = ""
    instead: str = ""
    parts: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    okay: tuple = (200, 201, 204, 303)
    beyond: int = 404

    @property
    def is_page(self):
        return not self.rule.startswith("/api/")

    @property
    def nobody(self):
        """What who is not logged in is answered: a page sends to the login, a form is kept by it; Open311 refuses."""
        if self.rule.startswith("/open311/"):
            return 403
        return 303 if self.is_page and self.method == "GET" else 401

    @property
    def wrong(self):
        """What a body is answered whose fields are wrong."""
        return 400 if self.rule.startswith("/open311/") else 422

    @property
    def names_a_row(self):
        """Whether the request is about a row that there already is, in the address or in the body."""
        named = {"walk", "place"} & set(self.json(_Names()) if self.json else ())
        return self.thing not in ("", "new") or bool(named)

    def address(self, uid):
        """The address, for one thing."""
        path = self.rule
        for part, value in self.parts.items():
            path = path.replace(part, value)
        return path.replace("<uuid:uid>", str(uid))

    def body(self, world, **extra):
        """What the test client takes for the body, with `extra` fields in it.

        It says version 1; where a request before it has changed that, 409 shows that the rule let it in.
        """
        if self.json:
            return {"json": self.json(world) | extra, "headers": {"If-Match": '"1"'}}
        if self.sent is not None:
            return {"data": self.sent, "headers": PIECE}
        if self.form:
            return {"data": {"version": "1"} | self.form(world) | extra}
        return {"query_string": self.query}

    def rubbish(self):
        """A body that nobody can read."""
        if self.is_page:
            return {"data": {"skrap": "x" * 50}}
        return {"data": b'{"skrap": [', "headers": {"Content-Type": "application/json"}}

    def __str__(self):
        return f"{self.method} {self.rule}"


class _Names:
    board = walk = ""

    def __getattr__(self, name):
        return name
