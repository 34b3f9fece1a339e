"""The phone's page: real photos, without script, by keyboard alone, and what it asks only when it matters."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from core.testing.browser import open_page
from tests.journeys import steps
from tests.media.oracle import place_of, rows_of, taken_of, upright_of
from tests.walks.scene import photo_row

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]


SHAPE = """address => new Promise((tell, fail) => {
    const picture = new Image();
    picture.onload = () => tell(picture.naturalWidth / picture.naturalHeight);
    picture.onerror = () => fail(`no picture at ${address}`);
    picture.src = address;
})"""


@pytest.fixture
def writing(city, phone):
    """The leader stands on the walk with the phone's page open."""
    steps.log_in(phone, city.address, steps.LEADER)
    steps.open_place(phone)
    steps.start_writing(phone)
    return phone


def test_real_photos_through_the_file_field_stand_upright(city, writing, shared_data):
    """A turned one, a small one from a telephone that knew where it was, and a HEIC: as others read them."""
    facts = {row["fil"]: row for row in rows_of(shared_data)}
    for name in ("04_recurser_Landscape_6.jpg", "01_goexif_has-lens-info.jpg", "16_pillow_heif_zPug_3.heic"):
        steps.write_observation(writing, shared_data / "photos" / name)
        city.let_the_worker_work()
        steps.follow(writing.get_by_role("link", name="Se iakttagelsen"))
        expect(writing.get_by_role("figure")).to_have_count(1)
        when = facts[name]["datetime_original"][:16].replace(":", "-", 2).replace(":", ".") or "2027-01-09 23.30"
        expect(writing.get_by_role("figure")).to_contain_text(f"Foto {when}")
        large = writing.get_by_role("link", name="Visa stor bild").get_attribute("href")
        width, height = upright_of(facts[name])
        assert writing.evaluate(SHAPE, large) == pytest.approx(width / height, rel=0.01), name
        known = photo_row(city.database, UUID(large.split("/")[-2]))
        assert (known.width, known.height, known.taken_at) == (width, height, taken_of(facts[name])), name
        place = (known.latitude, known.longitude) if known.latitude is not None else None
        assert (place and pytest.approx(place, abs=1e-6)) == place_of(facts[name]), name
        steps.follow(writing.get_by_role("link", name=steps.WALK))
        steps.follow(writing.get_by_role("link", name="Skriv in iakttagelse"))


def test_the_photo_shows_before_it_is_sent(writing):
    writing.set_input_files("input[type=file]", steps.photo("tunnel.jpg"))
    expect(writing.get_by_text("tunnel.jpg, 0,1 MB")).to_be_visible()
    expect(writing.locator("[data-part=preview] img")).to_have_js_property("naturalWidth", 360)


def test_a_kinds_own_question_is_asked_when_it_is_chosen(writing):
    asked, save = writing.get_by_label(steps.HATEFUL), writing.get_by_role("button", name="Spara")
    expect(asked).to_be_hidden()
    writing.get_by_role("radio", name="Klotter", exact=True).check()
    expect(asked).to_be_visible()
    expect(save).to_have_text("Spara: Klotter")
    writing.get_by_role("radio", name="Skräp", exact=True).check()
    expect(asked).to_be_hidden()
    expect(save).to_have_text("Spara: Skräp")


def test_what_is_missing_is_said_first_and_leads_to_the_field(writing):
    writing.get_by_text("Fler uppgifter", exact=True).click()
    writing.get_by_label("Vad är det, och var?").fill("Vid trappan.")
    writing.get_by_role("button", name="Spara").click()
    told = writing.get_by_role("alert")
    expect(told).to_be_focused()
    assert writing.title().startswith("Fel: ")
    expect(told).to_contain_text("fotot behöver du välja igen")
    told.get_by_role("link").click()
    expect(writing.get_by_role("radio").first).to_be_focused()
    expect(writing.get_by_label("Vad är det, och var?")).to_have_value("Vid trappan.")


def test_danger_is_answered_with_whom_to_call(writing):
    writing.get_by_label("Fara").check()
    steps.write_observation(writing, steps.photo(), kind="Belysning")
    expect(writing.get_by_role("link", name="Ring 112")).to_have_attribute("href", "tel:112")


def test_everything_works_without_script(city, browser):
    with open_page(browser, width=390, height=844, touch=True, script=False) as phone:
        steps.log_in(phone, city.address, steps.LEADER)
        steps.open_place(phone)
        steps.start_writing(phone)
        expect(phone.get_by_label(steps.HATEFUL)).to_be_hidden()
        steps.write_observation(phone, steps.photo(), hateful=True)
        expect(phone.get_by_role("heading", level=1)).to_have_text("Mottagen av staden 23.30")
        steps.log_in(phone, city.address, steps.OFFICER)
        steps.open_deadline(phone, "Hat, rasism eller hot")
        steps.close_deadline(phone, "Tvättat.")
        phone.get_by_role("alert").get_by_role("link").first.click()
        steps.add_after_photo(phone, steps.photo(height=300))
        city.let_the_worker_work()
        steps.report_to_the_police(phone, "5000-K123456-27")
        steps.close_deadline(phone, "Tvättat.")
        expect(phone.locator(".tp-head").get_by_text("Klar", exact=True)).to_be_visible()
        phone.get_by_label("Varför öppnas den igen?").fill("Det syns fortfarande.")
        phone.get_by_role("button", name="Öppna igen").click()
        expect(phone.get_by_role("heading", name="Klarmarkera")).to_be_visible()


FOCUS = """() => {
    const one = document.activeElement, tick = one.matches("[type=checkbox], [type=radio]");
    const seen = one.closest("label") ?? (tick ? one.closest(".ds-field") : null) ?? one;  // around its text too
    const box = seen.getBoundingClientRect();
    const foot = document.querySelector(".f-foot")?.getBoundingClientRect().top ?? innerHeight;
    const ring = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {
        name: (seen.innerText || one.getAttribute("aria-label") || one.id).trim(),
        body: one === document.body,
        ring: ring(getComputedStyle(one)) || ring(getComputedStyle(seen)) || one.type === "file",
        uncovered: box.height > 0 && box.top >= 0 && (one.closest(".f-foot") ? true : box.top < foot),
    }
}"""


def tab_to(page, wanted, *, most=40):
    """Press Tab until `wanted` has focus; everything on the way must show that it has it, and not lie under a bar."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["body"]:
            continue  # past the last one; the next is the first
        assert focus["ring"], f"no focus to be seen on {focus['name']!r}"
        assert focus["uncovered"], f"{focus['name']!r} has focus under a bar"
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def test_the_thread_by_keyboard_alone(city, page):
    page.goto(f"{city.address}/logga-in")
    tab_to(page, page.get_by_role("link", name="Hoppa till innehållet"), most=1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-postadress"), most=1)
    page.keyboard.type(f"{steps.LEADER}@tryggplats.example")
    tab_to(page, page.get_by_label("Lösenord"), most=1)
    page.keyboard.type("tryggplats-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{city.address}/(#|$)"))
    begin = page.get_by_role("region", name="Börja här").get_by_role("link", name="Skriv in iakttagelse")
    walk, write = (page.get_by_role("link", name=name).first for name in (steps.WALK, "Skriv in iakttagelse"))
    for link, address in ((begin, "**/vandringar"), (walk, "**/vandringar/*"), (write, "**/skriv-in")):
        tab_to(page, link)
        page.keyboard.press("Enter")
        page.wait_for_url(address)
    tab_to(page, page.locator("input[type=file]"))
    tab_to(page, page.get_by_role("radio").first, most=1)
    while not page.get_by_role("radio", name="Klotter", exact=True).is_checked():
        page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label(steps.HATEFUL), most=1)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Spara: Klotter"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/iakttagelser/*/kvitto")
    tab_to(page, page.get_by_role("link", name="Se iakttagelsen"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("definition").filter(has_text="Ja").first).to_be_visible()
