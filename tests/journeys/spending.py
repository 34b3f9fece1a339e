"""What a board does with a grant: begins, tells how far it is, is paid, accounts for it and measures what it gave."""

import re

from tests.journeys import steps
from tests.journeys.desks import answer, send

POLES = "Nya pollare vid fyra infarter, och en bom vid gångvägen norr om torget"
OF_MENDED = 90_000
MENDED = "Påkörda pollare sätts tillbaka med starkare fundament"
STONES, STANDING, TENDERED = "Ytan är återställd", "Pollare och bom står på plats", "Upphandlingen är klar"
PROJECT = "P-4711"
OUTTURN = (
    "projektkod;månad;verifikation;belopp;text\nP-4711;2027-05;V 1;450000;Pollare\nP-4711;2028-02;V 2;510000;Yta\n"
)


def revise(page, application, granted):
    """Write the plan anew for what was granted: costs, measures, running, and the milestone of what is not done."""
    page.goto(f"{application}/utgifter")
    steps.follow(page.get_by_role("link", name="Entreprenad").first)
    answer(page, {"Hur mycket?": granted[2027]})
    steps.press(page, "Spara")
    steps.follow(page.get_by_role("link", name="Pollare och lyktor"))
    answer(page, {"Hur mycket?": sum(granted.values())})
    steps.press(page, "Spara")
    page.goto(f"{application}/atgarder")
    steps.follow(page.get_by_role("link", name="Nya pollare"))
    answer(page, {"Vad kostar den?": sum(granted.values()) - OF_MENDED})
    steps.press(page, "Spara")
    page.goto(f"{application}/drift")
    steps.press(page, "Spara och markera klar")
    page.goto(f"{application}/tidplan")
    steps.follow(page.get_by_role("link", name="Lyktorna lyser"))
    answer(page, {"Vad ska vara gjort?": STONES})
    steps.press(page, "Spara")


def begin(page, application):
    """Begin the work, from the application's own button."""
    page.goto(application)
    steps.follow(page.get_by_role("link", name="Starta genomförandet").first)
    known = {"Referens till budgetjusteringen": "KS 2027/911 § 14", "Projektkod": PROJECT}
    send(page, "Skriv in referens och projektkod", known)
    steps.press(page, "Starta genomförandet")


def done(page, milestone, day):
    send(page, f"Markera som klar: {milestone}", {"Vilken dag": day})


def progress(page, thing, percent, delivered):
    known = {"Hur mycket är gjort?": percent, "Vad är levererat?": delivered}
    send(page, f"Skriv hur långt det har kommit: {thing}", known)


def claim(page, year, amount, what):
    """Claim money, and hand the claim in; return its address."""
    send(
        page,
        "Skriv en rekvisition",
        {"Av vilket års pengar?": str(year), "Hur mycket?": amount, "Vad gäller det?": what},
    )
    steps.follow(page.get_by_role("table", name="Rekvisitioner").get_by_role("link").first)
    steps.press(page, "Skicka in rekvisitionen")
    return page.url


def ask_to_carry_over(page, amount):
    """Ask that money of 2027 may be used in 2028; return the address."""
    known = {"Från vilket år?": "2027", "Till vilket år?": 2028, "Hur mycket?": amount, "Väder eller säsong": True}
    known |= {"Vad har hänt": "Marken fryser innan ytan hinner läggas.", "När blir det klart?": "2028-02-25"}
    send(page, "Begär ombudgetering till ett senare år", known)
    steps.follow(page.get_by_role("link", name=re.compile("^Ombudgetering OB")))
    return page.url


def read_in_outturn(page, address, city):
    """Read in what the finance system has booked, from the page of the reserve's bookings."""
    page.goto(f"{address}/reserven/bokningar")
    steps.follow(page.get_by_role("link", name="Läs in utfall"))
    page.get_by_label("Vad innehåller filen?").select_option(label="Utfall från ekonomisystemet")
    page.get_by_label("Från vilket register?").fill("Ekonomisystemet")
    file = {"name": "utfall.csv", "mimeType": "text/csv", "buffer": OUTTURN.encode()}
    page.get_by_label("Filen", exact=True).set_input_files(file)
    steps.press(page, "Skicka filen")
    for button in ("Spara och pröva raderna", "För in 2 rader"):
        city.let_the_worker_work()
        page.reload()
        steps.press(page, button)
    city.let_the_worker_work()


def account_for_it(page, application):
    """Write the final report, and hand it in; return its address."""
    page.goto(f"{application}/rapporter")
    steps.follow(page.get_by_role("link", name="Slutredovisning").first)
    known = {"Vad har gjorts?": "Pollare och bom står på plats.", "Hur gick det med målen?": "Färre kör över torget."}
    answer(page, known | {"Vad har ni lärt er?": "Bommen behövdes.", "Vem har tagit över": "Trafiknämnden."})
    steps.press(page, "Spara")
    steps.press(page, "Lämna in")
    return page.url


def measure(page, goal, value, interval=(), answers=None):
    """Write what was measured after twelve months; for the goal named."""
    known = {"Vilken dag mättes det?": "2029-11-30", "Vilket värde?": value, "Hur mättes det?": "Som före."}
    if interval:
        before = {"Hur många svar": answers, "Lägsta värde": "38", "Högsta värde": "50"}
        _write(page, f"Fyll i det som saknas om läget före, mål {goal}", before, "Spara")
        known |= {"Hur många svar": answers, "Lägsta värde": interval[0], "Högsta värde": interval[1]}
    _write(page, f"Skriv in mätningen mål {goal}, efter 12 månader", known, "Spara mätningen")


def _write(page, asks, known, save):
    """Open the form that stands at the measuring that it is about, and save it."""
    steps.follow(page.get_by_role("link", name=asks))
    answer(page, known)
    steps.press(page, save)
