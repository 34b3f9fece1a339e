"""What the forms of this room ask."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields


class SignIn(Schema):
    """The login page."""

    email = fields.String(required=True, max=200, label=N_("E-postadress"), autocomplete="username", inputmode="email")
    password = fields.String(
        required=True, max=500, label=N_("Lösenord"), widget="password", autocomplete="current-password"
    )
    till = fields.String(max=500, widget="hidden")


class Look(Schema):
    """How the pages look and in which language they speak."""

    look = fields.Choice(
        {"auto": N_("Följer datorn"), "light": N_("Ljust"), "dark": N_("Mörkt")},
        required=True,
        label=N_("Utseende"),
    )
    locale = fields.Choice({"sv": "Svenska", "en": "English"}, required=True, label=N_("Språk"))
    till = fields.String(max=500, widget="hidden")
