"""An order as a row of another register of orders has it."""

from __future__ import annotations

from core.i18n import N_
from core.imports import Moment
from core.places.spots import coordinates
from core.schema import Schema, fields
from core.works.models import PRIORITIES

OPEN, ENDED, CALLED_OFF = "oppen", "avslutad", "aterkallad"


class OrderRow(Schema):
    """An order. `also` are headings under which registers have it."""

    number = fields.String(
        required=True,
        max=120,
        label=N_("Ordernummer"),
        hint=N_("Det som registret känner ordern på. Samma nummer förs in en gång."),
        metadata={"also": ("order", "arbetsorder", "nummer", "id", "order_id", "case_enquiry_id")},
    )
    title = fields.String(
        required=True,
        max=200,
        label=N_("Vad ska göras?"),
        metadata={"also": ("typ", "åtgärd", "rubrik", "type", "title")},
    )
    opened_at = Moment(
        required=True,
        label=N_("Beställd"),
        metadata={"also": ("skapad", "öppnad", "datum", "open_dt", "created")},
    )
    target_at = Moment(
        end=True,
        allow_none=True,
        load_default=None,
        label=N_("Skulle vara klart"),
        metadata={"also": ("klart senast", "förfaller", "target_dt", "due_date")},
    )
    closed_at = Moment(
        end=True,
        allow_none=True,
        load_default=None,
        label=N_("Avslutad"),
        metadata={"also": ("klar", "utförd", "closed_dt", "completion_date")},
    )
    state = fields.Choice(
        {"": N_("Vet inte"), OPEN: N_("Öppen"), ENDED: N_("Avslutad"), CALLED_OFF: N_("Återkallad")},
        load_default="",
        label=N_("Läge"),
        hint=N_("Utan läge är en order avslutad när den har en tid då den avslutades."),
        metadata={"also": ("status", "case_status", "state")},
    )
    priority = fields.Choice(
        PRIORITIES, load_default="p3", label=N_("Prioritet"), metadata={"also": ("prio", "priority")}
    )
    report = fields.String(
        max=120,
        load_default="",
        label=N_("Ärendet som ordern gäller"),
        hint=N_("Ärendenumret. Finns rapporten här hör ordern till den."),
        metadata={"also": ("ärende", "ärendenummer", "case")},
    )
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning"),
        metadata={"also": ("text", "anteckning", "description")},
    )
    latitude, longitude, north_1800, east_1800, north_tm, east_tm = coordinates()
