"""A person's own letter of a day: what waits for her in every room and plugin, if she has asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from core import db, letters
from core.hookspecs import Todo
from core.people.models import WEEKLY, LetterChoice, Person
from core.people.services import actor_of, wanting_letters
from core.people.waiting import GROUPS, TODAY, todos, when
from core.upkeep.letter_text import OPEN_LEVEL, SHOWN, personal
from core.upkeep.services.sent import first_this_week

OTHERS = "Väntar på andra"


def wanted() -> list[int]:
    """Return the keys of those who want letters of their own."""
    return [person.id for person, _ in wanting_letters()]


def put_personal(person: int, day: date) -> bool:
    """Put the letter of `day` to a person if she wants one that day and something waits; return whether there is one.

    Whoever's address is a function mailbox too has got that letter.
    """
    row, choice = db.session().get_one(Person, person), db.session().get_one(LetterChoice, person)
    if letters.written([letters.daily(row.email, day)]):
        return False
    if choice.days == WEEKLY and not first_this_week(row.email, day):
        return False
    mine, others = todos(set(), actor_of(row))
    told = [todo for todo in mine if not choice.urgent_only or when(todo) <= TODAY]
    others = others if choice.others else []
    if not told and not others:
        return False
    shown, theirs = _open(told), _open(others)
    parts = [(GROUPS[key], _lines(list(rows))) for key, rows in groupby(shown, when)]
    parts += [(OTHERS, _lines(theirs))] if theirs else []
    subject = f"Tryggplats {day}: {len(told)} att göra"
    hidden = len(told) - len(shown) + len(others) - len(theirs)
    text = personal(parts, hidden, day, db.settings().base_url)
    letters.put_daily(row.email, day, subject, text)
    return True


def _open(todos: list[Todo]) -> list[Todo]:
    """Return what a letter may tell of."""
    return [todo for todo in todos if todo.level <= OPEN_LEVEL]


def _lines(todos: list[Todo]) -> Iterable[str]:
    for todo in todos[:SHOWN]:
        about = ", ".join(filter(None, (todo.title, todo.context, todo.detail)))
        last = f" Senast {todo.latest}." if todo.latest else ""
        yield f"- {about}.{last}\n  {db.settings().base_url}{todo.link}"
    if len(todos) > SHOWN:
        yield f"- och {len(todos) - SHOWN} till"
