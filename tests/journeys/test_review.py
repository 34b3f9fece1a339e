"""A picture is masked with mouse, keys and finger by one person, and released by another."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at, look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]
COLLEAGUE = "sdn_handlaggare.sdn-jarva"
ARCHIVIST = "arkivarie.slk"


@pytest.fixture
def seen(city, page):
    """An observation with a photo; the window is the leader's, on the list of pictures to review."""
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_place(page)
    steps.start_writing(page)
    steps.write_observation(page, steps.photo(width=900, height=600), kind="Belysning")
    city.let_the_worker_work()
    steps.follow(page.get_by_role("link", name="Se iakttagelsen"))
    look_at(page, "iakttagelse-med-foto")
    steps.follow(page.get_by_role("link", name="Granska bilden"))
    return page


def numbers(page, row=1):
    """What the four fields of a rectangle say."""
    group = page.get_by_role("group", name=f"Ruta {row}", exact=True)
    texts = [group.get_by_label(name).input_value() for name in ("Från vänster", "Uppifrån", "Bredd", "Höjd")]
    return [float(text.replace(",", ".")) if text else None for text in texts]


def drag(page, start, end):
    """Drag over the picture, from and to in percent of it."""
    frame = page.locator("[data-part=boxes]").bounding_box()
    at = [(frame["x"] + frame["width"] * x / 100, frame["y"] + frame["height"] * y / 100) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()


def let_somebody_fetch_the_original(page, address, photo):
    """The archivist, from the masked picture: for her alone, and taken away again."""
    steps.log_in(page, address, ARCHIVIST)
    page.goto(photo)
    steps.follow(page.get_by_role("link", name="Tillgång till original"))
    expect(page.get_by_label("Bara en bild")).to_have_value(photo.split("/")[-2])
    page.get_by_label("Vem?").fill(f"{COLLEAGUE}@tryggplats.example")
    page.get_by_label("Till och med").fill("2027-02-28")
    page.get_by_label("Varför?").fill("Begäran 2027/14")
    steps.press(page, "Ge tillgång")
    expect(page.get_by_role("row").filter(has_text="Begäran 2027/14")).to_contain_text("2027-02-28")
    look_at_all_widths(page, "tillgang-till-original")
    steps.press(page, "Avsluta")
    expect(page.get_by_role("main")).to_contain_text("Ingen har tillgång till original.")


def test_masked_by_one_released_by_another(city, seen, window):
    page = seen
    page.locator("[data-part=boxes]").scroll_into_view_if_needed()
    look_at_all_widths(page, "granska-bild")
    page.locator("[data-part=boxes]").scroll_into_view_if_needed()
    drag(page, (10, 10), (30, 40))
    assert numbers(page) == pytest.approx([10, 10, 20, 30], abs=0.5)
    drag(page, (20, 20), (30, 20))
    assert numbers(page) == pytest.approx([20, 10, 20, 30], abs=0.5)
    box = page.get_by_role("button", name="Ruta 1: Ansikte")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    assert numbers(page) == pytest.approx([21, 11, 21, 30], abs=0.5)
    drag(page, (60, 60), (80, 90))
    page.keyboard.press("Delete")
    assert numbers(page)[0] is not None
    expect(page.get_by_role("button", name="Ruta 2")).to_have_count(0)
    page.get_by_role("group", name="Ruta 1", exact=True).get_by_label("Bredd").fill("25")
    page.get_by_label("Vad täcker den?").first.select_option("Registreringsskylt")
    look_at(page, "granska-bild-rutor")
    steps.press(page, "Föreslå masken")
    expect(page.get_by_role("main")).to_contain_text("Någon annan behöver titta på det")
    assert page.get_by_role("button", name="Släpp bilden").count() == 0
    other = window("phone")
    steps.log_in(other, city.address, COLLEAGUE)
    other.goto(f"{city.address}/bilder/att-granska?visa=slappa")
    look_at_all_widths(other, "att-granska")
    steps.follow(other.get_by_role("link", name="Titta och släpp"))
    look_at_all_widths(other, "slappa-bild")
    steps.follow(other.get_by_role("link", name="Ändra rutorna"))
    assert numbers(other) == pytest.approx([21, 11, 25, 30], abs=0.5)
    assert other.get_by_role("button", name="Släpp bilden").count() == 0, "not while rectangles are being changed"
    other.go_back()
    steps.press(other, "Släpp bilden")
    expect(other.get_by_role("main")).to_contain_text("Inget väntar på att du släpper det.")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Bilden görs klar")
    city.let_the_worker_work()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Granskad och maskad")
    let_somebody_fetch_the_original(other, city.address, page.url)
    page.get_by_label("Varför?").fill("Ett barn syns.")
    steps.press(page, "Dölj genast")
    expect(page.get_by_role("main")).to_contain_text("Skäl: Ett barn syns.")
    look_at(page, "dold-bild")
