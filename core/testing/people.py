"""People for tests: somebody with a role, and a browser without a screen for her."""

from __future__ import annotations

import re
import secrets
from datetime import date
from html import unescape
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import access, db
from core.people import services
from core.people.models import DEMO_ADDRESS, Person, RoleGrant, Token

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from core.access import Actor
    from core.db import Database
    from core.http.frame import Application

LONG_AGO = date(2020, 1, 1)
"""From when people have their roles, so that a test may stop the clock at any later day."""
FORM_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
FORM = re.compile(r'<form [^>]*method="post"[^>]*>')
ACTION = re.compile(r'action="([^"]*)"')
FORM_VERSION = re.compile(r'name="version" value="(\d+)"')


class Actors:
    """Makes people, each with one role in one organisation, named after the role."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._number = count(1)

    def __call__(self, role: str, organisation: str = "sdn-farsta", **limits: Any) -> Actor:
        """Return a new person; `limits` are those of a role: days (since long ago), areas, categories.

        Any role in any organisation: a test of one board may ask about roles that `grant_role` would refuse there.
        """
        house = access.system("test")
        facts = {"valid_from": LONG_AGO, "areas": [], "categories": []} | limits
        with self._database.transaction():
            person = services.add_person(
                house, email=f"{role}-{next(self._number)}{DEMO_ADDRESS}", name=access.ROLES[role]
            )
            home = services.organisation(organisation)
            db.session().add(RoleGrant(person_id=person.id, organisation_id=home.id, role=role, **facts))
            db.session().flush()
            return services.actor_of(person)

    def session(self, actor: Actor) -> str:
        """Log the person in and return the opaque id for the cookie; spares the test the slow password."""
        with self._database.transaction() as session:
            return services.open_session(session.get_one(Person, actor.id))

    def token(self, actor: Actor, *scopes: str) -> dict[str, str]:
        """Return the header of a bearer token for the person, with these permissions or all.

        Also with those that she lacks: as if she had had them when it was made.
        """
        asked = scopes or tuple(access.permissions())
        with self._database.transaction() as session:
            person = session.get_one(Person, actor.id)
            known: dict[str, Any] = {"email": person.email, "name": f"test {secrets.token_hex(4)}", "days": 1}
            opaque = services.create_token(access.system("test"), scopes=(), **known)
            session.scalars(select(Token).order_by(Token.id.desc()).limit(1)).one().scopes = sorted(asked)
        return {"Authorization": f"Bearer {opaque}"}


class Client(FlaskClient):
    """Flask's test client with what our pages ask of a browser."""

    application: Application

    def __init__(self, app: Application, actors: Actors) -> None:
        super().__init__(app, app.response_class)
        self._actors = actors

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request to the address that the installation is reached by."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.settings.base_url)
        answer = super().open(*args, **kwargs)
        if answer.status_code >= HTTPStatus.BAD_REQUEST and answer.mimetype == "text/html":
            self._follow_forms(answer)
        return answer

    def _follow_forms(self, answer: TestResponse) -> None:
        """Fail for a form of a refused page that leads nowhere: what is written in it would be lost.

        The page is drawn at the address that was refused, which is seldom its own.
        """
        if answer.request.method != "POST":
            return
        adapter = self.application.url_map.bind("localhost")
        for drawn in FORM.findall(answer.text):
            found = ACTION.search(drawn)
            if found is None or not adapter.test(urlsplit(unescape(found[1])).path or "-", method="POST"):
                pytest.fail(f"after POST {answer.request.path} a form leads nowhere: {drawn}")

    def login(self, actor: Actor) -> None:
        """Be logged in as `actor` from now on."""
        name = self.application.config["TRYGGPLATS_COOKIE"]
        self.set_cookie(name, self._actors.session(actor), domain=self.application.settings.hostname)

    def submit(self, address: str, fields: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
        """Send a form as a person does: read the page it stands on (`address` itself if not said), then post it.

        What a browser sends by itself goes too: the token, and the version that the form was drawn from.
        """
        drawn = self.get(page or address, follow_redirects=page is None).text
        found, version = FORM_TOKEN.search(drawn), FORM_VERSION.search(drawn)
        if found is None:
            pytest.fail(f"there is no form on {page or address}")
        own = {"csrf_token": found[1]} | ({"version": version[1]} if version else {})
        return self.post(address, data={**own, **(fields or {})})
