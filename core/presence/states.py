"""How things stand that are arranged on places: what happens there, its permits, patrols, and building projects."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_
from core.presence.models.activations import EDIT
from core.presence.models.patrols import ASK, DECIDE, REPORT
from core.presence.models.projects import EDIT as EDIT_PROJECT

AHEAD = ("planerad", "ansokt", "klar")
CANCELLED = "installd"

ACTIVATION = Flow(
    "activation",
    start="planerad",
    states={
        "planerad": State(N_("Planerad"), "info", "open"),
        "ansokt": State(N_("Tillstånd sökt"), "info", "waiting"),
        "klar": State(N_("Klar att genomföra"), "info", "ongoing"),
        "pagar": State(N_("Pågår"), "info", "ongoing"),
        "genomford": State(N_("Genomförd"), "success", "done", closed=True),
        CANCELLED: State(N_("Inställd"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("sok", ("planerad",), "ansokt", N_("Tillstånden är sökta"), EDIT),
        Move("gor_klar", ("planerad", "ansokt"), "klar", N_("Allt är klart"), EDIT),
        Move("borja", ("klar",), "pagar", N_("Börja"), EDIT),
        Move("avsluta", ("klar", "pagar"), "genomford", N_("Genomförd"), EDIT),
        Move("stall_in", (*AHEAD, "pagar"), CANCELLED, N_("Ställ in"), EDIT, reason=True),
        Move("planera_om", (CANCELLED, "klar", "ansokt"), "planerad", N_("Planera om"), EDIT, reason=True),
        Move("oppna_igen", ("genomford",), "pagar", N_("Öppna igen"), EDIT, reason=True),
    ),
)

PARTS = {
    "kommande": N_("Kommande och pågående"),
    "genomforda": N_("Genomförda"),
    "installda": N_("Inställda"),
}
STATES_OF = {"kommande": (*AHEAD, "pagar"), "genomforda": ("genomford",), "installda": (CANCELLED,)}
"""The parts of a list of what is arranged, and the states in each."""

PERMIT = Flow(
    "activation_permit",
    start="behovs",
    states={
        "behovs": State(N_("Ska sökas"), "warning", "open"),
        "ansokt": State(N_("Sökt"), "info", "waiting"),
        "beviljat": State(N_("Beviljat"), "success", "done", closed=True),
        "avslaget": State(N_("Avslaget"), "danger", "refused", closed=True),
        "behovs_ej": State(N_("Behövs inte"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("sok", ("behovs",), "ansokt", N_("Sökt"), EDIT),
        Move("bevilja", ("behovs", "ansokt"), "beviljat", N_("Beviljat"), EDIT),
        Move("avsla", ("ansokt",), "avslaget", N_("Avslaget"), EDIT, reason=True),
        Move("behovs_ej", ("behovs", "ansokt"), "behovs_ej", N_("Behövs inte"), EDIT, reason=True),
        Move("sok_igen", ("avslaget", "behovs_ej", "beviljat"), "behovs", N_("Ska sökas igen"), EDIT, reason=True),
    ),
)
GIVEN = ("beviljat", "behovs_ej")
"""States of a permit that let what needs it go on."""

GRANTED = ("beviljad", "delvis")
PATROL = Flow(
    "patrol_request",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "info", "open"),
        "skickad": State(N_("Väntar på svar"), "info", "waiting"),
        "beviljad": State(N_("Beviljad"), "success", "ongoing"),
        "delvis": State(N_("Delvis beviljad"), "success", "ongoing"),
        "avropad": State(N_("Avropad"), "info", "ongoing"),
        "genomford": State(N_("Genomförd"), "success", "done", closed=True),
        "avslagen": State(N_("Avslagen"), "neutral", "refused", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("skicka", ("utkast",), "skickad", N_("Skicka begäran"), ASK),
        Move("bevilja", ("skickad",), "beviljad", N_("Bevilja alla timmar"), DECIDE, reason=True),
        Move("bevilja_delvis", ("skickad",), "delvis", N_("Bevilja en del av timmarna"), DECIDE, reason=True),
        Move("avsla", ("skickad",), "avslagen", N_("Avslå"), DECIDE, reason=True),
        Move("avropa", GRANTED, "avropad", N_("Avropa"), DECIDE),
        Move("avsluta", ("avropad",), "genomford", N_("Avsluta"), REPORT),
        Move("aterkalla", ("utkast", "skickad", *GRANTED, "avropad"), "aterkallad", N_("Återkalla"), ASK, reason=True),
        Move("begar_igen", ("avslagen", "aterkallad"), "utkast", N_("Skriv om begäran"), ASK, reason=True),
        Move("oppna_igen", ("genomford",), "avropad", N_("Öppna igen"), REPORT, reason=True),
    ),
)
DECISIONS = ("bevilja", "bevilja_delvis", "avsla")
HOLDING = (*GRANTED, "avropad")
"""States in which a request keeps all its granted hours of the year's frame."""

BROKEN_OFF = "avbruten"
PROJECT = Flow(
    "planning_project",
    start="tidigt",
    states={
        "tidigt": State(N_("Tidigt skede"), "info", "open"),
        "samrad": State(N_("Samråd"), "info", "ongoing"),
        "granskning": State(N_("Granskning"), "info", "ongoing"),
        "antagen": State(N_("Antagen eller beslutad"), "info", "ongoing"),
        "byggs": State(N_("Byggs"), "info", "ongoing"),
        "klar": State(N_("Färdig"), "success", "done", closed=True),
        "avbruten": State(N_("Avbruten"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("samrada", ("tidigt",), "samrad", N_("Börja samråd"), EDIT_PROJECT),
        Move("granska", ("samrad",), "granskning", N_("Börja granskning"), EDIT_PROJECT),
        Move("anta", ("tidigt", "samrad", "granskning"), "antagen", N_("Antagen eller beslutad"), EDIT_PROJECT),
        Move("bygg", ("antagen",), "byggs", N_("Börja bygga"), EDIT_PROJECT),
        Move("bli_klar", ("byggs",), "klar", N_("Färdig"), EDIT_PROJECT),
        Move(
            "avbryt",
            ("tidigt", "samrad", "granskning", "antagen", "byggs"),
            "avbruten",
            N_("Avbryt"),
            EDIT_PROJECT,
            reason=True,
        ),
        Move("ta_upp_igen", ("avbruten", "klar"), "tidigt", N_("Ta upp igen"), EDIT_PROJECT, reason=True),
    ),
)
