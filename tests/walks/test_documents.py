"""What a walk leaves on paper: who gets which rows and photos, and the PDFs as readers of them see them."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from PIL import Image
from shapely import LineString, Point
from sqlalchemy import select, update

from core import clock, db, documents, media
from core.access import Missing
from core.documents import making
from core.documents.wording import wording
from core.media import Listed, Photo
from core.media.states import NOT_NEEDED
from core.people.services import organisation
from core.places.models import Place
from core.schema import Invalid
from core.walks import services
from core.walks.documents.letters import receivers_of
from core.walks.models import Observation, Walk
from tests.documents.papers import Paper, colours
from tests.journeys.map_server import pmtiles
from tests.media.samples import encoded
from tests.walks.scene import EAST, NORTH, at

pytestmark = pytest.mark.other_database_long

HOSTILE = '<b>Fet</b><img src="file:///etc/hostname"><a href="http://elak.example/">klicka</a> {{ 7 * 7 }} =1+1'
STOPS = [
    services.Stop("Torget", Point(EAST + 460, NORTH + 460), ("Vilka är här på kvällen?",)),
    services.Stop("Tunneln", Point(EAST + 540, NORTH + 540), ("Ser ni ut på andra sidan?",)),
]


class Papers:
    """The walk of the scene, with what was seen on it, and the documents of it."""

    def __init__(self, scene, database, settings, tmp_path):
        self.scene, self.database, self.settings, self.tmp_path = scene, database, settings, tmp_path
        with database.transaction():
            route = LineString([stop.point for stop in STOPS])
            services.change_walk(scene.leader, scene.walk, version=None, route=route, stops=STOPS)

    def see(self, text, *, kind="belysning", reviewed=True, after=False, **more):
        """Log something with a photo; return its uid."""
        uid, leader = uuid4(), self.scene.leader
        photos = [Listed(uuid4())] + ([Listed(uuid4(), role="efter")] if after else [])
        facts = {"kind": kind, "description": text, "position": services.Position(**at(500, 500), accuracy_m=4.0)}
        services.log_observation(leader, uid=uid, walk=self.scene.walk, photos=photos, **facts | more)
        for number, one in enumerate(photos):
            noise = [Image.effect_noise((900, 600), 90 + number) for _ in "RGB"]
            with media.spooled([encoded("image/jpeg", Image.merge("RGB", noise))]) as spool:
                media.receive_file(leader, one.uid, spool)
            media.make_here(one.uid)
        if reviewed:
            listed = [one.uid for one in photos]
            db.session().execute(update(Photo).where(Photo.uid.in_(listed)).values(review=NOT_NEEDED))
        return uid

    def content(self, kind, actor=None, **options):
        """What a document says, gathered as the worker does."""
        found = documents.every_kind()[f"walks:{kind}"]
        with self.database.transaction(write=False):
            return found.gather(actor or self.scene.leader, self.scene.walk, **found.options().load(options))

    def paper(self, kind, actor=None, **options):
        """The document as a PDF."""
        content, found = self.content(kind, actor, **options), documents.every_kind()[f"walks:{kind}"]
        pdf = self.tmp_path / "made.pdf"
        making._write_page(found, content, self.tmp_path, pdf, self.settings)
        return Paper(pdf.read_bytes())

    def send(self, *uids):
        """Review and send what was seen to who answers for it."""
        services.send_all(self.scene.leader, self.scene.walk, list(uids))


@pytest.fixture
def papers(scene, database, settings, tmp_path):
    return Papers(scene, database, settings, tmp_path)


def is_in_archive_form(paper, language="sv"):
    """What every document owes to a screen reader and an archive, as far as can be seen without a validator."""
    assert paper.language == language
    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.title
    assert 'pdfaid:part="3"' in paper.xmp or "<pdfaid:part>3<" in paper.xmp
    assert 'pdfaid:conformance="A"' in paper.xmp or "<pdfaid:conformance>A<" in paper.xmp
    assert "/OutputIntents" in paper.root
    assert paper.fonts, "there is text"
    assert set(paper.fonts.values()) == {True}, "every typeface lies in the file"
    assert {name.partition("-")[0] for name in paper.fonts} == {"Dokument"}
    assert paper.tags.count("/H1") == 1
    assert len(paper.alternatives) == paper.figures, "each picture is told to who does not see it"
    assert all(paper.alternatives)
    assert paper.links == []


@pytest.mark.one_database
def test_the_protocol_is_tagged_and_shows_what_has_been_reviewed(papers, scene):
    with papers.database.transaction():
        papers.see("Två lyktor är släckta", severity=3)
        papers.see(HOSTILE, reviewed=False)
        papers.see("Öppen lucka", severity=4)
        papers.see("De nya bänkarna", kind="positivt_bevara", nature="positivt")
    paper = papers.paper("protocol")
    is_in_archive_form(paper)
    assert paper.title == "Protokoll: Kvällsvandring"
    assert {"/Table", "/TH", "/TD", "/Figure", "/H2"} <= set(paper.tags)
    assert paper.alternatives[0] == "Karta över vandringen. Stoppen i ordning: 1 Torget, 2 Tunneln."
    assert paper.alternatives[1] == "Foto 1: Belysning, Farsta torg. Två lyktor är släckta"
    assert len(paper.alternatives) == 4, "the map, and three photos that somebody has reviewed"
    told = ("Två lyktor är släckta", "3 Påtaglig otrygghet", "4 Fara", "Fotot är inte granskat", "Vi behåller det.")
    assert [words for words in told if words not in paper.text] == []
    assert "<b>Fet</b>" in paper.text, "what somebody wrote is text"
    assert "{{ 7 * 7 }}" in paper.text
    assert colours(paper.picture(1)) > 1000, "the photos are there to be seen"
    drawn = {colour for _, colour in paper.picture(0, scale=1.5).getcolors(maxcolors=1 << 24)}
    assert {(0xF1, 0xF0, 0xEC), (0xDC, 0xEB, 0xD8), (0x00, 0x50, 0x8F)} <= drawn, "the map: ground, place, way"


@pytest.fixture
def with_map_file(settings, monkeypatch):
    """The installation has a map file of its own, all of one colour, and a map server that nobody may ask."""
    (settings.data_dir / "maps").mkdir(parents=True)
    (settings.data_dir / "maps" / "stad.pmtiles").write_bytes(pmtiles())
    listed = settings.data_dir / "maps.toml"
    server = 'kind = "xyz"\ntitle = "Server"\nattribution = "Ingen"\nurl = "http://127.0.0.1:1/{z}/{x}/{y}.png"\n'
    own = 'kind = "pmtiles"\ntitle = "Egen"\nattribution = "© Staden"\nfile = "stad.pmtiles"\n'
    listed.write_text(f"[[layers]]\n{server}[[layers]]\n{own}")
    monkeypatch.setattr("core.walks.documents.way.db.settings", lambda: replace(settings, base_maps=listed))
    return settings.data_dir / "maps" / "stad.pmtiles"


@pytest.mark.one_database
def test_the_map_lies_on_the_city_s_own_map_file(papers, with_map_file):
    paper = papers.paper("protocol")
    assert "© Staden" in paper.text
    drawn = {colour: count for count, colour in paper.picture(0).getcolors(maxcolors=1 << 24)}
    assert drawn[120, 30, 160] > 20_000, "the tiles are the ground"
    with_map_file.write_bytes(with_map_file.read_bytes()[:140])
    content = papers.content("protocol")
    assert content.files == {}, "a broken file: plain ground"
    assert "map" in content.drawings


@pytest.mark.one_database
def test_the_kit_is_one_sheet_in_swedish_and_english_with_a_code_for_each_stop(papers, scene):
    with papers.database.transaction() as session:
        session.execute(update(Place).values(oncall="08-465 004 10"))
    paper = papers.paper("kit")
    is_in_archive_form(paper)
    assert len(paper.read.pages) == 2, "a front and a back"
    assert paper.alternatives[1:] == [f"QR-kod som öppnar stopp {n} i telefonen" for n in (1, 2)]
    for words in ("1. Torget", "Vilka är här på kvällen?", "Jouren: 08-465 004 10.", "Skriv inga namn på boende."):
        assert words in paper.text, words
    english = papers.paper("kit", language="en", large=True)
    is_in_archive_form(english, "en")
    assert max(_sizes(english)) > max(_sizes(paper)) > 15, "large type is larger"
    content = papers.content("kit", language="en")
    html = making.drawn("documents/kit.html", "en", {"title": content.title, **content.context})
    assert '<li class="ruta" lang="sv">Vilka är här på kvällen?</li>' in html, "what somebody wrote is read as it is"
    assert "Kind: lighting; vegetation that blocks the view;" in html
    assert wording("en").translate("Dekal") == "Sticker", "a plugin's words too"


def _sizes(paper):
    """The sizes of type on the first page, in points."""
    found = set()

    def note(text, _matrix, _text_matrix, _font, size):
        found.add(size if text.strip() else 0)

    paper.read.pages[0].extract_text(visitor_text=note)
    return found


@pytest.mark.one_database
@pytest.mark.parametrize(("stops", "lines"), [(2, 8), (5, 4), (12, 2)])
def test_the_kit_has_as_many_lines_as_fit(papers, scene, stops, lines):
    with papers.database.transaction():
        many = [services.Stop(f"Stopp {number}", None, ()) for number in range(stops)]
        services.change_walk(scene.leader, scene.walk, version=None, stops=many)
    content = papers.content("kit", large=False)
    assert len(content.context["lines"]) == lines
    assert set(content.drawings) == {"map", "code", *(f"code-{number}" for number in range(1, stops + 1))}


@pytest.mark.one_database
def test_a_code_opens_the_stop_in_the_app(papers, scene, monkeypatch):
    opened = []
    monkeypatch.setattr("core.walks.documents.kit._code", lambda address: opened.append(address) or "<svg/>")
    papers.content("kit")
    base = papers.settings.base_url
    assert opened == [f"{base}/falt/vandring/{scene.walk}{end}" for end in ("", "/stopp/1", "/stopp/2")]


def test_a_letter_holds_the_receiver_s_own_rows_only(papers, scene):
    with papers.database.transaction():
        lamp = papers.see("Släckt lykta")
        other = papers.see("Trasig trappa", kind="trappa_ramp")
        papers.see("Ännu inte fördelad")
        papers.send(lamp, other)
    with papers.database.transaction(write=False):
        walk = services.read_walk(scene.leader, scene.walk)
        told = {one.code: (total, waits) for one, total, waits in receivers_of(scene.leader, walk)}
        trafik, bromma = organisation("trafik").uid, organisation("sdn-bromma").uid
    assert told == {"sdn-farsta": (1, 1), "trafik": (1, 1)}
    content = papers.content("letter", receiver=str(trafik))
    assert [line.description for line in content.context["waiting"]] == ["Släckt lykta"]
    assert content.context["answered"] == []
    assert content.context["latest"] is not None
    assert set(content.pictures) == {"photo-1"}, "nor anybody else's photo"
    with pytest.raises(Missing):
        papers.content("letter", receiver=str(bromma))
    with pytest.raises(Invalid):
        papers.content("letter")


@pytest.mark.one_database
def test_letters_and_feedback_as_pdf(papers, scene):
    """The letter asks, the sheet tells; neither says what is somebody else's or internal."""
    with papers.database.transaction():
        lamp = papers.see("Släckt lykta, stolpe 2104-61", after=True)
        steps = papers.see("Trasig trappa", kind="trappa_ramp")
        papers.send(lamp, steps)
        trafik = organisation("trafik").uid
    letter = papers.paper("letter", receiver=str(trafik))
    is_in_archive_form(letter)
    assert "Svara på en iakttagelse senast" in letter.text
    assert "Trafiknämnden" in letter.text
    assert "Trasig trappa" not in letter.text
    with papers.database.transaction() as session:
        session.execute(update(Observation).where(Observation.uid == lamp).values(state="atgardad"))
    sheet = papers.paper("feedback")
    is_in_archive_form(sheet)
    assert sheet.alternatives == ["Före: Belysning, Farsta torg", "Efter: Belysning, Farsta torg"]
    assert "Belysning, Farsta torg. Det är åtgärdat." in sheet.text
    assert "En sak har inte fått svar än" in sheet.text
    for internal in ("Trafiknämnden", "stolpe", "Fördelad", "Trasig trappa"):
        assert internal not in sheet.text, internal


def test_hidden_and_unreviewed_photos_are_on_no_paper(papers, scene):
    with papers.database.transaction() as session:
        papers.see("Ett")
        hidden = papers.see("Två")
        papers.see("Tre", reviewed=False)
        session.execute(update(Photo).where(Photo.record_uid == hidden).values(hidden_at=clock.now()))
    content = papers.content("protocol")
    assert list(content.pictures) == ["photo-1"]
    assert [line.unseen for line in content.context["lines"]] == [False, True, True]


def test_nothing_protected_stands_in_a_document(papers, scene):
    with papers.database.transaction() as session:
        papers.see("Öppet")
        secret = papers.see("Hemligt")
        session.execute(update(Observation).where(Observation.uid == secret).values(level=3))
    assert [line.description for line in papers.content("protocol").context["lines"]] == ["Öppet"]
    assert papers.content("feedback").context["count"] == 1
    with papers.database.transaction() as session:
        session.execute(update(Place).values(level=3))
    content = papers.content("protocol")
    assert [line.place for line in content.context["lines"]] == [""]
    assert "Farsta torg" not in str(content.context["lines"][0].alt)


@pytest.mark.one_database
def test_the_rows_as_a_table_hold_kinds_of_values_and_no_formulas(papers, scene, tmp_path):
    with papers.database.transaction():
        papers.see("=1+1", severity=2)
    path = tmp_path / "tabell.csv"
    with papers.database.transaction(write=False):
        found = documents.every_kind()["walks:observations"]
        content = found.gather(scene.leader, scene.walk, format="csv")
        content.sheet.write_csv(path)
    head, row = path.read_text("utf-8-sig").splitlines()
    assert head.startswith("Nr;Sågs;Plats;Sort;Typ;Allvar;Vad vi såg;")
    assert row.split(";")[2:7] == ["Farsta torg", "Belysning", "Brist", "2", "'=1+1"]


@pytest.mark.one_database
def test_who_does_not_lead_gets_neither_letters_nor_feedback(papers, scene, actors, client):
    """The page offers what one may ask for; asked for all the same, it is refused."""
    police, page = actors("polis", "sdn-farsta"), f"/vandringar/{scene.walk}/dokument"
    client.login(police)
    shown = client.get(page).text
    assert "Gör protokoll" in shown
    assert "Gör återkopplingsblad" not in shown
    asked = {"kind": "walks:feedback", "subject": str(scene.walk)}
    assert client.submit("/dokument", asked, page=page).status_code == 403
    stranger = actors("sdn_samordnare", "sdn-jarva")
    client.login(stranger)
    assert client.get(page).status_code == 404
    assert client.submit("/dokument", asked, page="/").status_code == 404


@pytest.mark.one_database
def test_every_button_of_the_page_asks_for_its_document(papers, scene, client):
    """The whole way through the page: each form as it is drawn."""
    with papers.database.transaction():
        papers.send(papers.see("Släckt lykta"))
    client.login(scene.leader)
    page = f"/vandringar/{scene.walk}/dokument"
    assert page in client.get(f"/vandringar/{scene.walk}").text
    drawn = [form for form in client.get(page).text.split("<form")[1:] if 'action="/dokument"' in form]
    assert len(drawn) == 13
    for form in drawn:
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        assert client.post("/dokument", data=fields).status_code == 303, fields
    assert client.get(page).text.count("Görs") == 13
    with papers.database.transaction(write=False) as session:
        kinds = session.scalars(select(documents.Document.kind)).all()
    names = ("invitation", "kit", "protocol", "observations", "feedback", "letter")
    assert set(kinds) == {f"walks:{name}" for name in names}


@pytest.mark.one_database
def test_a_walk_without_a_way_has_a_kit_and_a_protocol_too(papers, scene):
    with papers.database.transaction() as session:
        services.change_walk(scene.leader, scene.walk, version=None, route=None, stops=[], places=[])
        assert session.scalars(select(Walk)).one()
    for kind in ("kit", "protocol"):
        content = papers.content(kind)
        assert "map" not in content.drawings
        assert making.drawn(documents.every_kind()[f"walks:{kind}"].template, "sv", {"title": "x", **content.context})
