"""Masking: proposed by one, released by another, painted into the picture; hiding; who keeps the original."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from core import access, db
from core.clock import today
from core.journal import JournalLine
from core.media import keepers, review
from core.media.store import Store
from tests.media.masks import BOXES, has_skin, is_covered, street
from tests.media.samples import encoded
from tests.walks.scene import photo_row


@pytest.fixture
def masked(database, phone, colleague, sent, work):
    """A photo whose mask one person proposed and another released."""

    def mask(boxes=BOXES):
        uid = sent()
        with database.transaction():
            review.propose_mask(phone.holder, uid, boxes)
        with database.transaction():
            review.release(colleague, uid)
        work()
        return uid

    return mask


def acts(database, uid):
    with database.transaction(write=False) as session:
        rows = select(JournalLine.action).where(JournalLine.subject_uid == uid).order_by(JournalLine.seq)
        return [act.removeprefix("photo:") for act in session.scalars(rows)]


def outsider(actors, kind="fof_samordnare"):
    return actors(kind, "sdn-farsta")


@pytest.mark.other_database_long
def test_two_faces_and_a_plate_are_shown_outside_only_when_they_are_gone(
    database, phone, colleague, sent, get, actors, work
):
    """Scenario 4: not publishable until masked; then no metadata, and no pixel of it in any size, for anybody."""
    outside, uid = outsider(actors), sent()
    before = photo_row(database, uid)
    assert has_skin(get(phone.holder, uid).data)
    assert get(outside, uid).status_code == 404
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    assert (get(outside, uid).status_code, has_skin(get(colleague, uid).data)) == (404, True)
    with database.transaction():
        review.release(colleague, uid)
    for size in ("stor", "liten"):
        assert {get(who, uid, size).status_code for who in (outside, phone.holder, colleague)} == {404}, (
            "until it is made"
        )
    work()
    for who in (outside, phone.holder, colleague):
        for size in ("stor", "liten"):
            answer = get(who, uid, size)
            assert (answer.status_code, has_skin(answer.data), is_covered(answer.data)) == (200, False, True), size
            with Image.open(io.BytesIO(answer.data)) as image:
                assert not image.getexif()
    small = get(outside, uid, "liten", Accept="image/avif,image/webp,*/*")
    assert (small.mimetype, small.headers["Vary"]) == ("image/webp", "Accept")
    assert (has_skin(small.data), is_covered(small.data)) == (False, True)
    files = Store(database.settings.data_dir)
    assert not files.path(before.large).exists(), "the picture without the mask is gone"
    assert not files.path(before.small).exists()
    assert not files.path(before.small_webp).exists()
    assert acts(database, uid) == ["receive", "mask", "release"]


def test_whoever_proposed_does_not_release(database, phone, colleague, sent):
    uid = sent()
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    with database.transaction():
        review.propose_none(phone.holder, uid)
    with pytest.raises(review.ReviewRefused), database.transaction():
        review.release(phone.holder, uid)
    assert photo_row(database, uid).review == "ej_granskad"
    with database.transaction():
        review.release(colleague, uid)
    assert photo_row(database, uid).review == "behovs_ej", "the newest proposal is the one that counts"


def test_nothing_to_cover_is_released_as_it_is(database, phone, colleague, sent, get, actors):
    outside, uid = outsider(actors), sent(encoded("image/jpeg"))
    with database.transaction():
        review.propose_none(phone.holder, uid)
    with database.transaction():
        review.release(colleague, uid)
    assert get(outside, uid).status_code == get(outside, uid, "liten").status_code == 200


def test_a_new_proposal_withdraws_what_others_see_and_covers_at_least_as_much(
    database, phone, colleague, masked, get, actors, work
):
    """A later rectangle is added to those there are; caches ask again and get the new picture."""
    outside, uid = outsider(actors), masked(BOXES[:1])
    first = get(outside, uid)
    assert has_skin(first.data), "the second face was forgotten"
    with database.transaction():
        review.propose_mask(colleague, uid, BOXES[1:])
    assert get(outside, uid).status_code == 404, "withdrawn at once"
    assert get(phone.holder, uid).status_code == 200
    with database.transaction():
        review.release(phone.holder, uid)
    work()
    again = get(outside, uid, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, has_skin(again.data), is_covered(again.data)) == (200, False, True)
    assert acts(database, uid) == ["receive", "mask", "release", "withdraw", "mask", "release"]


@pytest.mark.parametrize("media_type", ["image/heic", "image/avif", "image/png", "image/webp"])
@pytest.mark.one_database
def test_every_format_is_masked(database, phone, colleague, sent, get, work, media_type):
    """Also those whose original has become a JPEG meanwhile."""
    image = encoded(media_type, street(), **({"quality": 90} if media_type in ("image/heic", "image/avif") else {}))
    uid = sent(image)
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    with database.transaction():
        review.release(colleague, uid)
    work()
    data = get(phone.holder, uid).data
    assert (has_skin(data), is_covered(data)) == (False, True)


@pytest.mark.one_database
def test_a_photo_on_its_side_is_masked_where_people_saw_the_face(database, phone, colleague, sent, get, work):
    """The rectangles are those of the picture as it is shown, upright."""
    lying = street().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    uid = sent(encoded("image/jpeg", lying, quality=95, exif=exif.tobytes()))
    assert has_skin(get(phone.holder, uid).data)
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    with database.transaction():
        review.release(colleague, uid)
    work()
    assert not has_skin(get(phone.holder, uid).data)


def test_two_who_review_at_once_do_not_decide_about_another_proposal(database, phone, colleague, sent):
    uid = sent()
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    seen = photo_row(database, uid).review_version
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES[:1])
    with pytest.raises(db.Stale), database.transaction():
        review.release(colleague, uid, version=seen)


REACHES = (
    # role, organisation, before review, after
    ("sdn_handlaggare", "sdn-farsta", 200, 200),
    ("falt", "sdn-farsta", 200, 200),
    ("tk_drift", "trafik", 200, 200),
    ("dso", "kf", 200, 200),
    ("polis", "sdn-farsta", 404, 200),
    ("fof_samordnare", "sdn-farsta", 404, 200),
    ("fastighetsagare_ext", "trafik", 404, 200),
    ("entreprenor", "trafik", 404, 200),
    ("fof_samordnare", "sdn-jarva", 404, 404),
    ("entreprenor", "svoa", 404, 404),
    ("sysadmin", "slk", 403, 403),
)


@pytest.mark.one_database
def test_who_sees_a_picture_before_and_after_its_review(database, phone, colleague, sent, get, actors, work, client):
    """One rule for every size: the city's own before, outside organisations after (design.md 9)."""
    uid, people = sent(), [(actors(role, home), *codes) for role, home, *codes in REACHES]
    for when in (1, 2):
        for person, *codes in people:
            for size in ("stor", "liten"):
                assert get(person, uid, size).status_code == codes[when - 1], (person.name, when)
        if when == 1:
            with database.transaction():
                review.propose_mask(phone.holder, uid, BOXES)
            with database.transaction():
                review.release(colleague, uid)
            work()


def test_hidden_at_once_and_shown_again_by_another(database, phone, colleague, sent, get, actors, client):
    """Hidden it is 404 for all but those who may hide; the page says so where it stood."""
    boss, uid = actors("forv_chef", "sdn-farsta"), sent()
    assert get(boss, uid).status_code == 200
    with database.transaction():
        review.hide(colleague, uid, reason="Ett barn syns.")
    for size in ("stor", "liten"):
        assert (get(boss, uid, size).status_code, get(colleague, uid, size).status_code) == (404, 200)
    record = photo_row(database, uid).record_uid
    client.login(boss)
    assert "Bilden är dold" in client.get(f"/iakttagelser/{record}").text
    with pytest.raises(review.ReviewRefused), database.transaction():
        review.show(colleague, uid, reason="Fel bild.")
    shown = {}
    for who in (colleague, phone.holder):
        client.login(who)
        shown[who.id] = "Visa igen" in client.get(f"/bilder/{uid}/maskera").text
    assert shown == {colleague.id: False, phone.holder.id: True}, "whoever hid it is not asked to show it"
    with pytest.raises(access.Denied), database.transaction():
        review.show(boss, uid, reason="Fel bild.")
    with database.transaction():
        review.show(phone.holder, uid, reason="Det var en skylt.")
    assert get(boss, uid).status_code == 200
    assert acts(database, uid)[-2:] == ["hide", "show"]


def test_the_sender_has_the_receipt_of_a_hidden_photo(database, actors, sent, phone, colleague):
    """Else her phone would send it again for ever."""
    uid = sent()
    with database.transaction():
        review.hide(colleague, uid, reason="Fel.")
    assert phone.asks(uid) is not None


def test_the_original_of_a_masked_photo_is_for_keepers(database, phone, colleague, masked, get, actors, clock, client):
    """Named, dated, given by another, and journalled each time it is handed out."""
    uid, archivist = masked(), actors("arkivarie", "kf")
    for who in (phone.holder, colleague, archivist):
        answer = get(who, uid, "original")
        assert (answer.status_code, "Bilden är maskad." in answer.text) == (403, True), "no role is what is wanting"
    with database.transaction():
        until = today() + timedelta(days=10)
        with pytest.raises(Exception, match="Någon annan"):
            keepers.grant(archivist, person=archivist.id, valid_to=until, reason="Utlämnande")
        with pytest.raises(Exception, match="Någon annan"):
            keepers.grant(archivist, role="arkivarie", valid_to=until, reason="Utlämnande")
        keepers.grant(archivist, person=colleague.id, photo=uid, valid_to=until, reason="Polisens begäran")
    answer = get(colleague, uid, "original")
    assert (answer.status_code, has_skin(answer.data)) == (200, True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert acts(database, uid)[-1] == "hand-out"
    assert get(phone.holder, uid, "original").status_code == 403
    offered = {}
    for who in (colleague, phone.holder):
        client.login(who)
        offered[who.id] = "Hämta originalet" in client.get(f"/bilder/{uid}/maskera").text
    assert offered == {colleague.id: True, phone.holder.id: False}
    assert not has_skin(get(colleague, uid).data), "in pages also a keeper sees the mask"
    clock.pass_by(days=11)
    assert get(colleague, uid, "original").status_code == 403


def test_only_a_keeper_takes_a_rectangle_away(database, phone, colleague, masked, get, work):
    uid = masked()
    with database.transaction():
        assert len(review.propose_mask(colleague, uid, BOXES[:1]).boxes) == len(BOXES)
        with pytest.raises(review.ReviewRefused):
            review.propose_none(colleague, uid)
        keepers.grant(access.system("test"), person=colleague.id, valid_to=today(), reason="Fel ruta")
        assert len(review.propose_mask(colleague, uid, BOXES[:1]).boxes) == 1
    with database.transaction():
        review.release(phone.holder, uid)
    work()
    assert has_skin(get(phone.holder, uid).data)
