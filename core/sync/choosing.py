"""A person chooses what shall hold: what the phone sent, what stands, or both texts. The other stays in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import fields as marshmallow_fields
from marshmallow import validate

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.schema import Invalid
from core.sync.models import CHOOSE, Change
from core.sync.records import CREATION, Kept, Recording, recording, recordings, sender_of, words_for
from core.sync.settling import created, follow, turn
from core.sync.states import REVIEW, SETTLED

MINE, THEIRS, BOTH = "mine", "theirs", "both"
"""What the phone sent; what the city has; the two texts after each other."""


class ChoiceRefused(Exception):
    """There is nothing to choose about here, or not so; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def choose(
    actor: Actor, uid: UUID, choices: Mapping[str, str], *, version: int | None, **parent: UUID | None
) -> Change:
    """Decide about something that waits for a person: of a change each open field, of a creation the whole.

    With `parent` a record is created there (None: without anything that it belongs to); else where the phone said.
    Raises Missing, Denied, Stale, ChoiceRefused, Invalid at a field, and what the room raises.
    """
    rights = [one.edit for one in recordings().values()]
    if not any(map(actor.may, rights)):
        raise access.Denied(rights[0])
    turn(access.find(Change, uid, actor, CHOOSE).record_uid)
    change = access.find(Change, uid, actor, CHOOSE, lock=True)
    db.refuse_stale("change", uid, change.version, version)
    refuse_settled(change)
    one = recording(change.record_kind)
    _refuse_choices(one, change, choices)
    try:
        act = _create(actor, change, choices, parent) if change.creates else _write(actor, change, choices)
        overridden, level = act
    except Kept as why:
        raise ChoiceRefused(words_for(change.record_kind, why.reason)) from None
    change.state, change.reason, change.waits_for, change.chosen = SETTLED, "", None, dict(choices)
    change.decided_at, change.decided_by_id = clock.now(), actor.id
    db.session().flush()
    kind, said = change.record_kind, {"change": uid, "chosen": dict(choices), "overridden": overridden}
    journal.write(actor, f"{kind}:choose", kind, change.record_uid, level=level, **said)
    follow(uid)
    return change


def refuse_settled(change: Change) -> None:
    """Raise ChoiceRefused for what waits for nobody: somebody has chosen already, or it still waits for its record."""
    if change.state != REVIEW:
        raise ChoiceRefused(N_("Det här väntar inte på något val. Ladda om sidan."))


def texts(one: Recording) -> dict[str, int | None]:
    """Return the fields of which both texts can stand, each with the most characters that it takes."""
    return {
        name: next((rule.max for rule in field.validators if isinstance(rule, validate.Length)), None)
        for name, field in one.fields().load_fields.items()
        if isinstance(field, marshmallow_fields.String) and getattr(field, "multiline", False)
    }


def _refuse_choices(one: Recording, change: Change, choices: Mapping[str, str]) -> None:
    """Raise Invalid, at its field, for what is not chosen and what cannot be."""
    wrong = {name: [N_("Välj vad som ska gälla.")] for name in change.open if name not in choices}
    wrong |= {name: [N_("Det finns inget att välja här.")] for name in choices if name not in change.open}
    able = {} if change.creates else texts(one)
    for name, choice in choices.items():
        if choice == BOTH and name not in able:
            wrong[name] = [N_("Välj den ena. Bara texter går att behålla båda av.")]
        elif choice not in (MINE, THEIRS, BOTH):
            wrong[name] = [N_("Välj vad som ska gälla.")]
    if wrong:
        raise Invalid(wrong)


def _write(actor: Actor, change: Change, choices: Mapping[str, str]) -> tuple[dict[str, Any], int]:
    """Write what was chosen of a change; return what was not, by field, and how protected it is."""
    one = recording(change.record_kind)
    sent = {name: change.fields[name] for name in choices}
    try:
        row = one.find(actor, change.record_uid)
    except access.Missing:
        if any(choice != THEIRS for choice in choices.values()):
            raise ChoiceRefused(N_("Det som ändringen gäller finns inte hos staden.")) from None
        return sent, 1
    stands = one.stands(row)
    wanted = {name: sent[name] for name, choice in choices.items() if choice == MINE}
    wanted |= {name: _joined(one, name, stands[name], sent[name]) for name, c in choices.items() if c == BOTH}
    if wanted:
        one.write(actor, row, wanted)
    change.here, change.record_version = True, row.version
    return {name: sent[name] if choice == THEIRS else stands[name] for name, choice in choices.items()}, row.level


def _joined(one: Recording, name: str, first: str, second: str) -> str:
    joined, most = f"{first}\n\n{second}".strip(), texts(one)[name]
    if most is not None and len(joined) > most:
        words = N_("Texterna får inte plats tillsammans: {n} tecken av högst {max}. Välj den ena.")
        raise Invalid({name: [Text(words, n=len(joined), max=most)]})
    return joined


def _create(
    actor: Actor, change: Change, choices: Mapping[str, str], parent: Mapping[str, UUID | None]
) -> tuple[dict[str, Any], int]:
    """Create what was sent, as seen by who sent it and with what the one who chooses may do; or let it be."""
    if choices[CREATION] == THEIRS:
        return {CREATION: dict(change.fields)}, 1
    sender, one = sender_of(change.sender_id), recording(change.record_kind)
    power = replace(actor, id=sender.id, uid=sender.uid, name=sender.name)
    where = {"parent": parent["parent"]} if "parent" in parent else {}
    created(change, one.create_in(power, change.record_uid, change.fields, **where))
    return {}, 1
