"""What the secretary of the committee does at a meeting, and the second person after it."""

from tests.journeys import steps
from tests.journeys.desks import answer, send

WHY = "Lyktorna väntar till nästa år."


def hold_meeting(page, day):
    """Plan the meeting of the round, and hold it; return its address."""
    steps.open_room(page, "Beslut")
    steps.follow(page.get_by_role("link", name="Lägg upp sammanträde"))
    field = page.get_by_label("Vilken omgång gäller det?")
    field.select_option(value=field.locator("option", has_text="2027, omgång 3").get_attribute("value"))
    answer(page, {"Vilken dag är sammanträdet?": day, "Diarienummer": "KS 2027/911"})
    steps.press(page, "Lägg upp sammanträdet")
    steps.press(page, "Mötet är hållet")
    return page.url


def choose(page, meeting, *titles, button="Skriv in som föreslaget"):
    """Choose rows of the meeting, and go on to what is to be done with them."""
    page.goto(meeting)
    for title in titles:
        page.get_by_role("checkbox", name=title).check()
    steps.press(page, button)


def fill_the_hole(page):
    """Let another than who said no look after it."""
    send(page, "Fyll i skötsellöftet", {"Ansvarig": "Järva stadsdelsnämnd"}, "Spara skötsellöftet")


def record(page, count):
    """Record what is chosen, as it is proposed."""
    answer(page, {"Paragraf": "14", "Motivering för det som beviljas delvis": WHY})
    steps.press(page, f"Skriv in {count} beslut")
