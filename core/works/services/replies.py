"""Svarsmallar: what who reported something is told at each step of an order, where nobody writes anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core import access, clock, db, journal
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_
from core.places.services import rows_of
from core.schema import Invalid
from core.works.models import ReplyTemplate
from core.works.states import HAPPENED, ORDER, ORDERED

EDIT = "works:terms:edit"
STEPS: Mapping[str, str] = {key: HAPPENED[key] for key in (ORDERED, *(move.key for move in ORDER.moves))}
"""What is told of: that the work is ordered, and each move of the order, as its page says them."""
MOST = 100


@dataclass(frozen=True)
class Reply:
    """A step, what it is called, and the text that stands ready for it (empty: none). `since` None: from the start."""

    step: str
    title: str
    text: str = ""
    since: date | None = None


def replies() -> Mapping[str, str]:
    """Return the text that stands ready for each step, of those that have one."""
    if db.session().scalar(select(ReplyTemplate.id).limit(1)) is None:
        return _of_the_pack()
    rows = select(ReplyTemplate.move, ReplyTemplate.text).where(valid_on(ReplyTemplate, clock.today()))
    return {row.move: row.text for row in db.session().execute(rows.order_by(ReplyTemplate.id))}


def _of_the_pack() -> Mapping[str, str]:
    return {row["move"]: row["reply"] for row in rows_of("order_replies.csv")}


def list_replies(actor: Actor) -> list[Reply]:
    """Return every step with the text that stands ready for it, in the order of the flow."""
    access.require(actor, EDIT)
    texts = replies()
    rows = access.visible(select(ReplyTemplate).where(valid_on(ReplyTemplate, clock.today())), actor)
    since = {row.move: row.valid_from for row in db.session().scalars(rows)}
    return [Reply(step, title, texts.get(step, ""), since.get(step)) for step, title in STEPS.items()]


def read_reply(actor: Actor, step: str) -> Reply:
    """Return a step with its text; Missing when there is no such step."""
    found = next((one for one in list_replies(actor) if one.step == step), None)
    if found is None:
        raise access.Missing("reply_template", step)
    return found


def earlier_replies(actor: Actor, step: str) -> list[ReplyTemplate]:
    """Return the texts that a step had before, the latest first."""
    access.require(actor, EDIT)
    rows = select(ReplyTemplate).where(ReplyTemplate.move == step, ReplyTemplate.valid_to < clock.today())
    return list(db.session().scalars(access.visible(rows, actor).order_by(ReplyTemplate.id.desc()).limit(MOST)))


def change_reply(actor: Actor, step: str, *, text: str, reason: str) -> ReplyTemplate:
    """Let another text stand ready from today on; the one before ends, with the reason.

    Raises Denied, Missing, Invalid.
    """
    access.require(actor, EDIT)
    db.alone("svarsmallar")
    if read_reply(actor, step).text == text:
        raise Invalid({"text": [N_("Texten är redan den. Skriv en annan.")]})
    _end_former(step, reason)
    row = ReplyTemplate(uid=db.new_uid(), move=step, text=text, valid_from=clock.today())
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "reply:change", "reply_template", row.uid, step=step, text=text, reason=reason)
    return row


def end_reply(actor: Actor, step: str, *, reason: str) -> None:
    """Let no text stand ready for a step any more, with the reason. Raises Denied, Missing, Invalid."""
    access.require(actor, EDIT)
    db.alone("svarsmallar")
    if not read_reply(actor, step).text:
        raise Invalid({"reason": [N_("Det finns ingen text att avsluta.")]})
    for row in _end_former(step, reason):
        journal.write(actor, "reply:end", "reply_template", row.uid, step=step, reason=reason)


def _end_former(step: str, reason: str) -> list[ReplyTemplate]:
    """End what stands ready for a step with yesterday; the pack's texts become rows the first time one is changed."""
    _take_in()
    rows = select(ReplyTemplate).where(ReplyTemplate.move == step, valid_on(ReplyTemplate, clock.today()))
    found = list(db.session().scalars(rows.with_for_update()))
    for row in found:
        row.valid_to, row.ended_why = clock.today() - timedelta(days=1), reason
    db.session().flush()
    return found


def _take_in() -> None:
    if db.session().scalar(select(ReplyTemplate.id).limit(1)) is not None:
        return
    texts = _of_the_pack()
    rows = [ReplyTemplate(uid=db.new_uid(), move=step, text=texts[step], valid_from=date(2020, 1, 1)) for step in texts]
    db.session().add_all(rows)
    db.session().flush()
