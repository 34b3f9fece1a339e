"""Which documents can be asked for of an application now: what each room offers, in their order on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from core.access import Actor
from core.applications.models import Application


@dataclass(frozen=True)
class Offered:
    """A document that can be asked for: what its button says, which kind about what, and with which options."""

    text: str
    kind: str
    subject: UUID
    options: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """What a button sends."""
        return {"kind": self.kind, "subject": str(self.subject)} | self.options


@dataclass(frozen=True)
class Group:
    """Documents that belong together, with what they are for."""

    title: str
    note: str
    items: list[Offered]


Offer = Callable[[Actor, Application], Iterable[Group]]
_offers: list[Offer] = []


def offers(rule: Offer) -> Offer:
    """Register what can be asked for of an application that the actor reads; empty groups are not shown."""
    _offers.append(rule)
    return rule


def offered(actor: Actor, application: Application) -> list[Group]:
    """Return what can be asked for of an application now."""
    return [group for rule in _offers for group in rule(actor, application) if group.items]
