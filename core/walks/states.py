"""The states of walks and observations (domain.md 2.3)."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_

LEAD = "walks:walk:lead"
RUN = "walks:walk:run"
LOG = "walks:observation:log"
REVIEW = "walks:observation:review"
ROUTE = "walks:observation:route"
ANSWER = "walks:observation:answer"
VERIFY = "walks:observation:verify"
UNDO = "walks:report:undo"

WALK = Flow(
    "walk",
    start="planerad",
    states={
        "planerad": State(N_("Planerad"), "plain", "open"),
        "formote": State(N_("Förmöte"), "info", "ongoing"),
        "inbjuden": State(N_("Inbjuden"), "info", "ongoing"),
        "pagar": State(N_("Pågår"), "info", "ongoing"),
        "genomford": State(N_("Genomförd"), "info", "ongoing"),
        "protokoll_utkast": State(N_("Protokoll, utkast"), "info", "ongoing"),
        "protokoll_justerat": State(N_("Protokoll justerat"), "success", "done"),
        "utskickat": State(N_("Utskickat"), "neutral", "waiting"),
        "aterkopplad": State(N_("Återkopplad"), "success", "done"),
        "uppfoljd": State(N_("Uppföljd"), "success", "done", closed=True),
        "installd": State(N_("Inställd"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("halla_formote", ("planerad",), "formote", N_("Håll förmöte"), LEAD),
        Move("bjuda_in", ("planerad", "formote"), "inbjuden", N_("Bjud in"), LEAD),
        Move("starta", ("planerad", "formote", "inbjuden"), "pagar", N_("Starta vandringen"), RUN),
        Move("avsluta", ("pagar",), "genomford", N_("Avsluta vandringen"), RUN),
        Move("skriva_protokoll", ("genomford",), "protokoll_utkast", N_("Ta fram protokollet"), LEAD),
        Move("justera", ("protokoll_utkast",), "protokoll_justerat", N_("Justera protokollet"), "walks:walk:adjust"),
        Move("skicka_ut", ("protokoll_justerat",), "utskickat", N_("Skicka ut protokollet"), LEAD),
        Move("aterkoppla", ("utskickat",), "aterkopplad", N_("Återkoppla"), LEAD),
        Move("folja_upp", ("aterkopplad",), "uppfoljd", N_("Följ upp"), LEAD),
        Move("stalla_in", ("planerad", "formote", "inbjuden"), "installd", N_("Ställ in"), LEAD, reason=True),
        Move("ta_upp_igen", ("installd",), "planerad", N_("Ta upp igen"), LEAD, reason=True),
    ),
)

TO_COME = ("planerad", "formote", "inbjuden")
"""States of a walk that has not begun."""

BEFORE_ITS_END = (*TO_COME, "pagar")
"""States of a walk in which writing down what one sees is what comes next."""

LOGGED_IN = (*BEFORE_ITS_END, "genomford", "protokoll_utkast")
"""States of a walk in which observations may be logged: until the protocol is adjusted."""

OBSERVATION = Flow(
    "observation",
    start="ny",
    states={
        "ny": State(N_("Ny"), "info", "open"),
        "granskad": State(N_("Granskad"), "info", "ongoing"),
        "dubblett": State(N_("Dubblett"), "neutral", "refused", closed=True),
        "avskriven": State(N_("Avskriven"), "neutral", "refused", closed=True),
        "fordelad": State(N_("Fördelad"), "neutral", "waiting"),
        "mottagen": State(N_("Mottagen"), "info", "ongoing"),
        "atgardas": State(N_("Åtgärdas"), "info", "ongoing"),
        "planerad": State(N_("Planerad"), "info", "ongoing"),
        "atgardas_ej": State(N_("Åtgärdas inte"), "neutral", "refused", closed=True),
        "fel_mottagare": State(N_("Fel mottagare, ska fördelas om"), "warning", "missing"),
        "atgardad": State(N_("Åtgärdad"), "success", "done"),
        "verifierad": State(N_("Bekräftad"), "success", "done", closed=True),
        "ateroppnad": State(N_("Återöppnad"), "warning", "missing"),
    },
    moves=(
        Move("granska", ("ny",), "granskad", N_("Granska"), REVIEW),
        Move("avskriva", ("ny", "granskad"), "avskriven", N_("Avskriv"), REVIEW, reason=True),
        Move("markera_dubblett", ("ny", "granskad"), "dubblett", N_("Markera som dubblett"), REVIEW, reason=True),
        Move("ta_upp_igen", ("avskriven", "dubblett"), "ny", N_("Ta upp igen"), REVIEW, reason=True),
        Move("fordela", ("granskad", "fel_mottagare", "ateroppnad"), "fordelad", N_("Fördela"), ROUTE),
        Move("ta_tillbaka", ("fordelad", "mottagen"), "granskad", N_("Ta tillbaka"), ROUTE, reason=True),
        Move("ta_emot", ("fordelad",), "mottagen", N_("Ta emot"), ANSWER),
        Move("borja_atgarda", ("mottagen", "planerad"), "atgardas", N_("Börja åtgärda"), ANSWER),
        Move("planera", ("mottagen", "atgardas"), "planerad", N_("Planera"), ANSWER),
        Move("atgarda_inte", ("mottagen",), "atgardas_ej", N_("Åtgärda inte"), ANSWER, reason=True),
        Move(
            "andra_svar",
            ("atgardas_ej", "atgardas", "planerad", "atgardad"),
            "mottagen",
            N_("Ändra svaret"),
            ANSWER,
            reason=True,
        ),
        Move("hanvisa_vidare", ("fordelad", "mottagen"), "fel_mottagare", N_("Fel mottagare"), ANSWER, reason=True),
        Move("atgarda", ("mottagen", "atgardas", "planerad"), "atgardad", N_("Markera som åtgärdad"), ANSWER),
        Move("verifiera", ("atgardad",), "verifierad", N_("Bekräfta att det är åtgärdat"), VERIFY),
        Move("oppna_igen", ("atgardad", "verifierad"), "ateroppnad", N_("Öppna igen"), VERIFY, reason=True),
        Move("ogora", ("atgardad",), "ny", N_("Ta tillbaka det som ett register har avslutat"), UNDO, reason=True),
    ),
)

WITHOUT_WALK = N_("Utan vandring")
"""What stands where the title of the walk does, of an observation that has none."""

CALLED = "ring"
"""What happened to an observation and is no move: somebody has called about a danger."""

CAME_IN = "kom_in"
"""What happened first to an observation that began as a report: that it came in, from where."""

HAPPENED = {move.key: OBSERVATION.states[move.target].label for move in OBSERVATION.moves} | {
    CALLED: N_("Ringt och kvitterat"),
    CAME_IN: N_("Kom in"),
    "markera_dubblett": N_("Märkt som dubblett"),
    "ta_upp_igen": N_("Tagen upp igen"),
    "ta_tillbaka": N_("Tagen tillbaka"),
    "andra_svar": N_("Svaret är taget tillbaka"),
    "hanvisa_vidare": N_("Fel mottagare"),
}
"""What has happened to an observation, as its timeline and the start page say it, by the key of the move."""

UNROUTED = ("ny", "granskad")
"""States in which nobody has decided who is to answer: that still follows from where it is."""

LEFT_OUT = ("dubblett", "avskriven")
"""States of what is no observation of its own: no protocol and no report tells of it."""

DONE = ("atgardad", "verifierad")
"""States in which somebody has mended it."""

KEPT = State(N_("Att behålla"), "success", "done")
"""What is shown of something good that waits for nothing: nobody answers for it, it is to be kept."""


def shown_state(nature: str, state: str) -> State:
    """Return the state of an observation as people read it, the same word wherever it stands."""
    return KEPT if nature == "positivt" and state in UNROUTED else OBSERVATION.states[state]


TABS = {
    "att_besvara": ("fordelad", "mottagen"),
    "pagar": ("atgardas", "planerad"),
    "besvarade": ("atgardas_ej", *DONE, "ateroppnad"),
}
"""The parts of an inbox: states of what one's organisation answers for."""
WAITING = (*UNROUTED, "fel_mottagare", "ateroppnad")
"""States in which an observation waits for the coordinator to send it on."""

UNANSWERED = (*WAITING, *TABS["att_besvara"])
"""States in which nobody has said what becomes of an observation."""

PARTS_OF_WALK = {
    "att_fordela": (N_("Att fördela"), WAITING),
    "vantar_svar": (N_("Väntar på svar"), TABS["att_besvara"]),
    "pagar": (N_("Pågår"), TABS["pagar"]),
    "klara": (N_("Klara"), ("atgardas_ej", *DONE, *LEFT_OUT)),
}
"""The parts of what was seen on a walk: states in which it waits for the same. What is good to keep is among Klara."""


def part_of_walk(nature: str, state: str) -> str:
    """Return the part of a walk's observations that one belongs to."""
    if shown_state(nature, state) is KEPT:
        return "klara"
    return next(key for key, (_, states) in PARTS_OF_WALK.items() if state in states)


CHOICES = {
    "atgarda": (N_("Vi åtgärdar"), "borja_atgarda"),
    "planera": (N_("Vi planerar in det"), "planera"),
    "atgarda_inte": (N_("Vi åtgärdar inte"), "atgarda_inte"),
    "klart": (N_("Det är åtgärdat"), "atgarda"),
    "fel_mottagare": (N_("Fel mottagare"), "hanvisa_vidare"),
    "ta_emot": (N_("Ta emot och svara senare"), "ta_emot"),
}
"""What a receiver can answer, and the move that it is."""

DATED = ("borja_atgarda", "planera")
"""Moves of an observation that promise a day."""

ANSWERING = (*DATED, "atgarda_inte", "atgarda")
"""Moves of an observation that are an answer: whoever made one of them does not confirm that the work is done."""

HELD = ("genomford", "protokoll_utkast", "protokoll_justerat", "utskickat", "aterkopplad", "uppfoljd")
"""States of a walk that has been held."""
