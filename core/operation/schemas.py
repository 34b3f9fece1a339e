"""What the forms of this room ask."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields

DECISIONS = {
    "on": N_("På"),
    "off": N_("Av: data ligger kvar, det som hänger på tillägget går inte att flytta"),
    "waived": N_("Av, och gå vidare utan det: det som hänger på tillägget får flyttas"),
}
MINUTES = {"5": N_("5 minuter"), "15": N_("15 minuter"), "60": N_("En timme")}
STOP = {"0": N_("Sluta nu")}


class Decision(Schema):
    """What to do with a plugin."""

    state = fields.Choice(DECISIONS, required=True, label=N_("Hur ska tillägget vara?"))
    reason = fields.String(
        required=True, min=1, max=500, label=N_("Varför?"), hint=N_("En mening. Den står i journalen och på sidan.")
    )


class Trace(Schema):
    """For how long to note the calls of a plugin."""

    minutes = fields.Choice(MINUTES, required=True, label=N_("Hur länge?"))


class TraceOrStop(Trace):
    """The same, or to stop at once: the button beside the form."""

    minutes = fields.Choice(MINUTES | STOP, required=True, label=N_("Hur länge?"))


class TaskDecision(Schema):
    """What to do with something that waits or was given up, and why."""

    what = fields.Choice(
        {"gor_om": N_("Gör om det"), "avskriv": N_("Avskriv det: det görs aldrig")},
        required=True,
        label=N_("Vad ska hända?"),
    )
    reason = fields.String(
        required=True, min=1, max=500, label=N_("Varför?"), hint=N_("En mening. Den står i journalen.")
    )


class Nothing(Schema):
    """A press of a button that says nothing more."""


class KeeperIn(Schema):
    """Whom to give access to originals of masked photos, until when and why."""

    email = fields.String(required=True, min=1, max=200, label=N_("Vem? Personens e-postadress"))
    valid_to = fields.Date(required=True, label=N_("Till och med"), hint=N_("Högst ett år framåt."))
    reason = fields.String(
        required=True, min=1, max=500, label=N_("Varför?"), hint=N_("Till exempel begärans diarienummer.")
    )
    photo = fields.Uid(
        widget="text",
        load_default=None,
        allow_none=True,
        label=N_("Bara en bild"),
        hint=N_("Bildens uid, ur adressen till dess sida. Tomt är alla bilder som personen når."),
    )


class KeeperEnd(Schema):
    """Which access to end."""

    keeper = fields.Uid(required=True)


class KeeperFilter(Schema):
    """Which picture somebody is to have access to."""

    bild = fields.Uid()
