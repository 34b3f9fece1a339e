"""From a whole draft to an application that is handed in: answers, review, the board's decision, a round in time."""

import re

from tests.journeys import steps
from tests.journeys.desks import answer, send

WRITER, BOSS, SECRETARY = "sdn_handlaggare.sdn-jarva", "forv_chef.sdn-jarva", "namndsekr.sdn-jarva"
SLK, KSU, ECONOMIST = "slk_handlaggare.slk", "ksu_sekr.slk", "slk_ekonom.slk"
TRAFFIC, FARSTA = "fack_handlaggare.trafik", "sdn_handlaggare.sdn-farsta"
SQUARE = "Rinkebytorget: pollare, ljus och fri sikt"


def plan_round(page, address, opens, closes, meets):
    """Lay up a round that closes at four o'clock, at stadsledningskontoret; return its address."""
    page.goto(f"{address}/omgangar")
    steps.follow(page.get_by_role("link", name="Lägg upp en omgång"))
    page.get_by_label("Vilken dag öppnar omgången?").fill(opens)
    page.get_by_label("Vilken är den sista dagen?").fill(closes)
    page.get_by_label("Vilket klockslag den dagen?").fill("16.00")
    page.get_by_label("När sammanträder de som beslutar?").fill(meets)
    page.get_by_label("Vilken satsning?").select_option(label="Trygghetsinvesteringar")
    steps.press(page, "Spara omgången")
    return page.url


def answer_asks(page, address):
    """Let trafiknämnden answer both questions that wait for it, and promise to look after two of three things."""
    asks = f"{address}/ansokningar/fragor"
    for _ in range(2):
        page.goto(asks)
        steps.follow(page.get_by_role("table", name="Frågor, den senaste överst").get_by_role("link").first)
        send(page, "Svara", {"Tillstyrker": True, "Vad svarar ni?": "Vi har läst ritningen och har inget emot den."})
    for thing in ("Nya pollare vid fyra infarter", "Påkörda pollare sätts tillbaka"):
        page.goto(asks)
        steps.follow(page.get_by_role("link", name=thing))
        steps.press(page, "Lova att sköta det")


def take(page, application, step, answers=()):
    """Open a step from the application's page, answer what it asks, and take it."""
    page.goto(application)
    steps.follow(page.get_by_role("link", name=step, exact=True).first)
    answer(page, dict(answers))
    steps.press(page, step)


def choose_round(page, application, number):
    """Choose the round that the application is for, from its own page."""
    page.goto(application)
    steps.follow(page.get_by_role("link", name=re.compile("^(Välj|Byt) omgång$")).first)
    field = page.get_by_label("Vilken omgång är ansökan till?")
    field.select_option(value=field.locator("option", has_text=f"Omgång {number}").get_attribute("value"))
    steps.press(page, "Byt omgång")
