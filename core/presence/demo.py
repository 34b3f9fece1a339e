"""What happens on the demo's places: arranged, present, counted, asked; some of it late, done, refused, not begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.people.services import organisation
from core.places.models import Place
from core.places.services import rows_of
from core.presence import services
from core.presence.bands import EVENTS, bands, kinds_of, span_of
from core.upkeep.counting import after_months
from core.upkeep.demo import Story, begin, on, somebody

Row = Mapping[str, str]
LEAD = 30
"""Days before the first step, or the first day, that something is laid up."""
REASONS = {
    "bevilja": "Behovet är styrkt, och annat är prövat.",
    "bevilja_delvis": "Behovet är styrkt, men fler platser behöver timmar.",
    "avsla": "Marknaden är ett arrangemang, och arrangören svarar för ordningen.",
    "stall_in": "Regn och hård vind.",
}
SHARES = (31, 6, 2, 4, 1, 17)
"""Events of each kind in a hundred hours of patrols."""
OFFICE = ("slk_handlaggare", "slk")


def fill() -> None:
    """Let it all happen, each thing at its own time."""
    story = begin()
    for row in rows_of("demo_activations.csv"):
        _arrange(story, row)
    for row in rows_of("demo_presence.csv"):
        _promise(story, row)
    year = clock.today().year
    for one in (year - 1, year, year + 1):
        frame = {"year": one, "hours": Decimal(6000), "source": f"Kommunstyrelsens beslut om ordningsvakter {one}"}
        story.add(on(-400), partial(_frame, frame))
    for row in rows_of("demo_patrols.csv"):
        _patrol(story, row)
    for row in rows_of("demo_counts.csv"):
        story.add(on(int(row["days"]), time(23, 59)) + timedelta(hours=4), partial(_count, row))
    for row in rows_of("demo_surveys.csv"):
        story.add(on(int(row["days"]), time(22)), partial(_survey, row))
    for row in rows_of("demo_projects.csv"):
        _project(story, row)
    story.tell()


def _uid(what: str, row: Row) -> UUID:
    return db.uid_of(f"demo {what} {'|'.join(row.values())}")


def _place(row: Row) -> UUID:
    return db.session().scalars(select(Place.uid).where(Place.name == row["place"])).one()


def _whose(row: Row) -> dict[str, Any]:
    return {"organisation": row["organisation"], "place": _place(row)}


def _part(code: str) -> UUID | None:
    return organisation(code).uid if code else None


def _steps(row: Row) -> list[tuple[int, str, str]]:
    """Return what happens: days from today, the step, and what it says beside."""
    found = []
    for step in filter(None, row["steps"].split(";")):
        days, _, rest = step.partition(" ")
        key, _, more = rest.partition("/")
        found.append((int(days), key, more))
    return found


# --- What is arranged, and who is there -----------------------------------------------------------------------------


def _arrange(story: Story, row: Row) -> None:
    uid, steps = _uid("aktivering", row), _steps(row)
    begun = min([int(row["first"]) - LEAD, -5, *(days - 1 for days, *_ in steps)])
    story.add(on(begun), partial(_arranged, row, uid, clock.today()))
    for days, key, _ in steps:
        story.add(on(days), partial(_permit if key == "tillstand" else _step, row, uid, key))
    if row["outcome"]:
        story.add(on(int(row["last"]) + 1), partial(_told, row, uid))


def _arranged(row: Row, uid: UUID, today: Any) -> None:
    first, last = (today + timedelta(days=int(row[name])) for name in ("first", "last"))
    known: dict[str, Any] = {name: row[name] for name in ("title", "kind", "opens", "closes", "purpose")}
    known |= {"weekdays": row["weekdays"].split(), "cost": int(row["cost"]), "yearly": bool(row["yearly"])}
    actor = somebody(row["role"], row["organisation"])
    known |= {"starts_on": first, "ends_on": last, "permits": row["permits"].split(), "host": _part(row["host"])}
    services.add_activation(actor, uid=uid, **known, **_whose(row))


def _permit(row: Row, uid: UUID, _key: str) -> None:
    """Let all permits be given on one day."""
    actor = somebody(row["role"], row["organisation"])
    for number, permit in enumerate(services.permits_of(services.read_activation(actor, uid)), 1):
        known: dict[str, Any] = {"day": clock.today(), "reference": f"{clock.today().year}-{100 + number}"}
        services.move_permit(actor, permit.uid, "bevilja", **known)


def _step(row: Row, uid: UUID, key: str) -> None:
    actor = somebody(row["role"], row["organisation"])
    services.move_activation(actor, uid, key, reason=REASONS.get(key, ""))


def _told(row: Row, uid: UUID) -> None:
    actor = somebody(row["role"], row["organisation"])
    how = "Räknat vid två tillfällen i veckan"
    services.report_activation(actor, uid, visitors=int(row["visitors"]), visitors_how=how, outcome=row["outcome"])


def _promise(story: Story, row: Row) -> None:
    uid, today = _uid("närvaro", row), clock.today()
    story.add(on(int(row["first"]) - 10), partial(_promised, row, uid, today))
    told = row["months"].split()
    for back, month in enumerate(reversed(told), 1):
        if month != "-":
            first = after_months(today.replace(day=1), -back)
            days = (after_months(first, 1) - today).days + 2
            story.add(on(min(days, 0)), partial(_month, row, uid, first, month))


def _promised(row: Row, uid: UUID, today: Any) -> None:
    known: dict[str, Any] = {name: row[name] for name in ("kind", "begins", "ends")}
    known |= {"weekdays": row["weekdays"].split(), "people": int(row["people"]), "done_by": _part(row["done_by"])}
    actor = somebody(row["role"], row["organisation"])
    services.add_plan(actor, uid=uid, valid_from=today + timedelta(days=int(row["first"])), **known, **_whose(row))


def _month(row: Row, uid: UUID, month: Any, said: str) -> None:
    hours, _, contacts = said.partition("/")
    actor = somebody(row["role"], row["organisation"])
    known: dict[str, Any] = {"hours": Decimal(hours), "contacts": int(contacts), "note": ""}
    services.report_month(actor, uid, month=month, **known)


# --- Patrols --------------------------------------------------------------------------------------------------------


def _frame(known: dict[str, Any]) -> None:
    services.set_frame(somebody(*OFFICE), **known)


def _patrol(story: Story, row: Row) -> None:
    uid, steps = _uid("ordningsvakter", row), _steps(row)
    today = clock.today()
    story.add(on(min([-3, *(days - 1 for days, *_ in steps)])), partial(_asked, row, uid, today))
    for days, key, more in steps:
        story.add(on(days), partial(_answered, row, uid, key, more))
    for number, hours in enumerate(row["done"].split(), 1):
        day = min(int(row["first"]) + 12 * number, int(row["last"]), -1)
        story.add(on(day, time(9)), partial(_done, uid, number, hours))


def _asked(row: Row, uid: UUID, today: Any) -> None:
    first, last = (today + timedelta(days=int(row[name])) for name in ("first", "last"))
    if first.year != last.year:
        last = first.replace(month=12, day=31)
    known: dict[str, Any] = {name: row[name] for name in ("begins", "ends", "reason", "tried")}
    known |= {"starts_on": first, "ends_on": last, "hours": Decimal(row["hours"])}
    services.ask_for_patrols(somebody(row["role"], row["organisation"]), uid=uid, **known, **_whose(row))


def _answered(row: Row, uid: UUID, key: str, more: str) -> None:
    own = key == "skicka"
    actor = somebody(row["role"], row["organisation"]) if own else somebody(*OFFICE)
    said: dict[str, Any] = {"reason": REASONS.get(key, "")}
    said |= {
        "hours": Decimal(more) if more else None,
        "executor": _part("demo-entreprenor") if key == "avropa" else None,
    }
    services.move_request(actor, uid, key, **said)


def _done(uid: UUID, number: int, hours: str) -> None:
    share = zip(kinds_of(EVENTS), SHARES, strict=False)
    events = {key: int(count * Decimal(hours)) // 100 for key, count in share}
    actor = somebody("entreprenor", "demo-entreprenor")
    last = services.read_request(actor, uid).ends_on
    known: dict[str, Any] = {"day": min(clock.today(), last), "hours": Decimal(hours), "events": events}
    services.report_patrol(actor, uid, outcome=db.uid_of(f"{uid} {number}"), **known)


# --- Counts, surveys, projects --------------------------------------------------------------------------------------


def _count(row: Row) -> None:
    day = clock.local(clock.now()).date() - timedelta(days=1)
    if span_of(day, bands()[row["band"]])[0] > clock.now():
        return
    numbers = ("minutes", "adults_passing", "children_passing", "adults_staying", "children_staying", "women", "men")
    known: dict[str, Any] = {name: int(row[name]) if row[name] else None for name in numbers}
    known |= {"day": day, "band": row["band"], "note": "Uppehåll"}
    services.add_count(somebody(row["role"], row["organisation"]), uid=_uid("räkning", row), **known, **_whose(row))


def _survey(row: Row) -> None:
    actor, today = somebody(row["role"], row["organisation"]), clock.today()
    known: dict[str, Any] = {
        "title": row["title"],
        "phase": row["phase"],
        "how": row["how"],
        "first_on": today,
        "last_on": today,
    }
    made = services.add_survey(actor, uid=_uid("mätning", row), **known, **_whose(row))
    for answers in row["answers"].split(";"):
        question, *counts = answers.split()
        services.write_answers(actor, made.uid, question=question, counts=[int(count) for count in counts])


def _project(story: Story, row: Row) -> None:
    uid, today, actor = _uid("planprojekt", row), clock.today(), (row["role"], row["organisation"])
    story.add(on(int(row["begun"])), partial(_laid_up, row, uid, today))
    for asked in row["asked"].split(";"):
        days, code, question, answered = asked.split("/")
        then, _, text = answered.partition(" ")
        story.add(on(int(days)), partial(_ask, actor, uid, code, question))
        if text:
            story.add(on(int(then)), partial(_answer, uid, code, text))
    for goal in row["goals"].split(";"):
        code, days, text = goal.split("/")
        story.add(on(int(row["begun"]) + 1), partial(_goal, actor, uid, code, today + timedelta(days=int(days)), text))
    for step, key, _ in _steps(row):
        story.add(on(step), partial(_phase, actor, uid, key))


def _laid_up(row: Row, uid: UUID, today: Any) -> None:
    begun, ready = (today + timedelta(days=int(row[name])) for name in ("begun", "ready"))
    known: dict[str, Any] = {"title": row["title"], "kind": row["kind"], "starts_on": begun, "ready_on": ready}
    services.add_project(somebody(row["role"], row["organisation"]), uid=uid, **known, **_whose(row))


def _ask(actor: tuple[str, str], uid: UUID, code: str, question: str) -> None:
    services.ask(somebody(*actor), uid, asked=_part(code), question=question)


def _answer(uid: UUID, code: str, text: str) -> None:
    actor = somebody("sdn_samordnare", code)
    for made in services.consultations_of(actor, services.read_project(actor, uid)):
        if made.asked.code == code:
            services.answer(actor, made.uid, text=text)


def _goal(actor: tuple[str, str], uid: UUID, code: str, day: Any, text: str) -> None:
    services.add_goal(somebody(*actor), uid, text=text, responsible=_part(code), follow_up_on=day)


def _phase(actor: tuple[str, str], uid: UUID, key: str) -> None:
    services.move_project(somebody(*actor), uid, key)
