"""What people do, in their own words. Each step goes by what they see: labels, links and buttons."""

from core.demo import PASSWORD
from tests.media.samples import encoded, scene

LEADER = "sdn_samordnare.sdn-jarva"
OFFICER = "tk_drift.trafik"
PLACE = "Husby centrum"
WALK = "Mörkervandring Husby centrum"
HATEFUL = "Det är hat, rasism eller hot"


def photo(name="foto.jpg", width=360, height=240):
    """A photo to choose in a file field."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": encoded("image/jpeg", scene(width, height))}


def press(page, button):
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def follow(link):
    """Follow a link, and wait for the page it leads to."""
    with link.page.expect_navigation():
        link.click()


def log_in(page, address, who, password=PASSWORD):
    page.goto(f"{address}/logga-in")
    page.get_by_label("E-postadress").fill(f"{who}@tryggplats.example")
    page.get_by_label("Lösenord").fill(password)
    press(page, "Logga in")


def open_room(page, room):
    """Choose a room in the row at the desk, in Meny on a phone."""
    if page.viewport_size["width"] < 700:
        page.get_by_text("Meny", exact=True).click()
        rooms = page.locator(".tp-menu")
    else:
        rooms = page.get_by_role("navigation", name="Huvudmeny")
    follow(rooms.get_by_role("link", name=room, exact=True))


def open_place(page, place=PLACE):
    open_room(page, "Platser")
    follow(page.get_by_role("link", name=place))


def start_writing(page, walk=WALK):
    """From the place to its walk, and on to the page where one writes what one sees."""
    follow(page.get_by_role("link", name=walk, exact=True))
    follow(page.get_by_role("link", name="Skriv in iakttagelse"))


def write_observation(page, photo, *, kind="Klotter", hateful=False):
    """Photo, kind, save; ends on the receipt."""
    page.set_input_files("input[type=file]", photo)
    page.get_by_role("radio", name=kind, exact=True).check()
    if hateful:
        page.get_by_label(HATEFUL).check()
    page.get_by_role("button", name="Spara").click()
    page.wait_for_url("**/iakttagelser/*/kvitto")


def list_graffiti(page):
    """Narrow the page Skötsel i tid to graffiti: whatever else waits or is late fills the first page of the list."""
    open_room(page, "Skötsel")
    kind = page.get_by_label("Sort", exact=True)
    if not kind.is_visible():
        page.get_by_text("Välj frister", exact=True).click()
    kind.press("Shift")  # by keyboard, and without script, a choice is sent with the button
    kind.select_option(label="Sanera klotter")
    press(page, "Visa")


def due(page, rule):
    """Return when the frist of `rule` falls due, as the page Skötsel i tid says it."""
    list_graffiti(page)
    return page.get_by_role("row").filter(has_text=rule).locator("time").inner_text()


def open_deadline(page, rule):
    """Open the frist of `rule` on the page Skötsel i tid."""
    list_graffiti(page)
    follow(page.get_by_role("row").filter(has_text=rule).get_by_role("link", name="Sanera klotter").first)


def add_after_photo(page, photo):
    page.get_by_label("Foto efter åtgärden").set_input_files(photo)
    press(page, "Lägg till foto")


def report_to_the_police(page, number):
    follow(page.get_by_role("link", name="Ändra klotterärendet"))
    page.get_by_label("Vilket nummer har polisanmälan?").fill(number)
    page.get_by_role("button", name="Spara").click()
    page.wait_for_url("**/skotsel/frister/*")


def close_deadline(page, words):
    page.get_by_label("Vad har gjorts?").fill(words)
    press(page, "Klarmarkera")
