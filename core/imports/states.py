"""The states of an import, and who moves it: a person, and between the person's steps the worker."""

from core.flow import Flow, Move, State
from core.i18n import N_

_RUN = "imports:import:run"
READS, CHOOSES, TRIES, TRIED = "lases", "valj", "provas", "provad"
TAKES_IN, TAKEN_IN, UNDOES, UNDONE_ALL = "fors_in", "inford", "angras", "angrad"
UNREADABLE, DROPPED = "olaslig", "kastad"

IMPORT = Flow(
    "import",
    start=READS,
    states={
        READS: State(N_("Läses"), "neutral", "waiting"),
        UNREADABLE: State(N_("Gick inte att läsa"), "danger", "missing", closed=True),
        CHOOSES: State(N_("Välj kolumner"), "info", "open"),
        TRIES: State(N_("Prövas"), "neutral", "waiting"),
        TRIED: State(N_("Prövad"), "info", "ongoing"),
        TAKES_IN: State(N_("Förs in"), "neutral", "waiting"),
        TAKEN_IN: State(N_("Införd"), "success", "done", closed=True),
        UNDOES: State(N_("Ångras"), "neutral", "waiting"),
        UNDONE_ALL: State(N_("Ångrad"), "neutral", "refused", closed=True),
        DROPPED: State(N_("Inte införd"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("last", (READS,), CHOOSES, N_("Läst"), _RUN),
        Move("ge_upp", (READS,), UNREADABLE, N_("Gick inte att läsa"), _RUN),
        Move("prova", (CHOOSES, TRIED), TRIES, N_("Pröva raderna"), _RUN),
        Move("provad", (TRIES,), TRIED, N_("Prövad"), _RUN),
        Move("valj_om", (TRIED,), CHOOSES, N_("Välj kolumner igen"), _RUN),
        Move("for_in", (TRIED,), TAKES_IN, N_("För in raderna"), _RUN),
        Move("inford", (TAKES_IN,), TAKEN_IN, N_("Införd"), _RUN),
        Move("angra", (TAKEN_IN,), UNDOES, N_("Ångra hela inläsningen"), _RUN, reason=True),
        Move("angrad", (UNDOES,), UNDONE_ALL, N_("Ångrad"), _RUN),
        Move("gallra", (READS, CHOOSES, TRIES, TRIED), DROPPED, N_("Gallrad"), _RUN),
        Move("kasta", (CHOOSES, TRIED), DROPPED, N_("Avstå från att föra in"), _RUN),
    ),
)
WORKERS = ("last", "ge_upp", "provad", "inford", "angrad", "gallra")
"""Moves that only the worker makes, when it has done what it was asked."""
