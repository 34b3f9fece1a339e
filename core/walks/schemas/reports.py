"""A report as a row of another register has it, and the lists of what has come in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from core.clock import STOCKHOLM
from core.i18n import N_
from core.schema import ListFilter, Schema, fields
from core.upkeep.schemas import Days
from core.walks.kinds import kinds

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.0+)?")


def reportable() -> dict[str, str]:
    """Return the kinds that a report may be of: those that ask nothing more that must be answered."""
    return {key: kind.title for key, kind in kinds().items() if not _must_be_asked(kind.details)}


def _must_be_asked(details: type[Schema] | None) -> bool:
    return details is not None and any(field.required for field in details().fields.values())


class Moment(fields.Instant):
    """A moment as registers write it: also a day alone, which is its first moment or, of an end, its last minute.

    A register's wall clock is believed also in the hour that the change of clocks repeats (its first time is meant) or
    skips (the clock had not been changed): its row is not left out for that.
    """

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end

    def from_text(self, text: str) -> str:
        text = text.strip()
        if _DAY.fullmatch(text):
            text = f"{text} {'23:59:59' if self.end else '00:00'}"
        written = _WALL.fullmatch(text)
        try:
            wall = datetime.fromisoformat("T".join(written.groups())) if written else None
        except ValueError:
            wall = None  # a day or an hour that there is not: the strict reading says so
        return wall.replace(tzinfo=STOCKHOLM).isoformat() if wall else super().from_text(text)


def _coordinate(label: str, *also: str) -> fields.Float:
    """Return a number of a position: which one it can be is told by the position as a whole."""
    return fields.Float(allow_none=True, load_default=None, label=label, metadata={"also": also})


class ReportRow(Schema):
    """A report. `also` are headings under which registers have it."""

    number = fields.String(
        required=True,
        max=120,
        label=N_("Ärendenummer"),
        hint=N_("Det som källan känner rapporten på. Samma nummer förs in en gång."),
        metadata={"also": ("ärende", "id", "case_enquiry_id", "service_request_number", "service_request_id")},
    )
    category = fields.Choice(
        reportable,
        required=True,
        label=N_("Vad det gäller"),
        metadata={"also": ("kategori", "typ", "type", "service_name", "category", "type_of_service_request")},
    )
    reported_at = Moment(
        required=True,
        label=N_("Kom in"),
        metadata={"also": ("inkommen", "skapad", "datum", "open_dt", "requested_datetime", "creation_date")},
    )
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning"),
        metadata={"also": ("text", "synpunkt", "meddelande", "description")},
    )
    latitude = _coordinate(N_("Latitud (WGS 84)"), "lat", "latitud", "latitude", "wgs84 lat")
    longitude = _coordinate(N_("Longitud (WGS 84)"), "lon", "long", "lng", "longitud", "longitude", "wgs84 lon")
    north_1800 = _coordinate(
        N_("Nord (SWEREF 99 18 00)"), "nord", "n", "n sweref991800", "sweref991800 n", "nord sweref 99 18 00"
    )
    east_1800 = _coordinate(
        N_("Öst (SWEREF 99 18 00)"), "ost", "öst", "e", "e sweref991800", "sweref991800 e", "öst sweref 99 18 00"
    )
    north_tm = _coordinate(
        N_("Nord (SWEREF 99 TM)"), "n sweref99tm", "sweref99tm n", "nord tm", "n tm", "nord sweref 99 tm"
    )
    east_tm = _coordinate(
        N_("Öst (SWEREF 99 TM)"), "e sweref99tm", "sweref99tm e", "öst tm", "e tm", "öst sweref 99 tm"
    )
    address = fields.String(
        max=300, load_default="", label=N_("Adress"), metadata={"also": ("gata", "gatuadress", "street")}
    )
    target_at = Moment(
        end=True,
        allow_none=True,
        load_default=None,
        label=N_("Skulle vara klart"),
        metadata={"also": ("klart senast", "target_dt", "expected_datetime")},
    )
    closed_at = Moment(
        end=True,
        allow_none=True,
        load_default=None,
        label=N_("Avslutad"),
        metadata={"also": ("klar", "åtgärdad", "closed_dt", "completion_date")},
    )
    answer = fields.String(
        max=2000,
        multiline=True,
        load_default="",
        label=N_("Svar"),
        metadata={"also": ("status_notes", "resolution", "återkoppling")},
    )


REPORT_TABS = {"": N_("Alla"), "att_fordela": N_("Att fördela"), "skickade": N_("Skickade"), "klara": N_("Klara")}


class ReportsQuery(ListFilter, Days):
    """Which of what has come in is shown, and of which time one asks how it was answered."""

    visa = fields.Choice(REPORT_TABS, load_default="", widget="hidden", label=N_("Visa"))
