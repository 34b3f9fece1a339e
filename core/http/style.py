"""The living page of how everything looks, `/stil`: each macro of `templates/ui/`, in each state. Not in production.

What a macro is for stands in the comment before it, and its samples in `templates/style/` under the same name; this
module puts the two beside each other. Samples are Swedish and not translated: the page is for who builds pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import flask
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from core.clock import STOCKHOLM
from core.hookspecs import Event
from core.http.blueprints import Pages
from core.http.forms import Form
from core.http.frame import Application
from core.http.pages import page
from core.media.schemas import BoxRow
from core.schema import Schema, fields

pages = Pages("style", __name__)

ORDER = (
    "page", "next_step", "state", "text", "table", "list", "paging", "form", "choice", "steps", "dl", "timeline",
    "why_date", "thread", "photo", "mask", "chart", "dialog",
)  # fmt: skip
"""The files of `templates/ui/` whose macros are drawn at the desk."""
PHONE = ("phone",)
"""Those whose macros only the phone's sheet has a look for."""
MACRO = re.compile(
    r"(?:\{#-?\s*(?P<said>(?:(?!\{#).)*?)-?#\}\s*)?\{%-? macro (?P<call>(?P<name>[a-z]\w*)\(.*?\)) -?%\}", re.DOTALL
)


@dataclass(frozen=True)
class Shown:
    """A macro: how it is called, what it is for, and how its samples look."""

    name: str
    call: str
    said: str
    body: Markup


@dataclass(frozen=True)
class Group:
    """The macros of one file, such as `ui/state.html`."""

    name: str
    said: str
    shown: list[Shown]


class Questions(Schema):
    """One field of each kind."""

    place = fields.String(required=True, max=120, label="Vad heter platsen?", hint="Så som folk säger")
    picture = fields.String(max=2000, multiline=True, label="Vad är problemet?")
    sum = fields.Kronor(required=True, label="Vilket belopp söker ni?", hint="Hela kronor", suffix="kr")
    last_day = fields.Date(required=True, label="Vilken är sista dagen?")
    begins = fields.Instant(label="När börjar vandringen?")
    ground = fields.Choice(
        {"torg": "Torg", "park": "Park", "skola": "Skolgård"}, required=True, label="Vad är det för plats?"
    )
    board = fields.Choice({"farsta": "Farsta", "jarva": "Järva"}, widget="select", label="Vilken stadsdelsnämnd?")
    seen = fields.Choices({"ljus": "Mörkt", "sikt": "Skymd sikt", "skrap": "Skräpigt"}, label="Vad stämmer?")
    danger = fields.Boolean(load_default=False, label="Det är fara för liv", hint="Ring 112 först")
    photo = fields.Upload(accept="image/*", label="Välj ett foto")


ANSWERS = {
    "place": "Stieg Trenters torg", "sum": 6_050_000, "last_day": date(2027, 2, 12), "ground": "torg",
    "board": "farsta", "seen": ["ljus"], "danger": True,
}  # fmt: skip
WRITTEN = MultiDict(
    {"place": "Stieg Trenters torg", "sum": "en halv miljon", "last_day": "2027-02-31", "ground": "torg"}
)
MISTAKES = {
    "sum": ["Skriv beloppet i hela kronor, till exempel 450 000."],
    "last_day": ["Februari 2027 har 28 dagar. Skriv till exempel 2027-02-28."],
}
MORNING = datetime(2027, 1, 4, 8, 12, tzinfo=STOCKHOLM)
EVENING = datetime(2026, 12, 17, 20, 5, tzinfo=STOCKHOLM)
SAMPLES: Mapping[str, Any] = {
    "day": date(2027, 1, 4),
    "at": MORNING,
    "events": [
        Event(MORNING, "Åtgärd klar", "Armaturen är lagad", "/stil", "Svar på iakttagelse 4", "done"),
        Event(EVENING, "Iakttagelse", "Mörkt vid trappan", "/stil", shape="seen"),
    ],
}


@pages.get("/stil", needs="people:session:open")
def desk() -> flask.Response:
    """Show the macros of the desk."""
    return page("style/desk.html", groups=[group(name) for name in ORDER], **_context())


@pages.get("/stil/falt", needs="people:session:open")
def phone() -> flask.Response:
    """Show the macros of the phone."""
    return page("style/falt.html", groups=[group(name) for name in PHONE], **_context())


def _context() -> dict[str, Any]:
    wrong = Form(Questions, written=WRITTEN, errors=MISTAKES, ids="fel")
    forms = {"empty": Form(Questions, ids="tom"), "filled": Form(Questions, ANSWERS, ids="full"), "wrong": wrong}
    box = Form(BoxRow, {"kind": "face", "left": 10, "top": 15, "width": 25, "height": 30}, ids="ruta")
    folded = Form(Questions, ANSWERS, ids="vikt")
    return {**SAMPLES, "forms": {**forms, "box": box, "folded": folded}}


def group(name: str) -> Group:
    """Return the macros of `templates/ui/<name>.html` with what is said of them, and their samples."""
    source = _source(name)
    drawn = flask.current_app.jinja_env.get_template(f"style/{name}.html").make_module(_context())
    shown = [
        Shown(one["name"], one["call"], _plain(one["said"]), getattr(drawn, one["name"])())
        for one in MACRO.finditer(source)
    ]
    said = re.match(r"\{#-?\s*(.*?)-?#\}", source, re.DOTALL)
    return Group(name, _plain(said[1]) if said else "", shown)


def _source(name: str) -> str:
    folder = Path(str(flask.current_app.jinja_loader.searchpath[0]))  # type: ignore[union-attr]
    return (folder / "ui" / f"{name}.html").read_text("utf-8")


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def install(app: Application) -> None:
    """Let the page be there where pages are built and shown, never in production."""
    if app.settings.env != "production":
        app.register_blueprint(pages)
