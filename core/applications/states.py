"""How rounds, applications, questions to others, assessments, meetings and decisions stand (domain.md 1.3).

The states of an application and its moves are the table of domain.md 1.3; what guards each move stands in the
services that register it.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.applications.models import (
    ASK_ANSWER,
    ASSESS,
    ASSIGN,
    CLOSE,
    CONFIRM,
    DECIDE,
    EDIT,
    HANDLE,
    RANK,
    RESOLVE,
    REVIEW,
    SUBMIT,
    WRITE,
)
from core.flow import Flow, Move, State
from core.i18n import N_

ROUND = Flow(
    "round",
    start="planerad",
    states={
        "planerad": State(N_("Planerad"), "plain", "open"),
        "oppnad": State(N_("Öppnad"), "info", "ongoing"),
        "bereds": State(N_("Bereds"), "info", "ongoing"),
        "fryst": State(N_("Ordningen fryst"), "wait", "waiting"),
        "beslutad": State(N_("Beslutad"), "success", "done", closed=True),
        "installd": State(N_("Inställd"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("oppna", ("planerad",), "oppnad", N_("Öppna omgången"), EDIT),
        Move("bered", ("oppnad",), "bereds", N_("Börja bereda"), EDIT),
        Move("frys", ("bereds",), "fryst", N_("Frys ordningen"), RANK),
        Move("tina", ("fryst",), "bereds", N_("Öppna ordningen igen"), RANK, reason=True),
        Move("avsluta", ("bereds", "fryst"), "beslutad", N_("Markera som beslutad"), EDIT),
        Move("ateruppta", ("beslutad",), "fryst", N_("Ta upp omgången igen"), EDIT, reason=True),
        Move("bered_igen", ("beslutad",), "bereds", N_("Börja bereda igen"), EDIT, reason=True),
        Move("stall_in", ("planerad", "oppnad"), "installd", N_("Ställ in omgången"), EDIT, reason=True),
    ),
)

UNDERWAY = ("genomfors", "pausad")
GRANTED_STATES = ("beviljad", *UNDERWAY, "fardig", "slutredovisad", "effekt_uppfoljd")
"""States of an application that has money."""
AT_CITY = ("inskickad", "komplettering", "under_bedomning", "forslag", "aterremiss", "bordlagd")
IN_ORDER = ("under_bedomning", "forslag")
"""States of an application that stands in the order of a round that is not frozen; of all that the city has."""
NOT_IN_ORDER = tuple(key for key in AT_CITY if key not in IN_ORDER)
PROPOSED_IN = ("forslag", "bordlagd")
"""States of an application that something is proposed for and nobody has decided."""
DECIDED_IN = "forslag"
"""The state of an application that waits for a decision: one that is recorded can hold there only."""
DECIDED = ("beviljad", "delvis_beviljad", "avslag", "aterremiss", "bordlagd", "utgar")
FOLLOWS_OUTCOME: Mapping[str, str] = {
    "beviljad": "bevilja",
    "delvis_beviljad": "bevilja_delvis",
    "avslag": "avsla",
    "aterremiss": "aterremittera",
    "bordlagd": "bordlagg",
    "utgar": "lat_utga",
}
"""The move of an application that each outcome of a decision brings; made when the decision is confirmed, never by a
button of its own.
"""
UNDONE = "ratta_beslut"
BY_DECISION = frozenset({*FOLLOWS_OUTCOME.values(), UNDONE})
"""Moves that follow a decision."""

APPLICATION = Flow(
    "application",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "plain", "open"),
        "intern_granskning": State(N_("Intern granskning"), "info", "ongoing"),
        "klar_for_namnd": State(N_("Klar för nämnd"), "wait", "waiting"),
        "namndbeslutad": State(N_("Nämndbeslutad"), "info", "ongoing"),
        "inskickad": State(N_("Inskickad"), "wait", "waiting"),
        "komplettering": State(N_("Komplettering begärd"), "warning", "waiting"),
        "under_bedomning": State(N_("Under bedömning"), "info", "ongoing"),
        "forslag": State(N_("Förslag till beslut"), "wait", "waiting"),
        "beviljad": State(N_("Beviljad"), "success", "done"),
        "delvis_beviljad": State(N_("Delvis beviljad"), "warning", "waiting"),
        "avslag": State(N_("Avslag"), "neutral", "refused"),
        "aterremiss": State(N_("Återremitterad"), "warning", "waiting"),
        "bordlagd": State(N_("Bordlagd"), "wait", "paused"),
        "utgar": State(N_("Utgår"), "neutral", "refused"),
        "avstadd": State(N_("Avstått"), "neutral", "refused"),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
        "genomfors": State(N_("Genomförs"), "info", "ongoing"),
        "pausad": State(N_("Pausad"), "wait", "paused"),
        "avbruten": State(N_("Avbruten"), "neutral", "refused"),
        "fardig": State(N_("Färdig"), "info", "done"),
        "slutredovisad": State(N_("Slutredovisad"), "info", "done"),
        "effekt_uppfoljd": State(N_("Effekt uppföljd"), "success", "done"),
        "avslutad": State(N_("Avslutad"), "success", "done", closed=True),
    },
    moves=(
        Move(
            "begar_granskning",
            ("utkast",),
            "intern_granskning",
            N_("Begär granskning"),
            WRITE,
            done=N_("Granskning begärd"),
        ),
        Move(
            "aterlamna",
            ("intern_granskning",),
            "utkast",
            N_("Lämna tillbaka till handläggaren"),
            REVIEW,
            reason=True,
            done=N_("Lämnad tillbaka till handläggaren"),
        ),
        Move(
            "godkann",
            ("intern_granskning",),
            "klar_for_namnd",
            N_("Godkänn för nämnd"),
            REVIEW,
            done=N_("Godkänd för nämnd"),
        ),
        Move(
            "oppna_igen",
            ("klar_for_namnd",),
            "utkast",
            N_("Öppna utkastet igen"),
            REVIEW,
            reason=True,
            done=N_("Utkastet öppnat igen"),
        ),
        Move(
            "registrera_namndbeslut",
            ("klar_for_namnd",),
            "namndbeslutad",
            N_("Skriv in nämndens beslut"),
            RESOLVE,
            done=N_("Nämndens beslut inskrivet"),
        ),
        Move(
            "ratta_namndbeslut",
            ("namndbeslutad",),
            "klar_for_namnd",
            N_("Rätta nämndens beslut"),
            RESOLVE,
            reason=True,
            done=N_("Nämndens beslut borttaget för att rättas"),
        ),
        Move(
            "skicka_in", ("klar_for_namnd", "namndbeslutad"), "inskickad", N_("Skicka in"), SUBMIT, done=N_("Inskickad")
        ),
        Move("aterta", ("inskickad",), "utkast", N_("Återta ansökan"), SUBMIT, reason=True, done=N_("Återtagen")),
        Move(
            "begar_komplettering",
            ("inskickad",),
            "komplettering",
            N_("Begär komplettering"),
            HANDLE,
            reason=True,
            done=N_("Komplettering begärd"),
        ),
        Move(
            "komplettera",
            ("komplettering",),
            "inskickad",
            N_("Lämna in kompletteringen"),
            WRITE,
            done=N_("Kompletteringen inlämnad"),
        ),
        Move(
            "borja_bedoma",
            ("inskickad",),
            "under_bedomning",
            N_("Börja bedöma"),
            HANDLE,
            done=N_("Bedömningen påbörjad"),
        ),
        Move(
            "lamna_forslag",
            ("under_bedomning",),
            "forslag",
            N_("Lämna förslag till beslut"),
            HANDLE,
            done=N_("Förslag till beslut lämnat"),
        ),
        Move(
            "bedom_igen",
            ("forslag", "aterremiss", "bordlagd"),
            "under_bedomning",
            N_("Bedöm igen"),
            HANDLE,
            reason=True,
            done=N_("Lämnad till ny bedömning"),
        ),
        Move("ta_upp", ("bordlagd",), "forslag", N_("Ta upp igen"), HANDLE, done=N_("Upptagen igen")),
        Move("bevilja", ("forslag",), "beviljad", N_("Bevilja"), CONFIRM, done=N_("Beviljad")),
        Move(
            "bevilja_delvis",
            ("forslag",),
            "delvis_beviljad",
            N_("Bevilja en del"),
            CONFIRM,
            done=N_("Beviljad till en del"),
        ),
        Move("avsla", ("forslag",), "avslag", N_("Avslå"), CONFIRM, done=N_("Avslagen")),
        Move("aterremittera", ("forslag",), "aterremiss", N_("Återremittera"), CONFIRM, done=N_("Återremitterad")),
        Move("bordlagg", ("forslag",), "bordlagd", N_("Bordlägg"), CONFIRM, done=N_("Bordlagd")),
        Move("lat_utga", ("forslag",), "utgar", N_("Låt utgå"), CONFIRM, done=N_("Utgick")),
        Move(
            "skriv_om",
            ("aterremiss",),
            "utkast",
            N_("Lämna tillbaka till sökanden"),
            DECIDE,
            reason=True,
            done=N_("Lämnad tillbaka till sökanden"),
        ),
        Move(
            "ratta_beslut",
            (*DECIDED, "avstadd"),
            "forslag",
            N_("Rätta beslutet"),
            CONFIRM,
            reason=True,
            done=N_("Beslutet rättat"),
        ),
        Move(
            "acceptera",
            ("delvis_beviljad",),
            "beviljad",
            N_("Acceptera med ny plan"),
            SUBMIT,
            done=N_("Accepterad med ny plan"),
        ),
        Move(
            "avsta",
            ("delvis_beviljad", "beviljad"),
            "avstadd",
            N_("Avstå från medlen"),
            SUBMIT,
            reason=True,
            done=N_("Avstod från medlen"),
        ),
        Move("starta", ("beviljad",), "genomfors", N_("Starta genomförandet"), WRITE, done=N_("Genomförandet startat")),
        Move("pausa", ("genomfors",), "pausad", N_("Pausa"), WRITE, reason=True, done=N_("Pausad")),
        Move("fortsatt", ("pausad",), "genomfors", N_("Fortsätt"), WRITE, done=N_("Fortsatt")),
        Move("avbryt", ("beviljad", *UNDERWAY), "avbruten", N_("Avbryt"), SUBMIT, reason=True, done=N_("Avbruten")),
        Move("fardigstall", ("genomfors",), "fardig", N_("Markera som färdig"), WRITE, done=N_("Markerad som färdig")),
        Move(
            "ratta_fardig",
            ("fardig",),
            "genomfors",
            N_("Är inte färdig"),
            WRITE,
            reason=True,
            done=N_("Markerad som inte färdig"),
        ),
        Move(
            "slutredovisa",
            ("fardig",),
            "slutredovisad",
            N_("Godkänn slutredovisningen"),
            HANDLE,
            done=N_("Slutredovisningen godkänd"),
        ),
        Move(
            "ratta_redovisning",
            ("slutredovisad",),
            "fardig",
            N_("Öppna slutredovisningen igen"),
            HANDLE,
            reason=True,
            done=N_("Slutredovisningen öppnad igen"),
        ),
        Move(
            "folj_upp",
            ("slutredovisad",),
            "effekt_uppfoljd",
            N_("Effekten är uppföljd"),
            WRITE,
            done=N_("Effekten uppföljd"),
        ),
        Move(
            "aterkalla",
            ("utkast", "klar_for_namnd", "namndbeslutad", *AT_CITY),
            "aterkallad",
            N_("Återkalla ansökan"),
            SUBMIT,
            reason=True,
            done=N_("Återkallad"),
        ),
        Move(
            "avsluta",
            ("effekt_uppfoljd", "avslag", "utgar", "avbruten", "avstadd"),
            "avslutad",
            N_("Avsluta ärendet"),
            CLOSE,
            done=N_("Ärendet avslutat"),
        ),
        Move(
            "ateroppna",
            ("avslutad",),
            "slutredovisad",
            N_("Öppna ärendet igen"),
            CLOSE,
            reason=True,
            done=N_("Ärendet öppnat igen"),
        ),
    ),
)

FOR_APPLICANTS: Mapping[str, str] = {
    "intern_granskning": N_("Hos chefen för granskning"),
    "inskickad": N_("Hos stadsledningskontoret"),
    "under_bedomning": N_("Bedöms av stadsledningskontoret"),
    "forslag": N_("Bedömd, väntar på utskottet"),
    "delvis_beviljad": N_("Delvis beviljad, svara med ny plan"),
    "komplettering": N_("Komplettera ansökan"),
}
"""What applicants read where it is not the staff's own word (E4)."""

ASKED = Flow(
    "application_ask",
    start="fragad",
    states={
        "fragad": State(N_("Väntar på svar"), "wait", "waiting"),
        "besvarad": State(N_("Besvarad"), "success", "done", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("svara", ("fragad",), "besvarad", N_("Svara"), ASK_ANSWER),
        Move("andra_svar", ("besvarad",), "fragad", N_("Ändra svaret"), ASK_ANSWER, reason=True),
        Move("skriv_in_svar", ("fragad",), "besvarad", N_("Skriv in svaret som kom"), WRITE),
        Move("aterkalla", ("fragad",), "aterkallad", N_("Återkalla frågan"), WRITE, reason=True),
        Move("fraga_igen", ("besvarad", "aterkallad"), "fragad", N_("Fråga igen"), WRITE, reason=True),
    ),
)

ASSESSMENT = Flow(
    "assessment",
    start="tilldelad",
    states={
        "tilldelad": State(N_("Väntar på bedömning"), "wait", "waiting"),
        "inlamnad": State(N_("Inlämnad"), "success", "done"),
        "jav": State(N_("Jäv, räknas inte"), "warning", "refused", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("lamna_in", ("tilldelad",), "inlamnad", N_("Lämna in bedömningen"), ASSESS),
        Move("skriv_om", ("inlamnad",), "tilldelad", N_("Skriv om"), ASSESS, reason=True),
        Move("anmal_jav", ("tilldelad", "inlamnad"), "jav", N_("Anmäl jäv"), ASSESS, reason=True),
        Move("aterkalla", ("tilldelad",), "aterkallad", N_("Ta tillbaka uppdraget"), ASSIGN, reason=True),
        Move("tilldela_igen", ("aterkallad", "jav"), "tilldelad", N_("Tilldela igen"), ASSIGN, reason=True),
    ),
)

MEETING = Flow(
    "meeting_of_body",
    start="planerat",
    states={
        "planerat": State(N_("Planerat"), "plain", "open"),
        "hallet": State(N_("Hållet"), "info", "ongoing"),
        "justerat": State(N_("Justerat"), "success", "done", closed=True),
        "installt": State(N_("Inställt"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("hall", ("planerat",), "hallet", N_("Mötet är hållet"), DECIDE),
        Move("justera", ("hallet",), "justerat", N_("Protokollet är justerat"), DECIDE),
        Move("ratta", ("justerat",), "hallet", N_("Protokollet är inte justerat"), DECIDE, reason=True),
        Move("stall_in", ("planerat",), "installt", N_("Ställ in"), DECIDE, reason=True),
    ),
)

DECISION = Flow(
    "decision",
    start="registrerad",
    states={
        "registrerad": State(N_("Väntar på bekräftelse"), "wait", "waiting"),
        "bekraftad": State(N_("Gäller"), "success", "done"),
        "aterkallad": State(N_("Återkallad innan den gällde"), "neutral", "refused", closed=True),
        "rattad": State(N_("Rättad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("bekrafta", ("registrerad",), "bekraftad", N_("Bekräfta beslutet"), CONFIRM),
        Move("aterkalla", ("registrerad",), "aterkallad", N_("Ta tillbaka det inskrivna"), DECIDE, reason=True),
        Move("ratta", ("bekraftad",), "rattad", N_("Bekräfta rättelsen"), CONFIRM),
    ),
)
