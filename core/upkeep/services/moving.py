"""Another date for a frist: by other terms, or by somebody's word. Every move is kept with its reason, and counted."""

from __future__ import annotations

from core import access
from core.access import Actor
from core.hookspecs import Rule, Subject
from core.upkeep.keeping import about, put_under
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
