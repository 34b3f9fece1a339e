"""What those do who assess an application and put those of a round in order."""

from tests.journeys import steps
from tests.journeys.desks import answer, send

CRITERIA = ("problembild", "koppling", "effekt", "perspektiv", "samverkan", "genomforbarhet", "kostnad")
GATES = ("tilltrade", "fysisk_miljo")
BECAUSE = "Så står det i ansökan."
CAUSES = "Orsaker och åtgärder"
PROPOSED = {2027: 500_000, 2028: 510_000}


def assess(page, application, points, **other):
    """Give every criterion the same points but those named, say why, and hand it in."""
    page.goto(f"{application}/bedomning")
    given = dict.fromkeys(GATES, 1) | dict.fromkeys(CRITERIA, points) | other
    for key, number in given.items():
        page.locator(f'input[name="{key}_points"][value="{number}"]').check()
        page.locator(f'[name="{key}_why"]').fill(BECAUSE)
    answer(page, {"Bevilja delvis": True, "Sammanfatta din bedömning": "Väl underbyggd, lyktorna kan vänta."})
    steps.press(page, "Lämna in bedömningen")


def stand_aside(page, application):
    """Say that one is partial, from one's own assessment."""
    page.goto(f"{application}/bedomning")
    steps.follow(page.get_by_role("link", name="Anmäl jäv"))
    send(page, "Anmäl jäv", {"Varför är du jävig?": "Jag bor granne med torget."})


def agree(page, application):
    """Say together what differs, and what is proposed for each year."""
    page.goto(f"{application}/bedomningar")
    known = {
        "Vad säger ni gemensamt?": "Orsaken till mopederna är prövad.",
        "Vilka poäng är ni ense om?": "2, godtagbart",
    }
    send(page, f"Gemensam not: {CAUSES}", known, "Spara noten")
    send(
        page,
        "Skriv förslag per år",
        {f"Hur mycket {year}?": kronor for year, kronor in PROPOSED.items()},
        "Spara förslaget",
    )


def order(page):
    """The titles of a round's applications as the page has them in order, with whether the money reaches each."""
    rows = page.locator("tr[data-uid]")
    return [
        (one.get_attribute("data-title"), "tp-below" not in (one.get_attribute("class") or "")) for one in rows.all()
    ]
