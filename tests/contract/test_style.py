"""The living page of how everything looks: no macro without words on what it is for, none without samples."""

import re

import pytest
from jinja2 import nodes

from core.http import style
from tests.contract.city import CHECKOUT

UI = CHECKOUT / "templates" / "ui"
ELSEWHERE = {"map"}
"""Drawn by script from a place's own data: seen on the pages of places."""
FILES = sorted(path.stem for path in UI.glob("*.html") if path.stem not in ELSEWHERE)

pytestmark = pytest.mark.one_database


def macros(environment, text):
    """The macros of a template by name, those that it keeps to itself left out."""
    found = environment.parse(text).find_all(nodes.Macro)
    return {macro.name: macro for macro in found if not macro.name.startswith("_")}


def test_every_file_of_macros_is_on_the_page():
    assert sorted((*style.ORDER, *style.PHONE)) == FILES


def test_every_macro_has_a_sample_that_draws_it(start):
    environment = start().app.jinja_env
    for name in FILES:
        wanted = macros(environment, (UI / f"{name}.html").read_text("utf-8"))
        samples = macros(environment, (CHECKOUT / "templates" / "style" / f"{name}.html").read_text("utf-8"))
        assert set(samples) == set(wanted), name
        for macro, sample in samples.items():
            drawn = {one.attr for one in sample.find_all(nodes.Getattr) if getattr(one.node, "name", "") == "ui"}
            assert macro in drawn, f"{name}: the sample of {macro} does not draw it"


def test_the_page_says_of_every_macro_what_it_is_for(start):
    house = start()
    desk, phone = house.client().get("/stil"), house.client().get("/stil/falt")
    assert (desk.status_code, phone.status_code) == (200, 200)
    with house.app.test_request_context("/stil"):
        for name in FILES:
            shown = style.group(name).shown
            assert [one.name for one in shown if len(one.said) < 10] == [], name
            source = (UI / f"{name}.html").read_text("utf-8")
            assert {one.name for one in shown} == set(macros(house.app.jinja_env, source))
            for one in shown:
                assert f'id="stil-{name}-{one.name}"' in (desk.text if name in style.ORDER else phone.text)


def test_what_no_page_draws_yet_is_told_with_what_it_is_for():
    pages = [path for path in (CHECKOUT / "templates").rglob("*.html") if path.parent.name != "style"]
    text = re.sub(r"\{#.*?#\}", "", "".join(page.read_text("utf-8") for page in pages), flags=re.DOTALL)
    defined = [name for file in FILES for name in re.findall(r"macro ([a-z]\w*)\(", (UI / f"{file}.html").read_text())]
    waiting = {name for name in defined if len(re.findall(rf"\b{name}\b", text)) == 1}
    told = (CHECKOUT / "docs/explanation/look.md").read_text("utf-8").partition("### Not on a page yet")[2]
    rows = [line.split("|")[1] for line in told.partition("## ")[0].splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == waiting


def test_ids_are_written_once(start):
    """A link to an error, and what a field is described by, must lead to one thing."""
    text = start().client().get("/stil").text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
    for name in re.findall(r'\s(?:aria-describedby|aria-labelledby|for|form)="([^"]+)"', text):
        assert set(name.split()) <= set(ids), name


def test_it_is_not_there_in_production(start):
    house = start(env="production", plugins=())
    assert not [rule.rule for rule in house.app.url_map.iter_rules() if rule.rule.startswith("/stil")]
