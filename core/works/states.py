"""The states of an order (domain.md 10.3). The clock stops when it is said to be done, if that is later approved."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_

READ, MAKE, DO, APPROVE = "works:order:read", "works:order:make", "works:order:do", "works:order:approve"
UNDO = "works:order:undo"

ORDER = Flow(
    "order",
    start="ny",
    states={
        "ny": State(N_("Ny"), "info", "open"),
        "tilldelad": State(N_("Tilldelad"), "neutral", "waiting"),
        "kvitterad": State(N_("Kvitterad"), "info", "ongoing"),
        "pagar": State(N_("Pågår"), "info", "ongoing"),
        "sakrad": State(N_("Säkrad"), "info", "ongoing"),
        "pausad": State(N_("Pausad"), "neutral", "waiting"),
        "klaranmald": State(N_("Färdiganmäld"), "success", "waiting"),
        "underkand": State(N_("Underkänd"), "warning", "missing"),
        "godkand": State(N_("Godkänd"), "success", "done"),
        "overlamnad": State(N_("Tillbakalämnad"), "warning", "missing"),
        "avslutad": State(N_("Avslutad"), "success", "done", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("tilldela", ("ny", "overlamnad"), "tilldelad", N_("Tilldela"), MAKE),
        Move("kvittera", ("tilldelad",), "kvitterad", N_("Kvittera"), DO),
        Move("borja", ("kvitterad", "underkand"), "pagar", N_("Börja arbetet"), DO),
        Move("sakra", ("kvitterad", "pagar"), "sakrad", N_("Säkra tillfälligt"), DO, reason=True),
        Move("pausa", ("kvitterad", "pagar", "sakrad"), "pausad", N_("Pausa"), DO, reason=True),
        Move("ateruppta", ("pausad",), "pagar", N_("Återuppta"), DO),
        Move("fardiganmal", ("kvitterad", "pagar", "sakrad", "underkand"), "klaranmald", N_("Färdiganmäl"), DO),
        Move("godkann", ("klaranmald",), "godkand", N_("Godkänn"), APPROVE),
        Move("underkann", ("klaranmald",), "underkand", N_("Underkänn"), APPROVE, reason=True),
        Move("avsluta", ("godkand",), "avslutad", N_("Avsluta"), APPROVE),
        Move("overlamna", ("tilldelad", "kvitterad"), "overlamnad", N_("Lämna tillbaka"), DO, reason=True),
        Move(
            "aterkalla", ("ny", "tilldelad", "kvitterad", "overlamnad"), "aterkallad", N_("Återkalla"), MAKE,
            reason=True,
        ),
        Move("oppna_igen", ("avslutad",), "underkand", N_("Öppna igen"), APPROVE, reason=True),
        Move("ta_upp_igen", ("aterkallad",), "ny", N_("Ta upp igen"), MAKE, reason=True),
        Move(
            "ogora", ("avslutad",), "tilldelad", N_("Ta tillbaka det som ett register har avslutat"), UNDO, reason=True,
        ),
    ),
)  # fmt: skip

JUDGING = ("godkann", "underkann", "oppna_igen")
"""Moves that judge what somebody has done: whoever has an interest in that makes none of them."""

WORKED_ON = ("kvitterad", "pagar", "sakrad", "pausad", "underkand")
"""States in which the executor has the order and is to show what was done."""

WITH_THE_EXECUTOR = ("tilldelad", *WORKED_ON)
"""States in which an order waits for who does it."""

AT_HAND = tuple(state for state in WITH_THE_EXECUTOR if state != "pausad")
"""States in which who does it can go on: what stands still waits for something else."""

TO_JUDGE = ("klaranmald", "overlamnad")
"""States in which an order waits for who ordered it."""

APPROVED = ("godkand", "avslutad")
"""States in which somebody has said that the work is done as it should be."""

SETTLED = (*APPROVED, "aterkallad")
"""States in which nothing is left to do, or to judge."""

UNDONE = ("ny", "tilldelad", *WORKED_ON, "overlamnad")
"""States in which nobody has said that it is done: it may be about one thing more, more urgent, or divided."""

TABS = {
    "oppna": UNDONE,
    "att_godkanna": ("klaranmald",),
    "godkanda": ("godkand",),
    "avslutade": ("avslutad", "aterkallad"),
}
"""The parts of the list of orders."""

ORDERED = "bestalld"
"""What begins an order."""

OPEN = (*TABS["oppna"], *TABS["att_godkanna"])
"""States in which something is still to be done, or to be judged."""
REPRIORITISED, REMINDED, JOINED, DIVIDED, READ_IN = "omprioriterad", "paminn", "tillagd", "delad", "inlast"
"""What happened to an order and is no move."""

HAPPENED = {move.key: ORDER.states[move.target].label for move in ORDER.moves} | {
    ORDERED: N_("Beställd"),
    "ateruppta": N_("Återupptagen"),
    "oppna_igen": N_("Öppnad igen"),
    "ta_upp_igen": N_("Tagen upp igen"),
    REPRIORITISED: N_("Omprioriterad"),
    REMINDED: N_("Påmind"),
    JOINED: N_("En till iakttagelse hör hit"),
    DIVIDED: N_("Delad"),
    READ_IN: N_("Inläst"),
}
"""What has happened to an order, as its page says it."""

CONFIRM, DECIDE, WAIVE = "works:penalty:confirm", "works:penalty:approve", "works:penalty:waive"
CONTEST, PROPOSE = "works:penalty:contest", "works:penalty:propose"
WITHDRAWN = "atertagen"
"""What a penalty is that the system proposed and that is no longer late."""

PENALTY = Flow(
    "penalty",
    start="foreslagen",
    states={
        "foreslagen": State(N_("Föreslaget"), "info", "open"),
        "bekraftad": State(N_("Bekräftat"), "info", "ongoing"),
        "kravd": State(N_("Krävt"), "warning", "waiting"),
        "bestridd": State(N_("Bestritt"), "warning", "missing"),
        "fakturerad": State(N_("Fakturerat"), "success", "done", closed=True),
        "eftergiven": State(N_("Eftergivet"), "neutral", "refused", closed=True),
        WITHDRAWN: State(N_("Återtaget"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("bekrafta", ("foreslagen",), "bekraftad", N_("Bekräfta"), CONFIRM),
        Move("krava", ("bekraftad",), "kravd", N_("Besluta att kräva"), DECIDE),
        Move("bestrid", ("kravd",), "bestridd", N_("Bestrid"), CONTEST, reason=True),
        Move("vidhall", ("bestridd",), "kravd", N_("Vidhåll"), DECIDE, reason=True),
        Move("fakturera", ("kravd",), "fakturerad", N_("Markera som fakturerat"), DECIDE, reason=True),
        Move(
            "efterge", ("foreslagen", "bekraftad", "kravd", "bestridd"), "eftergiven", N_("Efterge"), WAIVE, reason=True
        ),
        Move("ta_upp_igen", ("eftergiven", "fakturerad"), "foreslagen", N_("Ta upp igen"), WAIVE, reason=True),
        Move("aterta", ("foreslagen",), WITHDRAWN, N_("Återta"), PROPOSE, reason=True),
        Move("foresla", (WITHDRAWN,), "foreslagen", N_("Föreslå igen"), PROPOSE, reason=True),
    ),
)

PENALTY_TABS = {
    "att_gora": ("foreslagen", "bekraftad", "bestridd"),
    "kravda": ("kravd",),
    "fakturerade": ("fakturerad",),
    "eftergivna": ("eftergiven", WITHDRAWN),
}
"""The parts of the list of penalties."""
PENALTY_HAPPENED = {move.key: PENALTY.states[move.target].label for move in PENALTY.moves} | {
    "foresla": N_("Föreslaget"),
    "raknat_om": N_("Räknat om"),
    "vidhall": N_("Vidhållet"),
    "ta_upp_igen": N_("Taget upp igen"),
}
"""What has happened to a penalty, as its page says it."""

DEVIATION = Flow(
    "deviation",
    start="anmald",
    states={
        "anmald": State(N_("Anmäld"), "warning", "missing"),
        "besvarad": State(N_("Besvarad"), "info", "ongoing"),
        "stangd": State(N_("Stängd"), "success", "done", closed=True),
    },
    moves=(
        Move("besvara", ("anmald",), "besvarad", N_("Svara"), "works:deviation:answer", reason=True),
        Move("stang", ("anmald", "besvarad"), "stangd", N_("Stäng"), "works:deviation:note", reason=True),
        Move("oppna_igen", ("stangd", "besvarad"), "anmald", N_("Öppna igen"), "works:deviation:note", reason=True),
    ),
)
