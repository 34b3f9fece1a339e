"""How collaborations, agreements, councils, meetings, their decisions and commitments stand (domain.md 4.3)."""

from __future__ import annotations

from core.agreements.models.together import LEAD, WRITE
from core.flow import Flow, Move, State
from core.i18n import N_

LAID_DOWN = "nedlagd"
NOT_AGREED = ("initierad", "nulage", "organiserad")
"""Phases in which nobody has agreed to anything yet: a platssamverkan may be laid down as it is."""
COLLABORATION = Flow(
    "collaboration",
    start="initierad",
    states={
        "initierad": State(N_("Initierad"), "info", "ongoing"),
        "nulage": State(N_("Nuläge"), "info", "ongoing"),
        "organiserad": State(N_("Organiserad"), "info", "ongoing"),
        "overenskommen": State(N_("Överenskommen"), "info", "ongoing"),
        "pagar": State(N_("Pågår"), "success", "on"),
        "utvarderas": State(N_("Utvärderas"), "info", "ongoing"),
        "fornyad": State(N_("Förnyad"), "success", "on"),
        "avvecklas": State(N_("Avvecklas"), "warning", "soon"),
        "avslutad": State(N_("Avslutad"), "neutral", "done", closed=True),
        LAID_DOWN: State(N_("Nedlagd"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("kartlagg", ("initierad",), "nulage", N_("Börja med nuläget"), LEAD),
        Move("organisera", ("nulage",), "organiserad", N_("Organisera"), LEAD),
        Move("kom_overens", ("organiserad",), "overenskommen", N_("Kom överens"), LEAD),
        Move("satt_igang", ("overenskommen", "fornyad"), "pagar", N_("Sätt igång"), LEAD),
        Move("utvardera", ("pagar",), "utvarderas", N_("Börja utvärdera"), LEAD),
        Move("fornya", ("utvarderas",), "fornyad", N_("Förnya"), LEAD, reason=True),
        Move("avveckla", ("utvarderas",), "avvecklas", N_("Avveckla"), LEAD, reason=True),
        Move("avsluta", ("avvecklas",), "avslutad", N_("Avsluta"), LEAD, reason=True),
        Move("lagg_ned", NOT_AGREED, LAID_DOWN, N_("Lägg ned"), LEAD, reason=True),
        Move("ta_upp_igen", (LAID_DOWN,), "initierad", N_("Ta upp igen"), LEAD, reason=True),
        Move("backa_nulage", ("organiserad",), "nulage", N_("Tillbaka till nuläget"), LEAD, reason=True),
        Move("backa_organisera", ("overenskommen",), "organiserad", N_("Tillbaka till Organiserad"), LEAD, reason=True),
        Move("backa_pagar", ("utvarderas",), "pagar", N_("Tillbaka till Pågår"), LEAD, reason=True),
        Move("oppna_igen", ("avslutad",), "avvecklas", N_("Öppna igen"), LEAD, reason=True),
    ),
)
COLLABORATION_ON = ("kartlagg", "organisera", "kom_overens", "satt_igang", "utvardera")
"""The moves from each phase to the next."""
ENDS = ("lagg_ned", "avsluta")
"""The moves that end a platssamverkan."""
END, HAND_OVER = "upphor", "lamnas_over"
REST = {
    END: N_("Åtagandena upphör, och ingen påminns mer"),
    HAND_OVER: N_("Åtagandena lämnas över till en annan platssamverkan, med sina frister"),
}

AGREEMENT = Flow(
    "agreement",
    start="utkast",
    states={
        "utkast": State(N_("Utkast"), "info", "draft"),
        "remiss": State(N_("På remiss"), "info", "waiting"),
        "signeras": State(N_("Signeras"), "info", "waiting"),
        "galler": State(N_("Gäller"), "success", "on"),
        "revideras": State(N_("Gäller, revideras"), "success", "ongoing"),
        "nedlagd": State(N_("Nedlagd"), "neutral", "refused", closed=True),
        "uppsagd": State(N_("Uppsagd"), "neutral", "refused", closed=True),
        "utgangen": State(N_("Utgången"), "neutral", "done", closed=True),
    },
    moves=(
        Move("skicka_pa_remiss", ("utkast",), "remiss", N_("Skicka på remiss"), LEAD),
        Move("andra_utkastet", ("remiss", "signeras"), "utkast", N_("Ändra utkastet"), LEAD, reason=True),
        Move("lat_signera", ("remiss",), "signeras", N_("Låt parterna signera"), LEAD),
        Move("borja_galla", ("signeras",), "galler", N_("Börjar gälla"), LEAD),
        Move("lagg_ned", ("utkast", "remiss", "signeras"), "nedlagd", N_("Lägg ned utkastet"), LEAD, reason=True),
        Move("revidera", ("galler",), "revideras", N_("Börja revidera"), LEAD),
        Move("avbryt_revidering", ("revideras",), "galler", N_("Avbryt revideringen"), LEAD, reason=True),
        Move("sag_upp", ("galler", "revideras"), "uppsagd", N_("Säg upp"), LEAD, reason=True),
        Move("ga_ut", ("galler", "revideras"), "utgangen", N_("Går ut"), LEAD),
    ),
)
DRAFTED = ("utkast", "remiss")
"""States in which the text is still written on."""
APPLIES = ("galler", "revideras")
"""States in which an agreement holds, from its first day to its last."""
BY_ITSELF = ("borja_galla", "revidera", "avbryt_revidering", "ga_ut")
"""Moves that follow from something else: no button makes them."""

COUNCIL = Flow(
    "council",
    start="forbereds",
    states={
        "forbereds": State(N_("Förbereds"), "info", "draft"),
        "verksamt": State(N_("Verksamt"), "success", "on"),
        "avslutat": State(N_("Avslutat"), "neutral", "done", closed=True),
    },
    moves=(
        Move("borja", ("forbereds",), "verksamt", N_("Börja arbeta"), LEAD),
        Move("avsluta", ("forbereds", "verksamt"), "avslutat", N_("Avsluta rådet"), LEAD, reason=True),
        Move("oppna_igen", ("avslutat",), "forbereds", N_("Öppna igen"), LEAD, reason=True),
    ),
)

MEETING = Flow(
    "meeting",
    start="kallat",
    states={
        "kallat": State(N_("Kallat"), "info", "soon"),
        "hallet": State(N_("Hållet"), "success", "done", closed=True),
        "installt": State(N_("Inställt"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("halla", ("kallat",), "hallet", N_("Mötet är hållet"), LEAD),
        Move("stalla_in", ("kallat",), "installt", N_("Ställ in mötet"), LEAD, reason=True),
        Move("oppna_igen", ("hallet", "installt"), "kallat", N_("Öppna igen"), LEAD, reason=True),
    ),
)

DECISION = Flow(
    "meeting_decision",
    start="oppet",
    states={
        "oppet": State(N_("Inte gjort"), "info", "open"),
        "gjort": State(N_("Gjort"), "success", "done", closed=True),
        "avskrivet": State(N_("Avskrivet"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("gor", ("oppet",), "gjort", N_("Markera som gjort"), WRITE),
        Move("avskriv", ("oppet",), "avskrivet", N_("Avskriv"), LEAD, reason=True),
        Move("ta_upp_igen", ("gjort", "avskrivet"), "oppet", N_("Ta upp igen"), LEAD, reason=True),
    ),
)

COMMITMENT = Flow(
    "commitment",
    start="foreslaget",
    states={
        "foreslaget": State(N_("Föreslaget"), "info", "open"),
        "atagit": State(N_("Åtaget"), "success", "on"),
        "avslutat": State(N_("Avslutat"), "neutral", "done", closed=True),
        "avbojt": State(N_("Avböjt"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("ata", ("foreslaget",), "atagit", N_("Åta oss det"), WRITE),
        Move("avboj", ("foreslaget",), "avbojt", N_("Avböj"), WRITE, reason=True),
        Move("avsluta", ("atagit",), "avslutat", N_("Avsluta åtagandet"), WRITE, reason=True),
        Move("ta_upp_igen", ("avslutat", "avbojt"), "foreslaget", N_("Föreslå igen"), WRITE, reason=True),
    ),
)
WHILE_DRAFTED = ("avboj", "ta_upp_igen")
"""What a party does itself with a commitment in an agreement, before its text stands; the rest follows from that."""
FLOWS = (COLLABORATION, AGREEMENT, COUNCIL, MEETING, DECISION, COMMITMENT)

HAPPENED = {
    "startad": N_("Startad"),
    "part": N_("Ny part: {about}"),
    "part_lamnar": N_("Lämnar: {about}"),
    "steg": N_("{target}"),
    "signerat": N_("Signerat av {about}"),
    "svarat": N_("Har svarat på remissen: {about}"),
    "oversyn": N_("Årlig översyn gjord"),
    "mote": N_("Mötet hållet: {text}"),
    "beslut": N_("Beslut {text}"),
    "gjort": N_("Gjort: {text}"),
    "atagande": N_("Nytt åtagande av {about}: {text}"),
    "hallet": N_("Åtagandet hållet: {text}"),
    "ej_hallet": N_("Åtagandet inte hållet: {text}"),
    "upphort": N_("Åtagandet upphör för {about}: {text}"),
    "lamnat": N_("Åtagandet lämnas över, {about}: {text}"),
    "overtaget": N_("Åtagandet tas över, {about}: {text}"),
    "arsplan": N_("Årsplan beslutad: {text}"),
}
"""What happened to a collaboration, an agreement or a council, in words."""
