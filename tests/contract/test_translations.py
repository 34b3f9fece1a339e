"""Every Swedish text has its English, and English pages show it."""

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select

from core.people.models import Person
from core.people.services import actor_of
from tests.demo import DEMO, SATURDAY

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "script" / "translate.py"
PO = "translations/en/LC_MESSAGES/messages.po"
APP = "translations/en/LC_MESSAGES/falt.po"


def translate(act, root):
    done = subprocess.run([sys.executable, TOOL, act, root], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_every_text_has_english_with_the_same_names_and_nothing_is_left_over():
    assert translate("check", ROOT) == (0, ["Klart."])


@pytest.fixture
def tree(tmp_path):
    """A tree as ours, with a text in Python, in a template, in a seed pack, in the phone's app and in a plugin."""
    files = {
        "core/room.py": 'WHY = N_("Högst {max} tecken.")\n',
        "core/seeds/ort/observation_kinds.csv": "key,title,short\nljus,Belysning,Ljus\n",
        "core/seeds/ort/coach_rules.csv": "key,title,why\nplats,Platsen är vald,Annars fattas den.\n",
        "templates/page.html": '{{ _("Spara") }}',
        "frontend/ts/falt/page.ts": 'html`<p>${open ? html`<b>${_("Kvar: {n}", { n })}</b>` : nothing}</p>`',
        "plugins/bin/__init__.py": 'FULL = Text(N_("Full: {n} procent"), n=3)\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert translate("update", tmp_path) == (0, ["Klart."])
    return tmp_path


def rewrite(tree, catalogue, sv, en):
    path = tree / catalogue
    text = path.read_text()
    before = f'msgid "{sv}"\nmsgstr ""'
    assert before in text
    path.write_text(text.replace(before, f'msgid "{sv}"\nmsgstr "{en}"'))


def put_all_right(tree):
    for sv, en in [("Belysning", "Lighting"), ("Ljus", "Light"), ("Spara", "Save"), ("Platsen är vald", "A place")]:
        rewrite(tree, PO, sv, en)
    rewrite(tree, PO, "Annars fattas den.", "It is missed otherwise.")
    rewrite(tree, PO, "Högst {max} tecken.", "At most {max} characters.")
    rewrite(tree, APP, "Kvar: {n}", "Left: {n}")
    rewrite(tree, f"plugins/bin/{PO}", "Full: {n} procent", "Full: {n} per cent")


def test_texts_are_found_in_python_templates_seed_packs_the_app_and_plugins(tree):
    status, told = translate("check", tree)
    assert status == 1
    assert sorted(told) == [
        f"plugins/bin/{PO}: saknar engelska: Full: {{n}} procent",
        f"{APP}: saknar engelska: Kvar: {{n}}",
        f"{PO}: saknar engelska: Annars fattas den.",
        f"{PO}: saknar engelska: Belysning",
        f"{PO}: saknar engelska: Högst {{max}} tecken.",
        f"{PO}: saknar engelska: Ljus",
        f"{PO}: saknar engelska: Platsen är vald",
        f"{PO}: saknar engelska: Spara",
    ]
    put_all_right(tree)
    assert translate("check", tree) == (0, ["Klart."])


def test_a_name_that_is_lost_in_translation_is_told(tree):
    put_all_right(tree)
    path = tree / PO
    path.write_text(path.read_text().replace("At most {max}", "At most {most}"))
    assert translate("check", tree) == (1, [f"{PO}: har inte samma namn inom klamrar: Högst {{max}} tecken."])


def test_a_text_that_left_the_code_is_told_and_update_takes_it_out(tree):
    put_all_right(tree)
    (tree / "templates" / "page.html").write_text("")
    assert translate("check", tree) == (1, [f"{PO}: står inte längre i koden: Spara"])
    translate("update", tree)
    assert translate("check", tree) == (0, ["Klart."])
    assert "At most {max} characters." in (tree / PO).read_text()


def test_a_translation_that_only_resembles_is_told(tree):
    put_all_right(tree)
    path = tree / PO
    path.write_text(path.read_text().replace('msgid "Spara"', '#, fuzzy\nmsgid "Spara"'))
    assert translate("check", tree) == (1, [f"{PO}: är märkt fuzzy, läs igenom: Spara"])


@pytest.mark.parametrize("catalogue", [PO, APP, f"plugins/klotter/{PO}"])
def test_what_the_pages_read_is_compiled_from_what_people_write(tmp_path, catalogue):
    """The .mo files beside ours are those of today's .po files."""
    for name in (PO, APP, f"plugins/klotter/{PO}"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "plugins/klotter/__init__.py").touch()
    translate("compile", tmp_path)
    compiled = Path(catalogue).with_suffix(".mo")
    assert (ROOT / compiled).read_bytes() == (tmp_path / compiled).read_bytes(), "run script/bootstrap"


@pytest.mark.one_database
def test_english_is_chosen_on_the_page_and_then_spoken_by_core_and_plugins(client, actors, clock):
    clock.stop_at("2027-01-05T10:00")
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    assert "Väntar på dig (" in client.get("/").text
    client.submit("/utseende", {"look": "auto", "locale": "en"})
    start = client.get("/").text
    assert '<html lang="en"' in start
    assert "Waiting for you (" in start
    assert "Väntar" not in start
    refused = client.get("/klotter/0199c0de-0000-7000-8000-000000000000")
    assert refused.status_code == 404
    assert "There is no such page" in refused.text


@pytest.mark.one_database
def test_a_refusal_with_values_is_told_in_english_with_the_values(client, actors):
    client.login(actors("polis", "polis-farsta"))
    client.set_cookie("locale", "en", domain=client.application.settings.hostname)
    refused = client.get("/vandringar/0199c0de-0000-7000-8000-000000000000/skriv-in")
    assert refused.status_code == 403
    assert "roles may do that, for example ”Coordinator, safety and crime prevention”" in refused.text


@pytest.fixture
def template(request, template):
    return DEMO if "in_the_demo" in request.fixturenames else template


@pytest.fixture
def in_the_demo(clock, client, database):
    """The demo city, and its coordinator of Järva, who reads English."""
    clock.stop_at(SATURDAY)
    with database.transaction(write=False) as session:
        email = "sdn_samordnare.sdn-jarva@tryggplats.example"
        coordinator = actor_of(session.scalars(select(Person).where(Person.email == email)).one())
    client.login(coordinator)
    client.set_cookie("locale", "en", domain=client.application.settings.hostname)
    return client


def texts_of(page):
    """Every text on a page that stands by itself, and those that are read aloud or shown by script."""
    body = re.sub(r"(?s)<(script|style).*?</\1>|<!--.*?-->", "", page)
    between = re.sub(r"<[^>]+>", "\n", body).split("\n")
    attributes = re.findall(r' (?:aria-label|title|alt|placeholder|data-text-[a-z-]+)="([^"]*)"', body)
    return {html.unescape(text).strip() for text in (*between, *attributes)}


def first(pattern, text):
    found = re.search(pattern, text)
    assert found, f"{pattern} leads on"
    return found[0]


@pytest.mark.one_database
def test_no_page_forgets_to_translate(in_the_demo):
    """From list to page to form to receipt and case: no text is left that the catalogues have English for."""
    swedish = {}
    for name in (PO, f"plugins/klotter/{PO}"):
        with (ROOT / name).open("rb") as file:
            swedish |= {entry.id: entry.string for entry in read_po(file) if entry.id and entry.id != entry.string}
    seen, client = {}, in_the_demo

    def show(address):
        text = client.get(address).text
        seen[address] = texts_of(text)
        return text

    show("/")
    show("/utseende")
    place = first(r"/platser/[0-9a-f-]{36}", show("/platser"))
    walk = first(r"/vandringar/[0-9a-f-]{36}", show("/vandringar"))
    uid = re.search(r'name="uid"[^>]* value="([^"]+)"', show(f"{walk}/skriv-in"))[1]
    sent = {"uid": uid, "kind": "klotter:klotter", "d_klotter_klotter.hateful": "ja", "danger": "ja"}
    assert client.submit(f"{walk}/skriv-in", sent).status_code == 303
    made = f"/iakttagelser/{uid}"
    for address in (walk, place, f"{made}/kvitto", made, f"/klotter/{uid}", "/finns-inte"):
        show(address)
    show(first(r"/skotsel/frister/[0-9a-f-]{36}", show("/skotsel")))
    left = {(address, text) for address, texts in seen.items() for text in texts & set(swedish)}
    assert left == set()
    assert "Upkeep in time" in seen["/skotsel"]


@pytest.mark.one_database
def test_the_app_has_its_own_words_and_another_language_is_another_version_of_it(client):
    words = client.get("/falt/texter-en.json").json
    assert words["Mina vandringar"] == "My walks"
    assert "Skötsel i tid" not in words, "a phone keeps only what the app says"
    swedish = client.get("/falt/sw.js").text
    client.set_cookie("locale", "en", domain=client.application.settings.hostname)
    assert client.get("/falt/sw.js").text != swedish
