"""What somebody at a stadsdel does to each thing that the coach says is missing, on the page that its link leads to."""

from tests.journeys import steps
from tests.journeys.desks import answer, left, opened, seen, send

COSTS = {2027: 800_000, 2028: 510_000}
TRAFFIC = "Trafiknämnden"
LAMPS = "Ljus längs vägen mellan tunnelbanan och torget"
STANDARD = "Fel åtgärdas inom 5 arbetsdagar. Besiktning varje år."


def cause(page):
    steps.follow(page.get_by_role("link", name="3. Ljus längs vägen"))
    field = page.get_by_label("Vilken orsak ska den åtgärda?")
    likely = field.locator("option", has_text="Det går att köra förbi pollarna").get_attribute("value")
    field.select_option(value=likely)
    steps.press(page, "Spara")


def perspective(page):
    seen(page, "perspektiv")
    page.get_by_label("Vilka har ni hört, och när?").nth(2).fill("Rådet för funktionshinder, i november.")
    steps.press(page, "Spara och markera klar")


def leave(page):
    steps.press(page, f"Fråga {TRAFFIC}")


def consult(page):
    steps.press(page, f"Fråga {TRAFFIC}")


def running(page):
    seen(page, "drift")
    for year in range(5):
        page.get_by_label("Hur mycket?").nth(year).fill("40 000")
        page.get_by_label("Vem betalar?").nth(year).select_option(label=TRAFFIC)
    steps.press(page, "Spara och markera klar")


def promises(page):
    """Write what is asked of who looks after each of the three, and ask for the promise."""
    for number in range(1, 4):
        known = {"Vem ansvarar efteråt?": TRAFFIC, "Hur ska det skötas?": STANDARD, "Vem betalar?": TRAFFIC}
        known |= {"Hur länge efter färdigställandet": 3, "Hur ofta besiktigas det sedan?": 12}
        send(page, "Skriv löftet", known | {"Vad kostar skötseln per år?": f"{number}0 000"}, "Spara löftet")
    seen(page, "loften")
    while (ask := page.get_by_role("button", name=f"Be {TRAFFIC} lova det")).count():
        with page.expect_navigation():
            ask.first.click()


def costs(page):
    for year, kronor in COSTS.items():
        known = {"Vilket år?": year, "Vad för slags utgift?": "Entreprenad", "Hur mycket?": kronor}
        send(page, "Lägg till en utgift", known | {"Kan skrivas av som investering": True})
    seen(page, "utgifter")


def components(page):
    known = {"Vad är det som skrivs av?": "Pollare och lyktor", "Hur mycket?": sum(COSTS.values())}
    send(page, "Lägg till en del som skrivs av", known | {"På hur många år?": 20})


def permits(page):
    for kind in ("Marklov", "Polistillstånd", "Strandskydd", "Kulturmiljö", "Schakttillstånd"):
        answer(opened(page, kind), {"Hur är läget?": "Behövs inte"})
    steps.press(page, "Spara och markera klar")


MENDS = {
    "atgarder.koppling": cause,
    "perspektiv.perspektiv": perspective,
    "radighet.medgivande": leave,
    "drift.drift": running,
    "skotsel.skotsel": promises,
    "samrad.samrad": consult,
    "utgifter.utgift": costs,
    "utgifter.komponenter": components,
    "tidplan.tillstand": permits,
}
WAITS = ("radighet.medgivande", "samrad.samrad")
"""What is not mended before others have answered."""


def mend_all(page, application):
    """Mend the heaviest that is missing, again and again, each by the coach's own link; return which were mended."""
    done = []
    page.goto(application)
    while mine := [key for key in left(page) if key not in done]:
        key = mine[0]
        steps.follow(page.locator(f'[id="{key}"]').get_by_role("link").first)
        MENDS[key](page)
        done.append(key)
        page.goto(application)
        assert (key in left(page)) == (key in WAITS), key
    return done
