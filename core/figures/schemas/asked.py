"""What is asked and told about figures: a row of a file, indicators, filters, the API."""

from __future__ import annotations

from functools import partial
from typing import Any

from core.figures import naming, periods
from core.figures.cells import CellField
from core.figures.models import (
    DIRECTIONS,
    EVERY,
    KINDS,
    LEVELS,
    SUPPRESSION,
    UNITS,
)  # fmt: skip
from core.i18n import N_
from core.places.models import AREA_KINDS, MUNICIPALITY
from core.schema import Schema, fields
from core.schema.described import Described

PERIOD_WORDS = N_("Skriv perioden som 2024, 2024 kv 2, 2024-03, 2024 v. 5 eller 2024-2025.")


class Period(Described):
    """A period as files write it: its first and its last day."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        found = periods.read(str(value))
        if found is None:
            raise self.make_error("invalid")
        return found


def row_schema(area_kind: str) -> Schema:
    """Return the description of a row of a file of figures: one field more for each indicator there is."""

    def described() -> Any:
        return Schema.from_dict(_row(area_kind), name="FigureRow")()

    made: Schema = naming.once(f"row {area_kind}", described)
    return made


def _row(area_kind: str) -> dict[str, Any]:
    also = {
        "area": (
            "område",
            "omrade",
            "områdeskod",
            "nyckelkod",
            "kod",
            "stadsdel",
            "basområde",
            "sdn",
            "nämnd",
            "komnr",
        ),
        "period": ("år", "ar", "year", "månad", "manad", "kvartal", "vecka", "mätning", "tid"),
        "part": ("uppdelning", "grupp", "kön", "ålder", "åldersgrupp", "handelsetyp", "händelsetyp", "kategori"),
        "value": ("värde", "varde", "andel", "resultat", "utfall"),
        "n": ("antal svar", "n", "svarande", "bas"),
        "low": ("nedre", "konfidens_nedre", "undre gräns", "min"),
        "high": ("övre", "konfidens_ovre", "övre gräns", "max"),
        "indicator": ("mått", "fråga", "nyckeltal", "variabel"),
        "area_name": ("namn", "navn", "kommun", "kommunnamn"),
    }

    def named(name: str) -> dict[str, Any]:
        return {"metadata": {"also": also[name]}}

    indicators = {one.key: one.title for one in naming.indicators_by_key().values()}
    cell = partial(CellField, load_default=None)
    return {
        **_area(area_kind, named),
        "period": Period(
            required=True, label=N_("Period"), error_messages={"required": PERIOD_WORDS, "invalid": PERIOD_WORDS},
            hint=N_("År, kvartal, månad, vecka, eller flera år."), **named("period"),
        ),
        "indicator": fields.Choice(
            indicators, load_default="", label=N_("Indikator"), **named("indicator"),
            hint=N_("När varje rad säger vilken indikator den gäller."),
        ),
        "value": cell(label=N_("Värde"), hint=N_("När varje rad säger vilken indikator den gäller."), **named("value")),
        "part": fields.String(
            max=80, load_default="", label=N_("Uppdelning"), hint=N_("Till exempel ålder, kön eller händelsetyp."),
            **named("part"),
        ),
        "n": cell(label=N_("Antal svar"), **named("n")),
        "low": cell(label=N_("Lägre gräns"), hint=N_("Osäkerheten, i samma enhet."), **named("low")),
        "high": cell(label=N_("Högre gräns"), **named("high")),
        **{f"i_{key}": cell(label=title, metadata={"also": (key,)}) for key, title in indicators.items()},
    }  # fmt: skip


def _area(area_kind: str, named: Any) -> dict[str, Any]:
    if area_kind == MUNICIPALITY:
        hint = N_("Kod eller namn. Finns ingen sådan kolumn gäller raderna hela staden.")
        return {
            "area": Municipality(max=80, load_default="", label=N_("Kommun"), hint=hint, **named("area")),
            "area_name": fields.String(max=120, load_default="", label=N_("Kommunens namn"), **named("area_name")),
        }
    means = {"means": partial(naming.meant, area_kind), **named("area")["metadata"]}
    words = {
        "required": N_("Säg vilket område det gäller."),
        "invalid": N_("Området finns inte här. Är det rätt slag?"),
    }
    title, hint = AREA_KINDS[area_kind], N_("Områdets kod eller namn.")
    asked = partial(naming.names, area_kind)
    return {"area": fields.Choice(asked, required=True, label=title, hint=hint, error_messages=words, metadata=means)}


class Municipality(fields.String):
    """A municipality by code or name; one that is not ours is kept as it is written."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        said: str = super()._deserialize(value, *args, **kwargs)
        return naming.meant(MUNICIPALITY, said) or said


class IndicatorFields(Schema):
    """What stands about an indicator."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter indikatorn?"))
    what = fields.String(
        max=2000, multiline=True, load_default="", label=N_("Vad mäter den?"),
        hint=N_("Frågan som ställdes, eller vad som räknas."),
    )  # fmt: skip
    kind = fields.Choice(KINDS, required=True, label=N_("Vilket slag är det?"))
    unit = fields.Choice(UNITS, required=True, label=N_("I vilken enhet?"))
    direction = fields.Choice(DIRECTIONS, required=True, label=N_("Vilket håll är bra?"))
    source = fields.String(required=True, min=2, max=200, label=N_("Var kommer siffrorna ifrån?"))
    every = fields.Choice(EVERY, required=True, label=N_("Hur ofta kommer de?"))
    suppression = fields.Choice(SUPPRESSION, required=True, label=N_("Vad redovisas inte?"))
    adds = fields.Boolean(
        load_default=False, label=N_("Siffrorna går att lägga ihop"),
        hint=N_("Antal går att lägga ihop över områden och delar. Andelar går inte."),
    )  # fmt: skip
    level = fields.Choice(
        {str(key): title for key, title in LEVELS.items()}, required=True, label=N_("Vem får se siffrorna?")
    )


class NewIndicator(IndicatorFields):
    """An indicator to begin with."""

    uid = fields.Uid(required=True, widget="hidden")
    key = fields.String(
        required=True, min=2, max=60, label=N_("Kort namn i filer"),
        hint=N_("Små bokstäver a–z, siffror och understreck, till exempel trygg_kvall."),
    )  # fmt: skip


class Narrowing(Schema):
    """Which figures of an indicator are shown."""

    slag = fields.Choice(AREA_KINDS, widget="select", label=N_("Områden"))
    uppdelning = fields.String(max=80, widget="select", label=N_("Uppdelning"))
    period = fields.String(max=40, widget="select", label=N_("Period på kartan"))
    efter = fields.String(max=300, widget="hidden")
