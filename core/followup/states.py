"""How claims, money asked to be moved, reports of grants and measurings of effect stand."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.followup.models import APPROVE, ASK, CHECK, CLAIM, DECIDE, MEASURE, PAY, REPORT
from core.i18n import N_

CLAIMS = Flow(
    "claim",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "plain", "open"),
        "inskickad": State(N_("Inskickad"), "wait", "waiting"),
        "granskad": State(N_("Granskad"), "info", "ongoing"),
        "betald": State(N_("Betald"), "success", "done", closed=True),
        "avvisad": State(N_("Tillbaka till sökanden"), "warning", "refused"),
        "makulerad": State(N_("Makulerad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("skicka", ("utkast", "avvisad"), "inskickad", N_("Skicka in rekvisitionen"), CLAIM),
        Move("granska", ("inskickad",), "granskad", N_("Godkänn underlaget"), CHECK),
        Move("avvisa", ("inskickad", "granskad"), "avvisad", N_("Lämna tillbaka"), CHECK, reason=True),
        Move("betala", ("granskad",), "betald", N_("Markera som betald"), PAY),
        Move("ratta", ("betald",), "granskad", N_("Är inte betald"), PAY, reason=True),
        Move("makulera", ("utkast", "avvisad"), "makulerad", N_("Makulera"), CLAIM, reason=True),
    ),
)

CARRY_OVER = Flow(
    "carry_over",
    start="begard",
    states={
        "begard": State(N_("Begärd"), "wait", "waiting"),
        "yttrad": State(N_("Yttrande lämnat"), "info", "ongoing"),
        "registrerad": State(N_("Beslut väntar på bekräftelse"), "wait", "waiting"),
        "beviljad": State(N_("Beviljad"), "success", "done", closed=True),
        "avslagen": State(N_("Avslagen, medlen återlämnas"), "neutral", "refused", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("yttra", ("begard",), "yttrad", N_("Lämna yttrande"), DECIDE, reason=True),
        Move("registrera", ("yttrad",), "registrerad", N_("Skriv in beslutet"), DECIDE),
        Move("bevilja", ("registrerad",), "beviljad", N_("Bekräfta bifall"), DECIDE),
        Move("avsla", ("registrerad",), "avslagen", N_("Bekräfta avslag"), DECIDE),
        Move("ta_tillbaka", ("registrerad",), "yttrad", N_("Ta tillbaka det inskrivna"), DECIDE, reason=True),
        Move("aterkalla", ("begard", "yttrad"), "aterkallad", N_("Återkalla begäran"), ASK, reason=True),
    ),
)

REALLOCATION = Flow(
    "reallocation",
    start="begard",
    states={
        "begard": State(N_("Begärd"), "wait", "waiting"),
        "beviljad": State(N_("Beviljad"), "success", "done", closed=True),
        "avslagen": State(N_("Avslagen"), "neutral", "refused", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("bevilja", ("begard",), "beviljad", N_("Bevilja"), DECIDE),
        Move("avsla", ("begard",), "avslagen", N_("Avslå"), DECIDE, reason=True),
        Move("aterkalla", ("begard",), "aterkallad", N_("Återkalla begäran"), ASK, reason=True),
    ),
)

REPORTS = Flow(
    "grant_report",
    start="planerad",
    states={
        "planerad": State(N_("Ska lämnas"), "wait", "waiting"),
        "inlamnad": State(N_("Inlämnad"), "info", "ongoing"),
        "godkand": State(N_("Godkänd"), "success", "done", closed=True),
        "overhoppad": State(N_("Hoppas över"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("lamna_in", ("planerad",), "inlamnad", N_("Lämna in"), REPORT),
        Move("skriv_om", ("inlamnad",), "planerad", N_("Skriv om"), REPORT, reason=True),
        Move("lamna_tillbaka", ("inlamnad",), "planerad", N_("Lämna tillbaka"), APPROVE, reason=True),
        Move("godkann", ("inlamnad",), "godkand", N_("Godkänn"), APPROVE),
        Move("oppna_igen", ("godkand",), "planerad", N_("Öppna igen"), APPROVE, reason=True),
        Move("hoppa_over", ("planerad",), "overhoppad", N_("Hoppa över"), APPROVE, reason=True),
        Move("ta_med", ("overhoppad",), "planerad", N_("Ska lämnas ändå"), APPROVE, reason=True),
    ),
)

EFFECTS = Flow(
    "effect",
    start="planerad",
    states={
        "planerad": State(N_("Ska mätas"), "wait", "waiting"),
        "matt": State(N_("Mätt"), "success", "done", closed=True),
        "gar_inte": State(N_("Går inte att mäta"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("mat", ("planerad",), "matt", N_("Skriv in mätningen"), MEASURE),
        Move("avsta", ("planerad",), "gar_inte", N_("Går inte att mäta"), MEASURE, reason=True),
        Move("ratta", ("matt", "gar_inte"), "planerad", N_("Rätta"), MEASURE, reason=True),
    ),
)
