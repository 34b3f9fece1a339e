"""Att göra: everything that waits for a person in every room and plugin, and what she waits for others to do."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core.hookspecs import Todo
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.people.schemas import TodoFilter
from core.people.views.blueprint import pages
from core.people.waiting import GROUPS, OTHERS, PARTS, todos, when

PAGE = 50
EVERYTHING = ""


@pages.get("/att-gora", needs="people:start:read")
def todo() -> flask.Response:
    """List what waits, by when it must be done; or what waits for others."""
    asked, wrong = read_filter(TodoFilter, request.args)
    failed = set[str]()
    mine, others = todos(failed, actor())
    sought, shown = (asked.get("q") or "").casefold(), asked.get("visa") or EVERYTHING
    mine, others = ([one for one in some if _has(one, sought)] for some in (mine, others))
    parts = {EVERYTHING: mine} | {name: [] for name in PARTS} | {OTHERS: others}
    for one in mine:
        parts[tuple(PARTS)[when(one)]].append(one)
    chosen = parts[shown]
    (begins,) = place(asked.get("efter"), int) or (0,)
    rows, ends = chosen[begins : begins + PAGE], begins + PAGE
    return page(
        "people/todo.html",
        status=422 if wrong else 200,
        rows=[(GROUPS[when(one)], one) for one in rows],
        tabs=[_tab(name, len(parts[name]), asked) for name in parts],
        more=_address(asked, efter=mark((ends,))) if ends < len(chosen) else None,
        shown=min(ends, len(chosen)),
        total=len(chosen),
        waits=shown == OTHERS,
        filter=Form(TodoFilter, asked, written=request.args if wrong else None, errors=wrong),
        asked=asked,
        failed=sorted(failed),
    )


def _tab(name: str, count: int, asked: dict[str, Any]) -> dict[str, Any]:
    current = (asked.get("visa") or EVERYTHING) == name
    href = _address(asked, visa=name or None, efter=None)
    return {"text": translate(PARTS.get(name, N_("Allt"))), "href": href, "current": current, "count": count}


def _address(asked: dict[str, Any], **other: str | None) -> str:
    return flask.url_for("people.todo", **{"visa": asked.get("visa"), "q": asked.get("q") or None} | other)


def _has(one: Todo, sought: str) -> bool:
    texts = (one.title, one.context, one.detail, one.whose)
    return not sought or any(sought in translate(text).casefold() for text in texts)
