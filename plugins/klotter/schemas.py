"""What is asked about graffiti: one question on the walk, the rest at the desk."""

from __future__ import annotations

from marshmallow.validate import Regexp

from core.kit import N_, Schema, fields

REPORT = r"([0-9]{4}-)?K[0-9]{1,7}-[0-9]{2}"
"""The number of a police report, as the police write it."""
NUMBER = N_("Skriv numret som polisen har gett det, till exempel 5000-K123456-27.")

CONTENT = {
    "tagg": N_("Tagg"),
    "throwup": N_("Throw-up"),
    "storre_malning": N_("Större målning"),
    "hat_rasism": N_("Hat eller rasism"),
    "hot_mot_person": N_("Hot mot person"),
    "gangmarkering": N_("Gängmarkering"),
    "sexistiskt": N_("Sexistiskt"),
    "affisch": N_("Affisch"),
    "dekal": N_("Dekal"),
    "repa_glas": N_("Repa i glas"),
    "laglig_vagg": N_("Laglig vägg"),
}
SURFACES = {
    "betong": N_("Betong"),
    "tegel": N_("Tegel"),
    "natursten_kalk": N_("Natursten, kalk"),
    "granit": N_("Granit"),
    "puts": N_("Puts"),
    "tra": N_("Trä"),
    "plat": N_("Plåt"),
    "glas": N_("Glas"),
    "plast": N_("Plast"),
    "skylt": N_("Skylt"),
    "asfalt": N_("Asfalt"),
    "konstverk": N_("Konstverk (stanna, fråga antikvarie)"),
}


class Details(Schema):
    """The walker's answer."""

    hateful = fields.Boolean(load_default=False, label=N_("Det är hat, rasism eller hot"))


class Case(Schema):
    """What the handler adds."""

    content_class = fields.Choice(CONTENT, allow_none=True, label=N_("Vad föreställer det?"), widget="select")
    surface = fields.Choice(SURFACES, allow_none=True, label=N_("Vilken yta sitter det på?"), widget="select")
    police_report = fields.String(
        allow_none=True,
        max=40,
        metadata={"pattern": f"^{REPORT}$"},
        validate=Regexp(f"^{REPORT}$", error=NUMBER),
        label=N_("Vilket nummer har polisanmälan?"),
        hint=N_("Till exempel 5000-K123456-27. Lämna tomt om det inte anmäls."),
    )
    not_reported_reason = fields.String(
        allow_none=True,
        max=500,
        label=N_("Varför anmäls det inte?"),
        hint=N_("Fyll bara i om det inte polisanmäls."),
    )


class Waiting(Schema):
    """What the property owner was asked."""

    waits_for = fields.String(
        required=True,
        min=1,
        max=500,
        label=N_("Vad väntar ni på?"),
        hint=N_("Till exempel: fastighetsägarens medgivande till sanering av fasaden. Skriv inga namn på personer."),
    )


class Answered(Schema):
    """A press of the button that the owner has answered."""


class IncidentOut(Schema):
    """A case in the API."""

    observation = fields.Uid(required=True, attribute="observation_uid")
    hateful = fields.Boolean(required=True)
    content_class = fields.String(required=True, allow_none=True, max=40)
    surface = fields.String(required=True, allow_none=True, max=40)
    police_report = fields.String(required=True, allow_none=True, max=40)
    not_reported_reason = fields.String(required=True, allow_none=True, max=500)
    cleaned_at = fields.Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)
