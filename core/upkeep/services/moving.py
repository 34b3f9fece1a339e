"""Another date for a frist: by other terms, or by somebody's word. Every move is kept with its reason, and counted."""

from __future__ import annotations

from datetime import datetime

from core import access
from core.access import Actor
from core.hookspecs import Rule, Subject
from core.upkeep.keeping import about, put_under, step
from core.upkeep.services.planning import frozen_rule


def retime_deadline(
    actor: Actor, kind: str, subject: Subject, *, rule: str | None = None, terms: Rule | None = None, reason: str
) -> None:
    """Let an open frist go by another rule of its kind, or by other terms: same start, same pauses, no time lost.

    The date may come later as well as sooner: another priority is a decision, with its reason.
    """
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        put_under(actor, deadline, frozen_rule(kind, rule or deadline.rule["key"], terms), "omprioritera", reason)


def restart_deadline(
    actor: Actor, kind: str, subject: Subject, *, rule: str, terms: Rule, starts_at: datetime, reason: str
) -> None:
    """Let a frist begin anew, by the terms of whoever does it now: with all its time, whatever became of it before."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is None:
        return
    if deadline.state != "oppen":
        step(deadline, "galla_igen" if deadline.state == "utgar" else "oppna_igen", actor, reason=reason)
    deadline.starts_at = starts_at
    put_under(actor, deadline, frozen_rule(kind, rule, terms), "borja_om", reason)
