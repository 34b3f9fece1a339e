"""The roles of the city, by code, and those that often stand together in the list of permissions (core.access)."""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import N_

STAFF = (
    "sdn_samordnare",
    "sdn_handlaggare",
    "fack_handlaggare",
    "forv_chef",
    "falt",
    "tk_drift",
    "tk_belysning",
    "polis",
)
"""The city's own people and the police."""
UNMASKED = tuple(role for role in STAFF if role != "polis")
"""The city's own people: they see pictures before anybody has reviewed and masked them."""
PARTNERS = ("fof_samordnare", "fastighetsagare_ext")
"""Outside organisations, with their own part of the work; of the pictures those they sent, and those that have been
reviewed and masked (design.md 9)."""
CITY = ("slk_handlaggare", "slk_ekonom", "revisor", "dso", "registrator", "arkivarie")
BOARD = ("sdn_samordnare", "sdn_handlaggare")
AGREEMENT_LEADERS = (*BOARD, "slk_handlaggare")
"""Who leads what organisations agree on: the boards, and stadsledningskontoret for the whole city."""
LEADERS = (*BOARD, "fof_samordnare")
ANSWERERS = (*BOARD, "fack_handlaggare", "tk_drift", "tk_belysning")

CONTRACT_READERS = (*ANSWERERS, "forv_chef", "jurist")
"""The city's own who follow contracts and what was ordered."""

ROLES: Mapping[str, str] = {
    "sdn_samordnare": N_("Samordnare, trygghet och brottsförebyggande"),
    "sdn_handlaggare": N_("Handläggare stadsdel"),
    "fack_handlaggare": N_("Handläggare facknämnd eller bolag"),
    "forv_chef": N_("Förvaltningschef"),
    "namndsekr": N_("Nämndsekreterare"),
    "slk_handlaggare": N_("Stadsledningskontoret, trygghet"),
    "slk_ekonom": N_("Stadsledningskontoret, ekonomi"),
    "ksu_sekr": N_("Utskottssekreterare"),
    "ks_las": N_("Kommunstyrelsen, läsbehörighet"),
    "falt": N_("Fältpersonal"),
    "tk_drift": N_("Trafikkontoret, drift"),
    "tk_belysning": N_("Trafikkontoret, belysning"),
    "entreprenor": N_("Entreprenör"),
    "besiktare": N_("Besiktningsperson"),
    "fof_samordnare": N_("Fastighetsägarförening"),
    "polis": N_("Polis"),
    "chef": N_("Chef"),
    "medarbetare": N_("Medarbetare"),
    "fastighetsagare_ext": N_("Fastighetsägare"),
    "jurist": N_("Jurist"),
    "registrator": N_("Registrator"),
    "arkivarie": N_("Arkivarie"),
    "dso": N_("Dataskyddsombud"),
    "sakerhet": N_("Säkerhetsfunktion"),
    "revisor": N_("Stadsrevisionen"),
    "sysadmin": N_("Systemadministratör"),
}
"""Every role of the city (domain.md 0b), by code."""

PARTIES = tuple(role for role in ROLES if role not in ("sysadmin", "revisor"))
"""Whoever may be of a party in a cycle or an agreement: it gives rights to one's own part whatever the role."""

EMPLOYEES = tuple(
    role
    for role in ROLES
    if role not in ("polis", "fof_samordnare", "fastighetsagare_ext", "entreprenor", "besiktare", "sysadmin")
)
"""Whoever works in one of the city's own organisations, with what the city does."""
ARRANGERS = ANSWERERS
"""Who arranges what happens on places and who is there, for a board or a company."""
HOSTS = ("polis", *PARTNERS, "entreprenor", "medarbetare")
"""Others that have a part in it: as host, or as whoever does it. The people of an association have no other role."""
PRESENT = (*STAFF, *PARTNERS, "entreprenor", "medarbetare")
CITY_READERS = (*CITY, "ks_las", "ksu_sekr")
"""Stadsledningskontoret and kommunstyrelsen, who read it for the whole city; and those who see to that it is right."""

APPLICANTS = (*BOARD, "fack_handlaggare")
"""Who writes applications for a board."""
APPLICATION_READERS = (*APPLICANTS, "forv_chef", "namndsekr", "chef", "tk_drift", "tk_belysning")
"""Who reads what their own board applies for."""

EVERYONE = ("*",)
SIGNED_IN = tuple(ROLES)
