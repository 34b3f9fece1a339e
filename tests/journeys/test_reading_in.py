"""A file of reports is read in at the desk, step by step; each page as all pages are."""

import pytest
from playwright.sync_api import expect

from tests.imports.conftest import line, sheet
from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300), pytest.mark.long]


def test_a_file_of_reports_is_read_in(city, page, tmp_path):
    file = tmp_path / "rapporter.csv"
    file.write_bytes(sheet(line("1"), line("2", "Trasig lampa"), line("3", closed="2020-01-01"), line("1")))
    steps.log_in(page, city.address, steps.LEADER)
    page.goto(f"{city.address}/inlasningar")
    look_at_all_widths(page, "inlasningar")
    page.get_by_label("Vad innehåller filen?").select_option(label="Rapporter, till exempel från Tyck till")
    page.get_by_label("Från vilket register?").fill("Tyck till")
    page.get_by_label("Filen", exact=True).set_input_files(file)
    _press(page, "Skicka filen", "**/inlasningar/*")
    city.let_the_worker_work()
    page.reload()
    look_at_all_widths(page, "kolumner")
    _press(page, "Spara och pröva raderna", "**/varden")
    page.get_by_label("Trasig lampa").select_option(label="Belysning")
    look_at_all_widths(page, "varden")
    _press(page, "Pröva raderna", "**/inlasningar/*")
    city.let_the_worker_work()
    page.reload()
    look_at_all_widths(page, "provad")
    _press(page, "För in 2 rader", "**/inlasningar/*")
    expect(page.get_by_text("Uppdatera")).to_be_visible()
    city.let_the_worker_work()
    page.reload()
    expect(page.get_by_text("Ångra hela inläsningen")).to_be_visible()
    look_at_all_widths(page, "inford")
    page.goto(f"{city.address}/inkomna-rapporter")
    look_at_all_widths(page, "inkomna-rapporter")


def _press(page, name, address):
    """Press a button, and wait for the page that follows."""
    page.get_by_role("button", name=name).click()
    page.wait_for_url(address)
