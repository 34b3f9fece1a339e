"""Templates: each compiles, only the macros know the design system, and nothing is inline (ui.md, strict CSP)."""

import re

import pytest
from jinja2 import Environment, StrictUndefined, nodes

from tests.contract.city import CHECKOUT

ROOTS = [CHECKOUT / "templates", *sorted(CHECKOUT.glob("plugins/*/templates"))]
TEMPLATES = {path.relative_to(root).as_posix(): path for root in ROOTS for path in sorted(root.rglob("*.html"))}
FRAMES = {"base.html", "falt.html", "falt/app.html"}
"""The frames around every page, which the macros stand in, and the shell of the phone's app."""
UNTRANSLATED = {"Tryggplats", "tryggplats", "demo"}
"""The name, and the demo's password."""
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "inline style": r"<style|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "handler": r"<[^>{]*\son[a-z]+\s*=",
    "address that runs": r"javascript:",
    "another site": r"""(src|action)\s*=\s*["'](https?:)?//""",
}


def source(name):
    return COMMENT.sub("", TEMPLATES[name].read_text("utf-8"))


def test_there_are_templates_of_core_and_of_plugins():
    assert {"base.html", "ui/form.html", "places/place.html", "klotter/incident.html"} <= set(TEMPLATES)


@pytest.mark.one_database
def test_every_template_compiles_and_finds_the_ones_it_uses(start):
    app = start().app
    for name, path in TEMPLATES.items():
        app.jinja_env.get_template(name)
        tree = app.jinja_env.parse(path.read_text("utf-8"))
        for used in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)):
            assert used.template.value in TEMPLATES, f"{name} uses {used.template.value}"
        for taken in tree.find_all(nodes.FromImport):
            module = app.jinja_env.get_template(taken.template.value).make_module({})
            for macro in taken.names:
                wanted = macro[0] if isinstance(macro, tuple) else macro
                assert hasattr(module, wanted), f"{name}: {taken.template.value} has no {wanted}"


@pytest.mark.one_database
def test_every_filter_and_test_that_a_template_uses_exists(start):
    environment = start().app.jinja_env
    for name, path in TEMPLATES.items():
        tree = environment.parse(path.read_text("utf-8"))
        assert {one.name for one in tree.find_all(nodes.Filter)} <= set(environment.filters), name
        assert {one.name for one in tree.find_all(nodes.Test)} <= set(environment.tests), name


def test_only_the_macros_write_the_design_system_s_names():
    """So that a new version of it is one folder's work."""
    names = re.compile(r"""["'\s]ds-[a-z]|data-(size|color)\b""")
    outside = [name for name in TEMPLATES if not name.startswith("ui/") and name not in FRAMES]
    assert [name for name in outside if names.search(source(name))] == []
    assert any(names.search(source(name)) for name in TEMPLATES if name.startswith("ui/"))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_is_inline(what):
    assert [name for name in TEMPLATES if re.search(FORBIDDEN[what], source(name), re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("what", "bad"),
    [
        ("inline style", '<p style="color: red">'),
        ("inline style", "<style>p {}</style>"),
        ("inline script", "<script>alert(1)</script>"),
        ("handler", '<a href="/" onclick="x()">'),
        ("address that runs", '<a href="javascript:x()">'),
        ("another site", '<img src="https://elak.example/x.png">'),
    ],
)
def test_what_is_forbidden_would_be_found(what, bad):
    assert re.search(FORBIDDEN[what], bad, re.IGNORECASE)


def test_only_the_macros_pass_on_what_is_html_already():
    """Everywhere else a text stays a text, whatever somebody wrote in it."""
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false")
    assert [name for name in TEMPLATES if unescaped.search(source(name)) and not name.startswith("ui/")] == []


def test_a_plugin_s_templates_lie_under_its_own_name():
    """A template of another's name would replace it for everybody."""
    for root in ROOTS[1:]:
        plugin = root.parent.name
        assert {path.relative_to(root).parts[0] for path in root.rglob("*.html")} == {plugin}


def test_every_visible_text_is_marked_for_translation():
    """Letters outside tags and Jinja are Swedish that no one could read in English. (Macros get their texts.)"""
    plain = Environment(undefined=StrictUndefined, autoescape=True)
    for name in TEMPLATES.keys() - {name for name in TEMPLATES if name.startswith("ui/")}:
        text = "".join(value for _, kind, value in plain.lex(source(name)) if kind == "data")
        shown = re.sub(r"<[^>]*>|&[a-z]+;", " ", text)
        shown = re.sub(r"<[^>]*$|^[^<]*>", " ", shown, flags=re.MULTILINE)
        words = set(re.findall(r"[A-Za-zÅÄÖåäö]{3,}", shown)) - UNTRANSLATED
        assert words == set(), f"{name}: {words}"
