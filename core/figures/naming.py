"""What a file means: an area, however it is spelt ("Hägersten - Älvsjö", "HÄGERSTEN-ÄLVSJÖ SDF", "08 Farsta"), and
the indicators that there are. All is asked for once in a transaction, as every row of a file wants it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from core import db
from core.figures.models import Indicator
from core.imports import folded
from core.places.models import MUNICIPALITY, Area
from core.places.services import city

Kept = TypeVar("Kept")

_KIND = re.compile(
    r"(?:stadsdelsn[äa]mndsomr[åa]de|stadsdelsn[äa]mnd|stadsdelsf[öo]rvaltning|stadsdelsomr[åa]de|stadsdel|"
    r"lokalpolisomr[åa]de|basomr[åa]de|kommun|sdn|sdf|sdo|lpo|stad)\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\A(?:(?:sd[nfo]|lpo)\s+)?(?:\d{1,3}[.)\s-]+)?(?=\D)", re.IGNORECASE)
WHOLE = ("Hela staden", "Totalt", "Total", "Hela kommunen", "Samtliga")
"""What registers call the city as a whole."""


def whole_city() -> tuple[str, str]:
    """Return the code and the name of the city, as the area of a figure."""
    facts = city(db.settings().city)
    return facts["municipality_code"], facts["name"]


def names(kind: str) -> Mapping[str, str]:
    """Return the areas of a kind, of all times, by code: the latest name of each."""

    def asked() -> dict[str, str]:
        rows = select(Area.code, Area.name).where(Area.kind == kind).order_by(Area.valid_from, Area.id)
        found = dict(db.session().execute(rows).all())
        if kind == MUNICIPALITY:
            code, name = whole_city()
            found.setdefault(code, name)
        return found

    return once(f"names {kind}", asked)


def called(kind: str) -> Mapping[str, str]:
    """Return the code of an area of a kind by what a file may call it, folded; what means two areas means none."""

    def asked() -> dict[str, str]:
        meant: dict[str, set[str]] = {}
        for code, name in names(kind).items():
            for one in (code, *_spellings(name)):
                meant.setdefault(folded(one), set()).add(code)
        if kind == MUNICIPALITY:
            code, name = whole_city()
            for one in (*WHOLE, f"{name}s stad", f"{code} {name}"):
                meant.setdefault(folded(one), set()).add(code)
        found = {said: next(iter(codes)) for said, codes in meant.items() if len(codes) == 1}
        return found | {folded(code): code for code in names(kind)}

    return once(f"called {kind}", asked)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name, and what follows when a kind is said after it: Norra innerstaden, Norra innerstadens sdn."""
    yield name
    bare = name.removesuffix(" stadsdelsnämnd")
    yield from (bare, f"{bare}s")


def meant(kind: str, said: str) -> str | None:
    """Return the code of the area that a text means, None where it is none of its kind, or more than one."""
    known = called(kind)
    for text in _shorter(said.strip()):
        if (code := known.get(folded(text))) is not None:
            return code
    return None


def _shorter(said: str) -> Iterator[str]:
    """Yield a text as it is, then without a number before the name, then without what kind of area it is."""
    yield said
    bare = _NUMBER.sub("", said)
    yield bare
    for text in (bare, re.sub(r"\s*\(.*\)\Z", "", bare)):
        yield _KIND.sub("", text.strip()).strip(" ,-")


def indicators_by_key() -> Mapping[str, Indicator]:
    """Return every indicator by its key, those of a kind together."""

    def asked() -> dict[str, Indicator]:
        rows = select(Indicator).order_by(Indicator.kind, Indicator.title, Indicator.id)
        return {one.key: one for one in db.session().scalars(rows)}

    return once("indicators", asked)


def once(key: str, asked: Callable[[], Kept]) -> Kept:
    """Return what was asked for earlier in this transaction, else ask."""
    kept: dict[str, Any] = db.session().info.setdefault("figures", {})
    if key not in kept:
        kept[key] = asked()
    found: Kept = kept[key]
    return found


def forget() -> None:
    """Ask anew: an indicator has been added or changed."""
    db.session().info.pop("figures", None)
