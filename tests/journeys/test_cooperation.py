"""A cycle through all its five steps and into the next, by four people of four organisations, in a browser."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

DRIVER, POLICE, TRAFFIC, OWNERS = (
    "sdn_samordnare.sdn-jarva",
    "polis.polis-jarva",
    "fack_handlaggare.trafik",
    "fof_samordnare.fof-jarva",
)
PLACE = "Husby centrum"
SEEN = {
    DRIVER: "Torget är tomt efter klockan 18.",
    POLICE: "Stölder vid cykelställen.",
    TRAFFIC: "Åtta av trettio lyktor är släckta.",
    OWNERS: "Hyresgästerna stänger tidigare.",
}
TYPED = "Halvt skrivet om cykelställen"
CRITERIA = 7

pytestmark = pytest.mark.other_database_long


@contextmanager
def opened(page, summary):
    """Unfold a part of a page, and give its form."""
    part = page.locator("details").filter(has=page.locator("summary", has_text=re.compile(f"^{re.escape(summary)}$")))
    part.locator("summary").click()
    yield part


def save(part, button):
    with part.page.expect_navigation():
        part.get_by_role("button", name=button, exact=True).click()


def because(page, move, reason):
    """Take a step that asks why."""
    with opened(page, move) as part:
        part.get_by_label("Varför?").fill(reason)
        save(part, move)


def score(page, points):
    with opened(page, "Ge poäng för er part") as part:
        fields = part.locator("input[inputmode=numeric]")
        assert fields.count() == CRITERIA
        for number in range(CRITERIA):
            fields.nth(number).fill(str(points))
        save(part, "Ge poäng för er part")


@pytest.fixture
def people(city, window):
    """Four people of four organisations, each in a window of their own."""
    opened = {who: window("desk") for who in (DRIVER, POLICE, TRAFFIC, OWNERS)}
    for who, page in opened.items():
        steps.log_in(page, city.address, who)
    return opened


def found(page, text):
    """Whether a text can be read on a page."""
    return page.get_by_text(text).count() > 0


def begin_together(city, driver):
    """Begin a cycle at the desk, with three parties, and ask for their pictures; return its address."""
    steps.open_room(driver, "Samverkan")
    steps.follow(driver.get_by_role("link", name="Starta samverkan"))
    driver.get_by_label("Vad heter samverkan?").fill("Ljust på Husby centrum")
    driver.get_by_label("Vilket beslut startar den?").fill("SDN § 21")
    driver.get_by_label("Vilken dag togs beslutet?").fill("2027-01-04")
    driver.get_by_label("När öppnas de egna lägesbilderna senast?").fill("2027-01-20T16:00")
    driver.get_by_label("Vem driver den?").select_option(label="Järva stadsdelsnämnd")
    option = driver.get_by_label("Vilken plats gäller den?").locator("option", has_text=PLACE).get_attribute("value")
    driver.get_by_label("Vilken plats gäller den?").select_option(value=option)
    steps.press(driver, "Starta samverkan")
    cycle = driver.url
    steps.press(driver, "Be parterna om lägesbilder")
    expect(driver.get_by_role("alert")).to_contain_text("Lägg till parter. Det behövs minst 2.")
    driver.goto(f"{cycle}/parter")
    for name in ("Lokalpolisområde Järva", "Trafiknämnden", "Fastighetsägare i Järva"):
        with opened(driver, "Lägg till part") as part:
            part.get_by_label("Vilken organisation?").select_option(label=name)
            part.get_by_label("Som vad?").select_option(label="Medverkande")
            part.get_by_label("Vem har mandatet?").fill("Enhetschef")
            save(part, "Lägg till part")
    driver.goto(cycle)
    steps.press(driver, "Be parterna om lägesbilder")
    return cycle


def write_picture(page, cycle, text):
    """Write one's own picture, and hand it in."""
    page.goto(cycle)
    steps.follow(page.get_by_role("link", name="Skriv lägesbilden"))
    steps.follow(page.get_by_role("link", name="Utmaningar"))
    page.get_by_label("Vad vill ni säga?").fill(text)
    page.get_by_label("Avsnittet är klart").check()
    steps.press(page, "Spara avsnittet")
    steps.press(page, "Lämna in lägesbilden")


def comes_back_to_what_was_typed(page, cycle, text):
    """Type in a section, wait until it is kept, and load the page anew without having saved; return its address."""
    page.goto(cycle)
    steps.follow(page.get_by_role("link", name="Skriv lägesbilden"))
    steps.follow(page.get_by_role("link", name="Utmaningar"))
    page.get_by_label("Vad vill ni säga?").press_sequentially(text)
    expect(page.locator("[data-part=told]")).to_contain_text("Sparat automatiskt")
    page.reload()
    expect(page.get_by_label("Vad vill ni säga?")).to_have_value(text)
    expect(page.get_by_text("Det här är vad du skrev och inte sparade.")).to_be_visible()
    return page.url


def choose_a_problem(people, cycle):
    """Write down a problem, score it by each party, choose it; return its address."""
    driver = people[DRIVER]
    driver.goto(f"{cycle}/prioritering")
    with opened(driver, "Skriv ned ett problem") as part:
        part.get_by_label("Vad är problemet?").fill("Många undviker torget")
        part.get_by_label("Var?").fill("Hela torget")
        part.get_by_label("När?").fill("Efter klockan 18")
        save(part, "Lägg till problemet")
    steps.follow(driver.get_by_role("link", name="Många undviker torget"))
    problem = driver.url
    for points, page in enumerate(people.values(), 2):
        page.goto(problem)
        score(page, points)
    because(driver, "Prioritera", "Det märks av flest.")
    return problem


def try_a_cause(page, problem):
    """Guess a cause, say what would be seen, test it, and keep it."""
    page.goto(problem)
    with opened(page, "Lägg till orsak") as part:
        part.get_by_label("Vad är orsaken?").fill("Lyktorna är släckta")
        part.get_by_label("Plats och kontroll").check()
        part.get_by_label("Situation", exact=True).check()
        part.get_by_label("Vad skulle ni se om det stämmer?").fill("Fler går där det lyser.")
        save(part, "Lägg till orsak")
    steps.follow(page.get_by_role("link", name="Lyktorna är släckta"))
    because(page, "Behåll som trolig", "Det känns så.")
    expect(page.get_by_role("alert")).to_contain_text("Skriv hur ni har prövat det, och när.")
    page.goto(page.url.split("/steg/")[0])
    with opened(page, "Ändra orsaken") as part:
        part.get_by_label("Hur har ni prövat det?").fill("Räknat lyktor och fotgängare.")
        part.get_by_label("När prövade ni det?").fill("2027-01-08")
        save(part, "Ändra orsaken")
    with opened(page, "Skriv vad som talar för eller emot") as part:
        part.get_by_label("Vad har ni sett?").fill("8 av 30 är släckta.")
        save(part, "Skriv vad som talar för eller emot")
    because(page, "Behåll som trolig", "Räkningen visar det.")
    expect(page.locator(".tp-head").get_by_text("Trolig", exact=True)).to_be_visible()


def write_goal(page, cycle):
    page.goto(f"{cycle}/mal")
    with opened(page, "Skriv ett mål") as part:
        part.get_by_label("Vad ska bli annorlunda?").fill("Öka tryggheten")
        save(part, "Skriv ett mål")
    expect(page.get_by_text("Hur mycket, för vem, enligt vilken mätning?")).to_be_visible()
    with opened(page, "Svara på frågorna om målet") as part:
        part.get_by_label("Vad ska bli annorlunda?").fill("Färre undviker torget på kvällen.")
        part.get_by_label("Enligt vilken mätning?").fill("Platsenkät")
        part.get_by_label("Enhet").fill("procent")
        part.get_by_label(re.compile("^Läget nu")).fill("41")
        part.get_by_label("När mättes läget nu?").fill("2027-01-05")
        part.get_by_label(re.compile("^Ska bli")).fill("30")
        part.get_by_label("Senast när?").fill("2027-01-09")
        part.get_by_label("Vem svarar för målet?").select_option(label="Järva stadsdelsnämnd")
        part.get_by_label("Varför är det rimligt?").fill("Ljuset går att laga i vår.")
        save(part, "Svara på frågorna om målet")
    return page.url


def write_measure(page, cycle):
    page.goto(f"{cycle}/mal")
    with opened(page, "Skriv en åtgärd") as part:
        part.get_by_label("Vad gör ni?").fill("Laga lyktorna")
        part.get_by_label("Situationell").check()
        part.get_by_label("Vem gör det?").select_option(label="Trafiknämnden")
        part.get_by_label("När är det klart?").fill("2027-01-30")
        save(part, "Skriv en åtgärd")
    steps.press(page, "Tilldela")
    return page.url


def test_through_five_steps_and_into_the_next(city, people):
    driver, police, traffic, owners = people.values()
    cycle = begin_together(city, driver)
    section = comes_back_to_what_was_typed(police, cycle, TYPED)
    assert driver.goto(section).status == 404
    driver.goto(f"{cycle}/lagesbilder")
    assert not found(driver, TYPED)

    for who in (DRIVER, POLICE, TRAFFIC):
        write_picture(people[who], cycle, SEEN[who])
    driver.goto(f"{cycle}/lagesbilder")
    expect(driver.get_by_text("Förseglat.")).to_be_visible()
    assert not found(driver, SEEN[POLICE])
    traffic_s = traffic.url
    assert driver.goto(traffic_s).status == 404
    write_picture(owners, cycle, SEEN[OWNERS])
    driver.goto(f"{cycle}/lagesbilder")
    assert all(found(driver, text) for text in SEEN.values())

    driver.goto(cycle)
    steps.press(driver, "Börja prioritera")
    because(driver, "Gå tillbaka till steg 2", "En siffra saknas i polisens bild.")
    expect(driver.get_by_text("En siffra saknas i polisens bild.")).to_be_visible()
    steps.press(driver, "Börja prioritera")
    problem = choose_a_problem(people, cycle)
    try_a_cause(traffic, problem)

    driver.goto(cycle)
    steps.press(driver, "Börja sätta mål")
    goal = write_goal(driver, cycle)
    for page in (driver, police):
        page.goto(goal)
        steps.press(page, "Godta målet")
    steps.press(police, "Markera som SMART")
    measure = write_measure(traffic, cycle)

    driver.goto(cycle)
    steps.press(driver, "Börja genomföra")
    traffic.goto(measure)
    steps.press(traffic, "Markera som klar")
    with opened(traffic, "Skriv vad det blev") as part:
        part.get_by_label("Genomförd", exact=True).check()
        part.get_by_label("Vad gjordes, och vad gav det?").fill("Alla lyktor lyser.")
        save(part, "Skriv vad det blev")
    driver.goto(cycle)
    steps.press(driver, "Avsluta cykeln")
    expect(driver.get_by_role("alert")).to_contain_text("Skriv resultatet av mål 1.")
    driver.goto(goal)
    with opened(driver, "Skriv vad det blev") as part:
        part.get_by_label("Delvis uppnått").check()
        part.get_by_label("Vad blev talet?").fill("36")
        part.get_by_label("När mättes det?").fill("2027-01-09")
        part.get_by_label("Vad tror ni att det beror på?").fill("Ljuset hjälper dem som har nära.")
        save(part, "Skriv vad det blev")
    driver.goto(f"{cycle}/uppfoljning")
    with opened(driver, "Skriv uppföljningen") as part:
        part.get_by_label("Vad har vi lärt oss, och vad gör vi nu?").fill("Ljus räcker inte hela vägen.")
        save(part, "Spara uppföljningen")
    driver.goto(cycle)
    steps.press(driver, "Avsluta cykeln")
    driver.goto(f"{cycle}/uppfoljning")
    steps.press(driver, "Starta nästa cykel")
    expect(driver.get_by_text("Cykel 2", exact=True)).to_be_visible()
    expect(driver.get_by_role("heading", name="Vad som har ändrats sedan förra cykeln")).to_be_visible()
    row = driver.get_by_role("row").filter(has_text="Färre undviker torget på kvällen.").first
    expect(row).to_contain_text("41 procent")
    expect(row).to_contain_text("36 procent")
