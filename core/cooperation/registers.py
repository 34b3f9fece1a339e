"""Lists of methods as a kind of rows that are read in (core.imports), such as Socialstyrelsens metodguide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from core import clock, imports
from core.access import Actor
from core.cooperation.models import Measure, Method
from core.cooperation.schemas.consulting import MethodRow
from core.cooperation.services import library
from core.cooperation.services.library import METHOD_EDIT
from core.i18n import N_
from core.imports import Batch, Finding, Records
from core.schema import Invalid, Schema

WRONG_FIT = N_("Skriv orsakerna som i hjälptexten. Metoden förs in utan dem.")


@imports.kind("method")
class Methods:
    """A method of somebody's list becomes one of the library, with the grade and the source that the list gives."""

    title, needs, page = N_("Metoder till metodbiblioteket"), METHOD_EDIT, "/samverkan/metoder/{uid}"
    fields: type[Schema] = MethodRow
    number = "number"

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:  # noqa: ARG002
        """Yield what cannot be understood of the causes that it is against."""
        if len(_fits(known["fits"])) != len(known["fits"].split()):
            yield Finding("fits", WRONG_FIT)

    def spot(self, known: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Return nothing: methods have no position."""
        return ""

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:  # noqa: ARG002
        """Return which keys the library has already."""
        return library.numbers_taken(numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Let the row become a method."""
        facts = {name: known[name] for name in ("name", "what", "approach", "grade", "source")}
        facts |= {"valid_from": clock.today(), "valid_to": None}
        library.add_method(actor, uid=uid, key=known["number"], fits=_fits(known["fits"]), **facts)

    def used(self, records: Records) -> Select[UUID]:
        """Select those that measures follow."""
        follow = select(Measure.method_id).where(Measure.method_id.is_not(None))
        return select(Method.uid).where(Method.uid.in_(records), Method.id.in_(follow))

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:  # noqa: ARG002
        """Let the method be used no more."""
        library.withdraw(actor, uid)


def _fits(text: str) -> list[str]:
    found = []
    for word in text.split():
        try:
            library.fit_of(word)
        except Invalid:
            continue
        found.append(word)
    return found
