"""What is asked of who logs in, and how the pages look."""

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
    kvar = fields.String(max=600_000, widget="hidden")  # a form of kept.LARGEST bytes, signed


class Look(Schema):
    """How the pages look and in which language they speak."""

    look = fields.Choice(
        {"auto": N_("Följer datorn"), "light": N_("Ljust"), "dark": N_("Mörkt")},
        required=True,
        label=N_("Utseende"),
    )
    locale = fields.Choice({"sv": "Svenska", "en": "English"}, required=True, label=N_("Språk"))
    till = fields.String(max=500, widget="hidden")


class NewPassword(Schema):
    """What the link in a letter asks."""

    password = fields.String(
        required=True,
        max=500,
        strip=False,
        label=N_("Nytt lösenord"),
        hint=N_("Minst 12 tecken. En mening som bara du kommer på är bra."),
        widget="password",
        autocomplete="new-password",
    )


class PasswordAgain(Schema):
    """What is asked of somebody who is logged in, before a phone may be."""

    password = fields.String(
        required=True,
        max=500,
        label=N_("Lösenord"),
        hint=N_("En gång till, så att ingen annan ansluter sin telefon på din dator."),
        widget="password",
        autocomplete="current-password",
    )
