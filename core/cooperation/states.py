"""The five steps of a cycle, forward one at a time, back to any with a reason; and how pictures, problems, causes,
goals and measures stand.
"""

from __future__ import annotations

from core.cooperation.models import ASK_ANSWER, EST_WRITE, LIFT_ANSWER, LIFT_MAKE
from core.cooperation.models.cycles import LEAD, WRITE
from core.flow import Flow, Move, State
from core.i18n import N_, Text

DECIDE = LEAD
"""Choosing problems and settling what follows from them is done by who drives the cycle, for the parties."""

STEPS = ("initiera", "lagesbild", "prioritera", "mal", "genomfora")
"""The programme's five steps, in order."""
ENDED, CANCELLED = "avslutad", "avbruten"
OVER = (ENDED, CANCELLED)
"""Followed up, or begun by mistake: nothing about it is changed any more."""

STEP_STATES = {
    "initiera": State(N_("Initiera"), "info", "ongoing"),
    "lagesbild": State(N_("Lägesbild"), "info", "ongoing"),
    "prioritera": State(N_("Prioritera och hitta orsaker"), "info", "ongoing"),
    "mal": State(N_("Mål och åtgärder"), "info", "ongoing"),
    "genomfora": State(N_("Genomföra och följa upp"), "info", "ongoing"),
    ENDED: State(N_("Avslutad"), "success", "done", closed=True),
    CANCELLED: State(N_("Avbruten"), "neutral", "refused", closed=True),
}


def _back(number: int) -> Move:
    called = N_("Gå tillbaka till steg {number}")
    label = Text(called, number=number)
    return Move(f"tillbaka_{number}", (*STEPS[number:],), STEPS[number - 1], label, LEAD, reason=True)


CYCLE = Flow(
    "cycle",
    start="initiera",
    states=STEP_STATES,
    moves=(
        Move("begar_lagesbilder", ("initiera",), "lagesbild", N_("Be parterna om lägesbilder"), LEAD),
        Move("borja_prioritera", ("lagesbild",), "prioritera", N_("Börja prioritera"), LEAD),
        Move("satt_mal", ("prioritera",), "mal", N_("Börja sätta mål"), LEAD),
        Move("genomfor", ("mal",), "genomfora", N_("Börja genomföra"), LEAD),
        Move("avsluta", ("genomfora",), ENDED, N_("Avsluta cykeln"), LEAD),
        *(_back(number) for number in range(1, len(STEPS))),
        Move("oppna_igen", (ENDED,), "genomfora", N_("Öppna cykeln igen"), LEAD, reason=True),
        Move("avbryt", ("initiera",), CANCELLED, N_("Avbryt samverkan"), LEAD, reason=True),
        Move("ta_upp_igen", (CANCELLED,), "initiera", N_("Ta upp samverkan igen"), LEAD, reason=True),
    ),
)
FORWARD = ("begar_lagesbilder", "borja_prioritera", "satt_mal", "genomfor", "avsluta")
"""The moves from each of the five steps to the next."""

JOINED, LEFT, REMOVED, OPENED, DECIDED = "part", "part_lamnar", "part_tas_bort", "oppnad", "beslut"
"""What happened to a cycle and is no step."""
HAPPENED = {
    "startad": N_("Cykeln startad"),
    JOINED: N_("Ny part: {about}"),
    LEFT: N_("Lämnar cykeln: {about}"),
    REMOVED: N_("Tas bort ur cykeln: {about}"),
    DECIDED: N_("Beslutet inskrivet"),
    OPENED: N_("Lägesbilderna öppnade"),
    "steg": N_("Från steg {source} till steg {target}"),
    "tillbaka": N_("Tillbaka från steg {source} till steg {target}"),
    "avsluta": N_("Cykeln avslutad"),
    "oppna_igen": N_("Cykeln öppnad igen"),
    "avbryt": N_("Cykeln avbruten"),
    "ta_upp_igen": N_("Cykeln tagen upp igen"),
}

PICTURE = Flow(
    "situation_report",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "info", "ongoing"),
        "inlamnad": State(N_("Inlämnad"), "success", "done", closed=True),
        "avstar": State(N_("Avstår"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("lamna_in", ("utkast",), "inlamnad", N_("Lämna in lägesbilden"), WRITE),
        Move("avsta", ("utkast",), "avstar", N_("Avstå från egen lägesbild"), WRITE, reason=True),
        Move("skriv_om", ("inlamnad", "avstar"), "utkast", N_("Skriv om"), WRITE, reason=True),
    ),
)

PROBLEM = Flow(
    "problem",
    start="foreslagen",
    states={
        "foreslagen": State(N_("Föreslaget"), "info", "open"),
        "prioriterad": State(N_("Prioriterat"), "success", "done"),
        "bortprioriterad": State(N_("Bortprioriterat"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("prioritera", ("foreslagen", "bortprioriterad"), "prioriterad", N_("Prioritera"), DECIDE, reason=True),
        Move("valj_bort", ("foreslagen", "prioriterad"), "bortprioriterad", N_("Välj bort"), DECIDE, reason=True),
        Move("ta_upp_igen", ("prioriterad", "bortprioriterad"), "foreslagen", N_("Ta upp igen"), DECIDE, reason=True),
    ),
)

CAUSE = Flow(
    "cause",
    start="hypotes",
    states={
        "hypotes": State(N_("Hypotes"), "plain", "open"),
        "trolig": State(N_("Trolig"), "success", "done"),
        "forkastad": State(N_("Förkastad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("behall", ("hypotes", "forkastad"), "trolig", N_("Behåll som trolig"), WRITE, reason=True),
        Move("forkasta", ("hypotes", "trolig"), "forkastad", N_("Förkasta"), WRITE, reason=True),
        Move("prova_igen", ("trolig", "forkastad"), "hypotes", N_("Pröva igen"), WRITE, reason=True),
    ),
)

GOAL = Flow(
    "goal",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "info", "ongoing"),
        "smart": State(N_("SMART"), "success", "done"),
    },
    moves=(
        Move("markera_smart", ("utkast",), "smart", N_("Markera som SMART"), WRITE),
        Move("oppna", ("smart",), "utkast", N_("Ändra målet"), WRITE, reason=True),
    ),
)

MEASURE = Flow(
    "measure",
    start="foreslagen",
    states={
        "foreslagen": State(N_("Föreslagen"), "info", "open"),
        "tilldelad": State(N_("Tilldelad"), "info", "waiting"),
        "pagar": State(N_("Pågår"), "info", "ongoing"),
        "klar": State(N_("Klar"), "success", "done", closed=True),
        "avbruten": State(N_("Avbruten"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("tilldela", ("foreslagen",), "tilldelad", N_("Tilldela"), WRITE),
        Move("borja", ("tilldelad",), "pagar", N_("Börja"), WRITE),
        Move("klarmarkera", ("tilldelad", "pagar"), "klar", N_("Markera som klar"), WRITE),
        Move("avbryt", ("foreslagen", "tilldelad", "pagar"), "avbruten", N_("Avbryt"), WRITE, reason=True),
        Move("ta_upp_igen", ("klar", "avbruten"), "tilldelad", N_("Ta upp igen"), WRITE, reason=True),
    ),
)

CONSULTATION = Flow(
    "consultation",
    start="begart",
    states={
        "begart": State(N_("Väntar på svar"), "wait", "waiting"),
        "besvarat": State(N_("Besvarat"), "info", "ongoing"),
        "beaktat": State(N_("Besvarat och beaktat"), "success", "done", closed=True),
        "aterkallat": State(N_("Återkallat"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("svara", ("begart",), "besvarat", N_("Svara"), ASK_ANSWER),
        Move("andra_svar", ("besvarat",), "begart", N_("Ändra svaret"), ASK_ANSWER, reason=True),
        Move("beakta", ("besvarat",), "beaktat", N_("Skriv hur svaret beaktades"), WRITE),
        Move("aterkalla", ("begart",), "aterkallat", N_("Återkalla frågan"), WRITE, reason=True),
    ),
)

LIFT = Flow(
    "lift",
    start="lyft",
    states={
        "lyft": State(N_("Lyft"), "wait", "waiting"),
        "handlaggs": State(N_("Handläggs"), "info", "ongoing"),
        "komplettering": State(N_("Väntar på komplettering"), "warning", "waiting"),
        "besvarad": State(N_("Besvarad"), "success", "done", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("ta_emot", ("lyft",), "handlaggs", N_("Börja handlägga"), LIFT_ANSWER),
        Move("begar_mer", ("lyft", "handlaggs"), "komplettering", N_("Be om mer"), LIFT_ANSWER, reason=True),
        Move("komplettera", ("komplettering",), "handlaggs", N_("Komplettera"), LIFT_MAKE, reason=True),
        Move("besvara", ("lyft", "handlaggs", "komplettering"), "besvarad", N_("Besvara"), LIFT_ANSWER, reason=True),
        Move("oppna_igen", ("besvarad",), "handlaggs", N_("Svaret räcker inte"), LIFT_MAKE, reason=True),
        Move(
            "aterkalla", ("lyft", "handlaggs", "komplettering"), "aterkallad", N_("Återkalla"), LIFT_MAKE, reason=True
        ),
    ),
)

WEEKLY_REPORT = Flow(
    "weekly_report",
    start="utkast",
    states={
        "utkast": State(N_("Inte inlämnad"), "wait", "waiting"),
        "inlamnad": State(N_("Inlämnad"), "success", "done"),
    },
    moves=(
        Move("lamna_in", ("utkast",), "inlamnad", N_("Lämna in"), EST_WRITE),
        Move("skriv_om", ("inlamnad",), "utkast", N_("Skriv om"), EST_WRITE),
    ),
)

WEEKLY_ACTION = Flow(
    "weekly_action",
    start="tilldelad",
    states={
        "tilldelad": State(N_("Ska göras"), "wait", "waiting"),
        "klar": State(N_("Gjort"), "success", "done"),
        "ej": State(N_("Blev inte gjort"), "neutral", "refused"),
    },
    moves=(
        Move("klarmarkera", ("tilldelad",), "klar", N_("Det är gjort"), EST_WRITE),
        Move("stall_in", ("tilldelad",), "ej", N_("Det blev inte gjort"), EST_WRITE),
        Move("ta_upp_igen", ("klar", "ej"), "tilldelad", N_("Ta upp igen"), EST_WRITE),
    ),
)
