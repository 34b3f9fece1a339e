"""People at their desks, each in a window of her own, who log in when they are needed and again on another day."""

import re
from uuid import UUID

from sqlalchemy import select

from core.applications.models import Application
from tests.journeys import steps
from tests.journeys.seen import look_at


class Desks:
    """Windows by who sits at them: `desks[WRITER]` is hers, logged in."""

    def __init__(self, city, window):
        self.city, self._window = city, window
        self._windows, self._inside = {}, set()

    def __getitem__(self, who):
        page = self._windows.get(who) or self._windows.setdefault(who, self._window("desk"))
        if who not in self._inside:
            page.context.clear_cookies()
            steps.log_in(page, self.city.address, who)
            self._inside.add(who)
        return page

    def at(self, moment):
        """Let it be another time: everybody logs in anew."""
        self.city.clock.stop_at(moment)
        self._inside.clear()

    def row(self, application):
        """The application at an address, as the database has it."""
        with self.city.database.transaction(write=False) as session:
            return session.scalars(select(Application).where(Application.uid == uid_of(application))).one()


def uid_of(address):
    return UUID(address.rsplit("/", 1)[1])


def opened(page, summary):
    """Unfold a part of a page by the start of its line, and return it."""
    named = getattr(page, "page", page).locator("summary", has_text=re.compile(f"^\\s*{re.escape(summary)}"))
    part = page.locator("details").filter(has=named).last
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part


def answer(part, answers):
    """Answer questions by what they say: words in a field, the word of a choice, True for a box."""
    for question, said in answers.items():
        field = part.get_by_label(question).first
        if said is True:
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=said)
        else:
            field.fill(str(said))


def send(page, summary, answers, button=None):
    """Unfold a form, answer it, and press its button, which most often says what its line does."""
    part = opened(page, summary)
    answer(part, answers)
    with part.page.expect_navigation():
        part.get_by_role("button", name=button or summary, exact=True).click()


def seen(page, name, **known):
    """Look at a page as it is, in both colours."""
    look_at(page, f"ansokan-{name}", **known)


def refused(page):
    """What the page says is wrong, in a row."""
    return page.get_by_role("alert").first.inner_text()


def left(page):
    """What the coach says is missing, by the keys of its rules."""
    return [one.get_attribute("id") for one in page.locator("#det-har-saknas + ol > li").all()]
