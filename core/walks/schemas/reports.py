"""A report as a row of another register has it, and the lists of what has come in."""

from __future__ import annotations

from core.i18n import N_
from core.imports import Moment
from core.places.spots import coordinates
from core.schema import ListFilter, Schema, fields
from core.upkeep.schemas import Days
from core.walks.kinds import kinds


def reportable() -> dict[str, str]:
    """Return the kinds that a report may be of: those that ask nothing more that must be answered."""
    return {key: kind.title for key, kind in kinds().items() if not _must_be_asked(kind.details)}


def _must_be_asked(details: type[Schema] | None) -> bool:
    return details is not None and any(field.required for field in details().fields.values())


class ReportRow(Schema):
    """A report. `also` are headings under which registers have it."""

    number = fields.String(
        required=True,
        max=120,
        label=N_("Ärendenummer"),
        hint=N_("Det som källan känner rapporten på. Samma nummer förs in en gång."),
        metadata={
            "also": (
                "ärende",
                "ärendeid",
                "ärendenr",
                "nummer",
                "id",
                "case_enquiry_id",
                "service_request_number",
                "service_request_id",
            )
        },
    )
    category = fields.Choice(
        reportable,
        required=True,
        label=N_("Vad det gäller"),
        metadata={
            "also": (
                "kategori",
                "ärendetyp",
                "ärendekategori",
                "typ",
                "type",
                "service_name",
                "category",
                "type_of_service_request",
            )
        },
    )
    reported_at = Moment(
        required=True,
        label=N_("Kom in"),
        metadata={
            "also": (
                "inkom",
                "inkommen",
                "inkommet",
                "inkomdatum",
                "skapad",
                "datum",
                "open_dt",
                "requested_datetime",
                "creation_date",
            )
        },
    )
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning"),
        metadata={"also": ("text", "synpunkt", "meddelande", "description")},
    )
    latitude, longitude, north_1800, east_1800, north_tm, east_tm = coordinates()
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
        metadata={"also": ("avslutat", "avslutsdatum", "klar", "klart", "åtgärdad", "closed_dt", "completion_date")},
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
