"""The demo's granted applications as they are carried out, paid, reported, finished and measured.

Money and measurings are made up; what was granted is what `demo_rounds.toml` says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from importlib import resources
from typing import Any

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.applications import demo_rounds
from core.applications.demo_grounds import actor_of
from core.applications.demo_grounds import uid_of as ground_uid
from core.applications.demo_whole import row_of, uid_of
from core.applications.limits import INSPECTION
from core.applications.models import Application, ApplicationMeasure, Milestone
from core.applications.services import applications, promises_live
from core.followup.models import Effect, GrantReport
from core.followup.services import (
    carrying_out,
    carrying_over,
    claims,
    effects,
    moving_money,
    outturn,
    pairs,
    reporting,
)
from core.upkeep import services as upkeep
from core.upkeep.demo import Story, on, somebody
from core.upkeep.models import Deadline

Row = Mapping[str, Any]
NOON, LATER = time(11), time(14)
ROUND = "publicerad"
EVERY = 40
"""Days between the days on which reports are written."""
REPORTED = {
    "delivered": "Arbetet görs i tidplanens ordning. De milstolpar som är sena står i tabellen.",
    "risks": "Leveranser som dröjer kan flytta de milstolpar som är kvar.",
}
FINAL = {
    "delivered": "Allt som beviljades är byggt.",
    "goals": "Målet mäts efter 6 och 12 månader.",
    "lessons": "Beställ lyktor och möbler innan marken öppnas. Leveranstiden avgör.",
    "handover": "Skötseln är överlämnad med skötsellöftena.",
    "defects": "Inga kända.",
}
NO_PICTURE = "Vid slutbesiktningen togs inga bilder från samma håll."


def plan(story: Story) -> None:
    """Let each grant of the seed pack be carried out."""
    path = resources.files("core") / "seeds" / db.settings().city / "demo_grants.toml"
    grants: list[Row] = tomllib.loads(path.read_text("utf-8"))["grant"] if path.is_file() else []
    told = {one["key"]: one for one in demo_rounds.read()["application"]}
    for row in grants:
        writer = partial(actor_of, told[row["key"]]["by"])
        story.add(at(row["started"]), partial(_start, writer, row))
        for what, tell in PARTS.items():
            for number, one in enumerate(row.get(what, ()), 1):
                tell(story, writer, row["key"], number, one)
        if "finished" in row:
            story.add(at(row["finished"], LATER), partial(_finish, writer, row["key"]))
        for step in ("written", "approved", "followed_up"):
            if step in row:
                story.add(at(row[step], LATER), partial(FINAL_STEPS[step], writer, row))
    if grants:
        _plan_reports(story, {row["key"]: partial(actor_of, told[row["key"]]["by"]) for row in grants})


def at(day: Any, hour: time = NOON) -> datetime:
    """Return a moment: so many days from today, or [years from this one, month, day]."""
    if isinstance(day, int):
        return on(day, hour)
    years, month, number = day
    return datetime.combine(date(clock.today().year + years, month, number), hour, clock.STOCKHOLM)


def _city(role: str = "slk_handlaggare") -> Actor:
    return somebody(role, "slk")


# --- The work -------------------------------------------------------------------------------------------------------


def _start(writer: Any, row: Row) -> None:
    uid = uid_of(row["key"])
    named = {"project_code": row["code"], "budget_reference": row["reference"]}
    carrying_out.name_project(writer(), uid, version=None, **named)
    applications.move_application(writer(), uid, "starta")


def _tell_milestone(story: Story, writer: Any, key: str, _number: int, one: Any) -> None:
    number, day, note = one
    story.add(at(day), partial(_done, writer, key, number, note))


def _done(writer: Any, key: str, number: int, note: str) -> None:
    step = db.session().scalars(select(Milestone.uid).where(Milestone.uid == uid_of(key, "milstolpe", number))).one()
    said: dict[str, Any] = {"done_on": clock.today(), "note": note, "version": None}
    carrying_out.finish_milestone(writer(), uid_of(key), step, **said)


def _tell_progress(story: Story, writer: Any, key: str, _number: int, one: Any) -> None:
    number, day, done, delivered = one
    story.add(at(day), partial(_progress, writer, key, number, done, delivered))


def _progress(writer: Any, key: str, number: int, done: int, delivered: str) -> None:
    rows = select(ApplicationMeasure.uid).where(ApplicationMeasure.uid == uid_of(key, "åtgärd", number))
    said: dict[str, Any] = {"done": done, "delivered": delivered, "version": None}
    carrying_out.tell_progress(writer(), uid_of(key), db.session().scalars(rows).one(), **said)


def _finish(writer: Any, key: str) -> None:
    actor, uid = writer(), uid_of(key)
    found = pairs.candidates(actor, row_of(key))
    said: dict[str, Any] = {"why_not": NO_PICTURE}
    if len(found) > 1:
        said = {"before": found[-1].photo.uid, "after": found[0].photo.uid}
    pairs.pair(actor, uid, uid=uid_of(key, "bildpar"), title="Före och efter", **said)
    applications.move_application(actor, uid, "fardigstall", finished_on=clock.today())


# --- Money ----------------------------------------------------------------------------------------------------------


def _year(years: int) -> int:
    return clock.today().year + years


def _tell_bound(story: Story, writer: Any, key: str, number: int, one: Any) -> None:
    day, years, amount, what = one
    said = {"uid": uid_of(key, "bundet", number), "year": _year(years), "amount": amount, "what": what}
    story.add(at(day), lambda: outturn.bind(writer(), uid_of(key), **said))


def _tell_outturn(story: Story, _writer: Any, key: str, number: int, one: Any) -> None:
    years, month, amount, text = one
    story.add(at([years, month, 20]), partial(_take_in, key, number, amount, text))


def _take_in(key: str, number: int, amount: int, text: str) -> None:
    known = {"voucher": f"V{1000 + number}", "period": f"{clock.today():%Y-%m}", "text": text}
    row = outturn.Voucher(row_of(key).project_code, amount=amount, **known)
    outturn.take_in(_city("slk_ekonom"), uid=uid_of(key, "utfall", number), source="Ekonomisystemet", row=row)


def _tell_forecast(story: Story, writer: Any, key: str, number: int, one: Any) -> None:
    day, years, amount, period, why = one
    said = {"uid": uid_of(key, "prognos", number), "year": _year(years), "amount": amount}
    story.add(at(day), lambda: outturn.foresee(writer(), uid_of(key), period=period, why=why, **said))


def _tell_claim(story: Story, writer: Any, key: str, number: int, one: Row) -> None:
    """Let a claim be written, and taken as far as its steps say: each [day, step, reason if it needs one]."""
    uid = uid_of(key, "rekvisition", number)
    said = {"year": _year(one["years"]), "amount": one["amount"], "what": one["what"]} | {"invoice": one["invoice"]}
    story.add(at(one["day"]), lambda: claims.add_claim(writer(), uid_of(key), uid=uid, **said))
    who = {"granska": _city, "avvisa": _city, "betala": partial(_city, "slk_ekonom")}
    for day, step, *why in one.get("steps", ()):
        actor = who.get(step, writer)
        story.add(at(day, LATER), partial(_move_claim, actor, uid, step, *why))


def _move_claim(actor: Any, uid: Any, step: str, why: str = "") -> None:
    claims.move_claim(actor(), uid, step, reason=why)


def _tell_carrying(story: Story, writer: Any, key: str, number: int, one: Row) -> None:
    """Let money be asked to follow to another year, and be decided if it says so."""
    uid, completed = uid_of(key, "ombudgetering", number), at(one["completed"]).date()
    said = {"from_year": _year(one["years"]), "to_year": _year(one["years"] + 1), "amount": one["amount"]}
    said |= {"cause": one["cause"], "reason": one["reason"], "new_completion": completed}
    story.add(at(one["day"]), lambda: carrying_over.ask(writer(), uid_of(key), uid=uid, **said))
    if "opinion" not in one:
        return
    day, opinion = one["opinion"]
    story.add(at(day), lambda: carrying_over.give_opinion(_city("slk_ekonom"), uid, opinion=opinion))
    if "granted" not in one:
        return
    day, paragraph = one["granted"]
    decided = {"granted": True, "decided_on": at(day).date(), "paragraph": paragraph, "version": None}
    story.add(at(day), lambda: carrying_over.record(_city("ksu_sekr"), uid, **decided))
    story.add(at(day, LATER), lambda: carrying_over.confirm(_city("slk_ekonom"), uid))


def _tell_handed_back(story: Story, writer: Any, key: str, number: int, one: Any) -> None:
    day, years, amount, reason = one
    said = {"uid": uid_of(key, "återlämnat", number), "year": _year(years), "amount": amount, "reason": reason}
    story.add(at(day), lambda: moving_money.hand_back(writer(), uid_of(key), **said))


# --- What is looked after afterwards --------------------------------------------------------------------------------


def _tell_inspected(story: Story, _writer: Any, key: str, _number: int, one: Any) -> None:
    day, things = one
    story.add(at(day), partial(_inspect, key, things))


def _inspect(key: str, things: list[int]) -> None:
    """Let the owners of some of what was built do the inspection that they have promised, and each give the next."""
    chosen = {uid_of(key, "åtgärd", number) for number in things}
    for built in promises_live.built_of([row_of(key)])[row_of(key).id]:
        if built.measure.uid not in chosen or built.promise is None or built.promise.owner is None:
            continue
        rows = select(Deadline.uid).where(Deadline.subject_uid == built.promise.uid, Deadline.kind == INSPECTION)
        code = built.promise.owner.code
        owner = somebody("tk_drift" if code == "trafik" else "sdn_handlaggare", code)
        upkeep.move(owner, db.session().scalars(rows).one(), "klarmarkera", reason="Besiktigat utan anmärkning.")
    promises_live.plan_next()


# --- Reports --------------------------------------------------------------------------------------------------------


def _plan_reports(story: Story, writers: Mapping[str, Any]) -> None:
    """Let reports be written when they are due, and those that have been handed in be approved the next time."""
    first = (demo_rounds.meets_on(ROUND) - clock.today()).days + EVERY
    for days in range(first, -EVERY, EVERY):
        story.add(on(days, LATER), partial(_report, writers))


def _report(writers: Mapping[str, Any]) -> None:
    reporting.plan_all()
    today = clock.today()
    for key, writer in writers.items():
        rows = select(GrantReport).join(Application, Application.id == GrantReport.application_id)
        rows = rows.where(Application.uid == uid_of(key), GrantReport.kind == "tertial")
        for report in db.session().scalars(rows.order_by(GrantReport.due_on)).all():
            if report.state == "inlamnad":
                reporting.move_report(_city(), report.uid, "godkann")
            elif report.state == "planerad" and (report.due_on - today).days < EVERY:
                reporting.change_report(writer(), report.uid, version=None, **REPORTED)
                reporting.move_report(writer(), report.uid, "lamna_in")


def _final(key: str) -> GrantReport:
    rows = select(GrantReport).join(Application, Application.id == GrantReport.application_id)
    return db.session().scalars(rows.where(Application.uid == uid_of(key), GrantReport.kind == "slut")).one()


def _write_final(writer: Any, row: Row) -> None:
    uid = _final(row["key"]).uid
    reporting.change_report(writer(), uid, version=None, **(FINAL | {"money": row.get("money", "")}))
    reporting.move_report(writer(), uid, "lamna_in")


def _approve_final(_writer: Any, row: Row) -> None:
    reporting.move_report(_city(), _final(row["key"]).uid, "godkann")


def _follow_up(writer: Any, row: Row) -> None:
    applications.move_application(writer(), uid_of(row["key"]), "folj_upp")


FINAL_STEPS = {"written": _write_final, "approved": _approve_final, "followed_up": _follow_up}


# --- Effects --------------------------------------------------------------------------------------------------------


def _tell_effect(story: Story, writer: Any, key: str, number: int, one: Row) -> None:
    """Let an effect be measured, or be said not to be possible to measure; the first time what is known of before."""
    if "n_before" in one:
        story.add(at(one["day"], NOON), partial(_complete, writer, key, one["n_before"]))
    story.add(at(one["day"], LATER), partial(_measure, writer, key, one))
    if "beside" in one:
        story.add(at(one["day"], time(15)), partial(_compare, writer, key, number, one))


def _effect(key: str, phase: str) -> Effect:
    rows = select(Effect).join(Application, Application.id == Effect.application_id)
    rows = rows.where(Application.uid == uid_of(key), Effect.phase == phase, Effect.compares.is_(False))
    return db.session().scalars(rows).one()


def _complete(writer: Any, key: str, n: int) -> None:
    effects.complete_baseline(writer(), _effect(key, "fore").uid, n=n)


def _measure(writer: Any, key: str, one: Row) -> None:
    uid = _effect(key, one["phase"]).uid
    if "why_not" in one:
        effects.move_effect(writer(), uid, "avsta", reason=one["why_not"])
        return
    facts = {"value": float(one["value"]), "n": one["n"], "measured_on": clock.today(), "method": one["method"]}
    effects.measure(writer(), uid, comment=one.get("comment", ""), **facts)


def _compare(writer: Any, key: str, number: int, one: Row) -> None:
    value, n = one["beside"]
    ground = next(row["ground"] for row in demo_rounds.read()["application"] if row["key"] == key)
    about = {"uid": uid_of(key, "jämförelse", number), "goal": ground_uid(ground, "mål"), "phase": one["phase"]}
    facts = {"value": float(value), "n": n, "measured_on": clock.today(), "method": one["method"]}
    effects.compare(writer(), uid_of(key), **about, **facts)


PARTS: Mapping[str, Any] = {
    "milestone": _tell_milestone,
    "progress": _tell_progress,
    "bound": _tell_bound,
    "outturn": _tell_outturn,
    "forecast": _tell_forecast,
    "claim": _tell_claim,
    "carrying": _tell_carrying,
    "handed_back": _tell_handed_back,
    "effect": _tell_effect,
    "inspected": _tell_inspected,
}
