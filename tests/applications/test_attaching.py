"""What goes with an application: reviewed photos, PDF files by what is in them, the map that makes itself."""

import hashlib
from uuid import uuid4

import pytest

from core import access, clock, db, flow, media
from core.applications.models import Attachment
from core.applications.services import attaching
from core.media import Photo
from core.schema import Invalid
from core.walks import services as walks
from tests.applications.draft_scene import at_state, draft, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]
PAPER = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def attach(draft, tmp_path, content=PAPER, **facts):
    path = tmp_path / f"{uuid4()}.pdf"
    path.write_bytes(content)
    known = {"uid": uuid4(), "kind": "kalkyl", "title": "Kalkyl"} | facts
    return attaching.add_file(draft.writer, draft.uid, path, **known)


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00" + PAPER, b"", b"%PDF-1.7\nbroken off", b"<html>%PDF-1.7 %%EOF"],
    ids=["program", "empty", "broken off", "page"],
)
def test_a_file_that_is_no_pdf_is_refused_whatever_its_name_is(database, draft, tmp_path, content):
    with database.transaction(), pytest.raises(Invalid, match="inte en PDF"):
        attach(draft, tmp_path, content)


def test_a_pdf_lies_in_the_store_under_its_hash_once_and_is_no_extra_file(database, draft, tmp_path):
    sha256 = hashlib.sha256(PAPER).hexdigest()
    with database.transaction():
        row = attach(draft, tmp_path)
        assert attach(draft, tmp_path).id == row.id
        assert (row.sha256, row.size, row.type) == (sha256, len(PAPER), "application/pdf")
        with media.store().whole.open(sha256)[0] as file:
            assert file.read() == PAPER
        assert "application_attachment" in media.named()
        assert not media.files.forget(sha256)
        assert [one.uid for one in attaching.attachments_of(draft.writer, draft.row)] == [row.uid]


def test_too_large_or_too_many_is_refused(database, draft, tmp_path, monkeypatch):
    monkeypatch.setattr(attaching, "LARGEST", 100)
    monkeypatch.setattr(attaching, "MOST", 1)
    with database.transaction():
        with pytest.raises(Invalid, match="för stor"):
            attach(draft, tmp_path, PAPER + b" " * 100 + b"%%EOF")
        attach(draft, tmp_path)
        with pytest.raises(Invalid, match="Ta bort någon"):
            attach(draft, tmp_path, PAPER + b"%%EOF")


def test_what_stands_in_an_edition_is_kept_when_it_is_removed(database, draft, tmp_path, actors):
    other = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        first, second = attach(draft, tmp_path), attach(draft, tmp_path, PAPER + b"%%EOF")
        attaching.remove(draft.writer, first.uid)
        assert db.session().get(Attachment, first.id) is None
        draft.row.edition = 1
        attaching.remove(draft.writer, second.uid)
        assert attaching.attachments_of(draft.writer, draft.row) == []
        assert attaching.file_of(draft.writer, second.uid).removed_on == clock.today()
        with pytest.raises(access.Missing):
            attaching.file_of(other, second.uid)
        at_state(draft, "inskickad")
        with pytest.raises(flow.Refused, match="låst"):
            attach(draft, tmp_path)


def photo_at(scene, **facts):
    """A photo of something seen on the square."""
    seen = walks.log_observation(scene.leader, uid=uuid4(), walk=None, kind="belysning", severity=2, place=scene.place)
    known = {"record_kind": "observation", "record_uid": seen.uid, "state": "klar", "review": "granskad"} | facts
    row = Photo(uid=uuid4(), large="a" * 64, small="b" * 64, **known)
    db.session().add(row)
    db.session().flush()
    return row.uid


def test_only_a_photo_that_is_reviewed_shown_and_of_the_place_can_be_chosen_and_once(database, scene, draft):
    with database.transaction():
        shown = photo_at(scene)
        others = [photo_at(scene, review="ej_granskad"), photo_at(scene, hidden_at=clock.now()), uuid4()]
        assert [photo.uid for photo, _ in attaching.photos_to_choose(draft.writer, draft.row)] == [shown]
        for uid in others:
            with pytest.raises(Invalid, match="granskat foto"):
                attaching.add_photo(draft.writer, draft.uid, uid=uuid4(), photo=uid, title="Gången")
        row = attaching.add_photo(draft.writer, draft.uid, uid=uuid4(), photo=shown, title="Gången")
        assert attaching.add_photo(draft.writer, draft.uid, uid=uuid4(), photo=shown, title="Igen").id == row.id
        assert attaching.photos_to_choose(draft.writer, draft.row) == []


def test_the_map_shows_each_place_with_its_number(database, draft):
    with database.transaction():
        drawn = attaching.map_of(draft.row)
    assert drawn.places == [(1, "Farsta torg")]
    assert drawn.svg.startswith("<svg")
    assert ">1</text>" in drawn.svg
