"""The invitation to a walk, put up on doors: where, when, how dark, whom to ask, and whether one can come along."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock, documents
from core.access import Denied
from core.documents import making
from core.media import Photo
from core.people.models import Organisation
from core.walks import services
from core.walks.models import Observation, Walk
from tests.walks.test_documents import _sizes, is_in_archive_form, papers

__all__ = ["papers"]
pytestmark = pytest.mark.one_database
TOMORROW_EVENING = clock.first_moment(clock.today() + timedelta(days=1)) + timedelta(hours=18)


@pytest.fixture
def planned(papers, scene):
    """The walk is planned in full, and its organiser can be asked at a function's address."""
    with papers.database.transaction() as session:
        services.change_walk(
            scene.leader,
            scene.walk,
            version=None,
            invitation="Vi bjuder på kaffe efteråt.\nAlla är välkomna.",
            steps="En trappa, gå runt på östra sidan",
            rest="Bänkar vid torget",
            language_support="Tolk på arabiska",
            risks="Kvällen före var det bråk",
            police="Områdespolisen",
        )
        session.execute(
            update(Organisation)
            .where(Organisation.code == "sdn-farsta")
            .values(contacts="Trygghet: trygg@farsta.example")
        )
        session.execute(update(Walk).values(state="planerad", planned_at=TOMORROW_EVENING))
    return papers


def test_it_says_what_one_needs_to_know_and_nothing_internal(planned, scene):
    paper = planned.paper("invitation")
    is_in_archive_form(paper)
    assert paper.title == "Inbjudan: Kvällsvandring"
    assert len(paper.read.pages) == 1, "a sheet to put up"
    for words in (
        "Följ med på trygghetsvandring", "Vi samlas vid Torget.", "Vi bjuder på kaffe efteråt.", "En trappa, gå runt",
        "Bänkar vid torget", "Tolk på arabiska", "Solen går ner", "trygg@farsta.example",
        "Vi skriver inte upp några namn",
    ):  # fmt: skip
        assert words in paper.text, words
    for internal in ("bråk", "Områdespolisen", "Samordnare"):
        assert internal not in paper.text, internal
    assert paper.alternatives == ["Karta över vandringen. Stoppen i ordning: 1 Torget, 2 Tunneln."]
    assert {"/H1", "/H2", "/Figure"} <= set(paper.tags)


def test_in_english_what_the_organiser_wrote_is_marked_as_swedish(planned):
    content = planned.content("invitation", language="en", large=True)
    html = making.drawn("documents/invitation.html", "en", {"title": content.title, **content.context})
    assert '<html lang="en">' in html
    for written in ("Vi bjuder på kaffe efteråt.", "Bänkar vid torget"):
        before = html[: html.index(written)]
        assert before.rindex('lang="sv"') > before.rindex('<html lang="en">')
    paper = planned.paper("invitation", language="en", large=True)
    is_in_archive_form(paper, "en")
    assert max(_sizes(paper)) > max(_sizes(planned.paper("invitation"))), "large type is larger"


def test_who_leads_the_walk_invites_before_it_is_held(planned, scene, actors, client):
    page = f"/vandringar/{scene.walk}/dokument"
    client.login(scene.leader)
    assert "Gör inbjudan" in client.get(page).text
    with planned.database.transaction() as session:
        session.execute(update(Walk).values(state="genomford"))
    assert "Gör inbjudan" not in client.get(page).text
    with pytest.raises(Denied):
        planned.content("invitation", actors("polis", "sdn-farsta"))
    assert "walks:invitation" in documents.every_kind()


def test_residents_see_before_and_after_of_what_is_mended_only_reviewed(papers, scene):
    """Three pairs, each with what was done; nothing that nobody has reviewed, and nothing hidden."""
    with papers.database.transaction() as session:
        seen = [papers.see(f"Lykta {number}", after=True) for number in range(4)]
        unseen = papers.see("Ogranskad", reviewed=False, after=True)
        hidden = papers.see("Dold", after=True)
        session.execute(update(Photo).where(Photo.record_uid == hidden).values(hidden_at=clock.now()))
        mended = update(Observation).where(Observation.uid.in_([unseen, hidden, *seen]))
        session.execute(mended.values(state="atgardad", answer="Lampan är bytt.", done_on=clock.today()))
    content = papers.content("feedback")
    with papers.database.transaction(write=False) as session:
        photos = session.query(Photo).where(Photo.record_uid.in_(seen)).all()
    assert set(content.pictures) == {f"{side}-{number}" for side in ("before", "after") for number in (1, 2, 3)}
    assert set(content.pictures.values()) <= {photo.large for photo in photos}
    sheet = papers.paper("feedback")
    is_in_archive_form(sheet)
    assert sheet.text.count("Efter. Det är åtgärdat. Lampan är bytt. Klart ") == 3
