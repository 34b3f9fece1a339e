"""States as data: which moves there are, who may make them, and the one function that makes one.

Keys are folded to lower ASCII and never shown; labels are shown and never compared (design.md 4.4).
Buttons, API moves and the drawing in the docs come from the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from core import access, db, journal, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.refs import DeadlineRef, MoveRef, ObservationRef, PlaceRef


class FlowFault(Exception):
    """A flow names a state that does not exist or that nobody can reach: found when it is imported."""


@dataclass(frozen=True)
class State:
    """A state as people see it; `closed` means that nothing more is waited for."""

    label: str
    tone: str = "plain"
    shape: str = "open"
    closed: bool = False


@dataclass(frozen=True)
class Move:
    """A way from any of `sources` to `target`, for those with the permission `needs`.

    `label` is its button, `done` what a history says of it once it has been made.
    """

    key: str
    sources: tuple[str, ...]
    target: str
    label: str
    needs: str
    reason: bool = False
    done: str = ""

    @property
    def happened(self) -> str:
        """What a history says of it."""
        return self.done or self.label


@dataclass(frozen=True)
class Flow:
    """All states and moves of one kind of thing."""

    key: str
    start: str
    states: Mapping[str, State]
    moves: tuple[Move, ...]
    guards: dict[str, list[Guard]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        named = {self.start, *(m.target for m in self.moves), *(s for m in self.moves for s in m.sources)}
        if unknown := named - set(self.states):
            raise FlowFault(f"{self.key}: okänt läge {', '.join(sorted(unknown))}")
        reached, grew = {self.start}, True
        while grew:
            new = {m.target for m in self.moves if reached & set(m.sources)} - reached
            reached, grew = reached | new, bool(new)
        if lost := set(self.states) - reached:
            raise FlowFault(f"{self.key}: läget {', '.join(sorted(lost))} går inte att nå")
        if len({m.key for m in self.moves}) != len(self.moves):
            raise FlowFault(f"{self.key}: två steg har samma nyckel")

    def move(self, key: str) -> Move:
        """Return the move called `key`; Missing when there is none."""
        found = next((move for move in self.moves if move.key == key), None)
        if found is None:
            raise access.Missing(f"{self.key}-move", key)
        return found

    def guard(self, *moves: str) -> Callable[[Guard], Guard]:
        """Register core's own rule for `moves`: a function (row, actor) that returns objections."""

        def register(rule: Guard) -> Guard:
            for key in moves:
                self.guards.setdefault(self.move(key).key, []).append(rule)
            return rule

        return register

    def open_states(self) -> tuple[str, ...]:
        """Return the keys of states in which something is still waited for."""
        return tuple(key for key, state in self.states.items() if not state.closed)


def drawing(flow: Flow) -> str:
    """Return the flow as a Mermaid diagram, for the docs; a test compares the two."""
    lines = ["stateDiagram-v2", *(f"    {key}: {state.label}" for key, state in flow.states.items())]
    lines.append(f"    [*] --> {flow.start}")
    lines += [f"    {source} --> {move.target}: {move.label}" for move in flow.moves for source in move.sources]
    lines += [f"    {key} --> [*]" for key, state in flow.states.items() if state.closed]
    return "\n".join(lines) + "\n"


class Moving(Protocol):
    """A row that has states."""

    uid: Any
    state: Any
    level: Any

    def plugin_keys(self) -> Iterable[str]:
        """Keys under which plugins have a say in this row."""

    def ref(self) -> ObservationRef | DeadlineRef | PlaceRef | None:
        """The row as hooks see it; None where no plugin is asked about rows of this kind."""


class Flowing:
    """A row that has states, and in which no plugin has a say."""

    def plugin_keys(self) -> tuple[str, ...]:
        """None: no plugin has to be on for it."""
        return ()

    def ref(self) -> None:
        """Nothing that hooks see: none is asked about it, nor told."""


AWAY = N_(
    "Tillägget {title} är inte igång. Det här går att läsa, men inte att ta emot, besvara eller stänga förrän det är "
    "igång igen. Fråga den som sköter driften."
)

Guard = Callable[[Any, Actor], Iterable[Objection]]


class Refused(Exception):
    """A move is refused, with all that stands in its way at once."""

    def __init__(self, objections: list[Objection], move: str = "") -> None:
        super().__init__("; ".join(objection.message for objection in objections))
        self.objections, self.move = objections, move


def moves_for(flow: Flow, row: Moving, actor: Actor) -> list[Move]:
    """Return the moves that lie open to `actor` from the row's state, for buttons; none while its plugin is away."""
    if waits_for(row):
        return []
    return [
        move
        for move in flow.moves
        if row.state in move.sources and actor.may(move.needs) and _reaches(actor, move.needs, row)
    ]


def waits_for(row: Moving) -> Text | None:
    """Return the sentence that a row whose plugin is away cannot be moved; None for one that can.

    Whatever the move: only the plugin knows which of them it would object to.
    """
    gone = plugins.absent(row.plugin_keys())
    return Text(AWAY, title=plugins.title(gone)) if gone else None


def _reaches(actor: Actor, permission: str, row: Moving) -> bool:
    try:
        access.require(actor, permission, row)  # type: ignore[arg-type]
    except (access.Denied, access.Missing):
        return False
    return True


def move(flow: Flow, row: Moving, key: str, actor: Actor, *, reason: str = "") -> None:
    """Make the move `key`: permission, state, reason, core's guards and every plugin's objections, then the change.

    Raises Denied or Missing, or Refused with all objections together. Leaves a journal line and tells the plugins.
    """
    step = flow.move(key)
    access.require(actor, step.needs, row)  # type: ignore[arg-type]
    ref = MoveRef(flow.key, key, row.state, step.target, reason.strip())
    named = row.ref()
    subject = None if isinstance(named, PlaceRef) else named  # plugins have a say in observations and frister
    if found := [*_own_objections(flow, step, row, actor, ref.reason), *_plugin_objections(row, ref, subject, actor)]:
        raise Refused(found, key)
    row.state = step.target
    db.session().flush()
    detail = {"from": ref.source, "to": ref.target, "reason": ref.reason}
    journal.write(actor, f"{flow.key}:{key}", flow.key, _uid(row), level=row.level, **detail)
    if subject is not None:
        plugins.told("after_move", actor, move=ref, subject=row.ref())


def _uid(row: Moving) -> UUID:
    uid: UUID = row.uid
    return uid


def _own_objections(flow: Flow, step: Move, row: Moving, actor: Actor, reason: str) -> list[Objection]:
    if row.state not in step.sources:
        label = flow.states[row.state].label
        return [Objection(Text(N_("Det går inte nu: läget är ”{state}”. Ladda om sidan."), state=label))]
    found = [objection for rule in flow.guards.get(step.key, ()) for objection in rule(row, actor)]
    if step.reason and not reason:
        found.append(Objection(N_("Skriv varför."), "reason"))
    return found


def _plugin_objections(row: Moving, ref: MoveRef, subject: Any, actor: Actor) -> list[Objection]:
    if away := waits_for(row):
        return [Objection(away)]
    if subject is None:
        return []
    return plugins.objections(move=ref, subject=subject, actor=actor)
