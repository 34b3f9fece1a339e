"""The demo's lifts, consultations and weekly reports: some late, some answered, some areas that have just begun.

As in the rest of the demo each thing happens at its own time, through the services, by the people of the demo.
"""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.cooperation import services
from core.cooperation.models import Cycle, Lift, Measure, WeeklyAction, WeeklyGroup
from core.cooperation.services import consulting, lifts, weekly, weeks_shown
from core.cooperation.weeks import Week
from core.people.services import organisation
from core.places.models import Area, Place
from core.places.services import rows_of
from core.upkeep.demo import Story, on, somebody

WEEKS = 9
"""Weeks back from which the groups report."""
STILL_OPEN = 2
"""Weeks back of which something that was decided is not done."""
WRITING, MEETING, ASKING = time(10), time(13), time(6, 15)


def plan(story: Story) -> None:
    """Let things be lifted and answered, bodies be asked, and the groups report week by week."""
    for row in rows_of("demo_lifts.csv"):
        _lift(story, row)
    for row in rows_of("demo_consultations.csv"):
        _consult(story, row)
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("demo_weekly_members.csv"):
        groups.setdefault(row["board"], []).append(row)
    for board, members in groups.items():
        _group(story, board, members)


def _actor(by: str) -> Actor:
    role, _, code = by.partition("@")
    return somebody(role, code)


def _uid(*parts: object) -> UUID:
    return db.uid_of(" ".join(("demo samverkan", *map(str, parts))))


# --- Lifts and consultations --------------------------------------------------------------------------------------


def _lift(story: Story, row: dict[str, str]) -> None:
    story.add(on(-int(row["days"]), WRITING), partial(_make, row))
    for step in filter(None, row["steps"].split(";")):
        days, move, *rest = step.strip().split(" ", 2)
        story.add(on(-int(row["days"]) + int(days), MEETING), partial(_step, row, move, " ".join(rest)))


def _make(row: dict[str, str]) -> None:
    actor = _actor(row["by"])
    facts: dict[str, Any] = {name: row[name] for name in ("kind", "title", "what", "tried", "asked")}
    since = clock.today() - timedelta(days=int(row["since"]))
    place = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
    rows = select(Cycle.uid).where(Cycle.place_id == place.id).order_by(Cycle.id.desc()).limit(1)
    cycle = db.session().scalar(rows) if row["cycle"] else None
    where: dict[str, Any] = {"cycle": cycle} if cycle else {"place": place.uid}
    lifts.make(actor, uid=_uid("lyft", row["title"]), since_on=since, **where, **facts)


def _step(row: dict[str, str], move: str, words: str) -> None:
    key, _, decision = move.partition("/")
    actor = (
        _actor(row["by"]) if key in ("komplettera", "oppna_igen", "aterkalla") else somebody("slk_handlaggare", "slk")
    )
    found = db.session().scalars(select(Lift).where(Lift.uid == _uid("lyft", row["title"]))).one()
    lifts.move(actor, found.uid, key, reason=words, decision=decision)


def _consult(story: Story, row: dict[str, str]) -> None:
    """Let a body be asked about a measure of the demo's cycles; where there is none, nothing happens."""
    story.add(on(-int(row["days"]), WRITING), partial(_ask, row))


def _ask(row: dict[str, str]) -> None:
    measure = db.session().scalar(select(Measure).where(Measure.text == row["measure"]).order_by(Measure.id.desc()))
    if measure is None:
        return
    actor = _actor(row["by"])
    services.change_measure(
        actor, measure.uid, kind=row["kind"], focus_area=row["focus"], priority_area=row["priority"]
    )
    for word in filter(None, row["asked"].split(";")):
        code, function, days, answerer, stance, answer, considered = (part.strip() for part in word.split("|"))
        day = clock.today() + timedelta(days=int(days))
        known: dict[str, Any] = {"organisation": organisation(code).uid, "function": function, "answer_by": day}
        made = consulting.ask(actor, measure.uid, uid=_uid("samråd", row["measure"], code), **known)
        if answerer:
            consulting.answer(_actor(answerer), made.uid, stance=stance, answer=answer)
        if considered:
            consulting.consider(actor, made.uid, considered=considered)
    for word in filter(None, row["perspectives"].split(";")):
        key, heard, considered, why = (part.strip() for part in word.split("|"))
        facts: dict[str, Any] = {"heard": heard, "considered": considered, "why_not": why, "relevant": not why}
        consulting.write_perspective(actor, measure.uid, key, **facts)


# --- Weekly reports -----------------------------------------------------------------------------------------------


def _group(story: Story, board: str, members: list[dict[str, str]]) -> None:
    first = int(members[0]["weeks"])
    monday = clock.today() - clock.today().weekday() * timedelta(days=1)
    for back in range(first, -1, -1):
        day = monday - timedelta(weeks=back)
        ago = (day - clock.today()).days
        story.add(on(ago, ASKING), partial(_begin, board, members) if back == first else weekly.plan_weeks)
        week = Week.of(day)
        for member in members:
            silent = back <= 1 and member["last"] == "saknas"
            if back and not silent:
                late = 2 if back == 1 and member["last"] == "sen" else 0
                at = time(8 + len(member["by"]) % 4) if not late else time(15)
                story.add(on(ago + 7, at), partial(_report, board, member, week))
        if back:
            story.add(on(ago + 8, MEETING), partial(_meet, board, members, week))
            story.add(on(ago + 13, MEETING), partial(_done, board, week, old=back > STILL_OPEN))


def _begin(board: str, members: list[dict[str, str]]) -> None:
    leader, home = _actor(members[0]["by"]), organisation(board)
    today = clock.today()
    areas = select(Area).where(Area.organisation_id == home.id, Area.valid_from <= today)
    area = db.session().scalars(areas.where(Area.valid_to.is_(None)).order_by(Area.id)).first()
    if area is None:
        return
    known: dict[str, Any] = {"area": area.uid, "organisation": board, "function": members[0]["function"]}
    group = weekly.begin_group(leader, uid=_uid("grupp", board), **known)
    for member in members[1:]:
        code = member["by"].partition("@")[2]
        weekly.add_member(leader, group.uid, organisation=organisation(code).uid, function=member["function"])


def _report(board: str, member: dict[str, str], week: Week) -> None:
    actor, dice = _actor(member["by"]), random.Random(f"{board} {member['by']} {week}")  # noqa: S311 - the same each time
    mine = [one for one in weeks_shown.to_report(actor, 50) if Week(one.iso_year, one.iso_week) == week]
    for report in mine:
        about = db.session().get_one(WeeklyGroup, report.group_id)
        if about.uid != _uid("grupp", board):
            continue
        group = weeks_shown.read_group(actor, about.uid)
        places = [row.uid for row in weeks_shown.places_near(group, actor)]
        for number, row in enumerate(dice.sample(rows_of("demo_weekly_items.csv"), dice.randint(0, 3))):
            where = dice.choice(places) if places and dice.random() < 0.8 else None  # noqa: PLR2004 - most have a place
            facts: dict[str, Any] = {name: row[name] for name in ("category", "trend", "certainty", "day_part", "note")}
            severity = dice.choice((1, 1, 2, 2, 3))
            uid = _uid("rad", report.organisation_id, board, week, number)
            weekly.add_item(actor, report.uid, item=uid, place=where, severity=severity, **facts)
        weekly.move_report(actor, report.uid, "lamna_in")


def _meet(board: str, members: list[dict[str, str]], week: Week) -> None:
    dice, leader = random.Random(f"möte {board} {week}"), _actor(members[0]["by"])  # noqa: S311
    group = _uid("grupp", board)
    weekly.hold_review(leader, group, week, held_on=clock.today(), picture="Vi ser i stort samma sak som rapporterna.")
    for number, row in enumerate(dice.sample(rows_of("demo_weekly_actions.csv"), 2)):
        whose = organisation(members[dice.randrange(len(members))]["by"].partition("@")[2]).uid
        due: date = clock.today() + timedelta(days=dice.choice((2, 3, 6)))
        facts: dict[str, Any] = {"text": row["text"], "category": row["category"], "due_on": due}
        weekly.assign(leader, group, week, uid=_uid("uppgift", board, week, number), organisation=whose, **facts)


def _done(board: str, week: Week, *, old: bool) -> None:
    """Let what was decided about a week be done, but for the last: of that nobody has told yet."""
    told = {row["text"]: row["outcome"] for row in rows_of("demo_weekly_actions.csv")}
    rows = select(WeeklyAction).join(WeeklyGroup, WeeklyGroup.id == WeeklyAction.group_id)
    rows = rows.where(WeeklyGroup.uid == _uid("grupp", board), WeeklyAction.iso_week == week.number)
    for number, row in enumerate(db.session().scalars(rows.order_by(WeeklyAction.id)).all()):
        if number == 0 or old:
            leader = somebody("sdn_samordnare", board)
            weekly.move_action(leader, row.uid, "klarmarkera", outcome=told[row.text])
