"""Nothing personal is left in a stored photo, and every pixel is (P4, P6, P7)."""

import random

import pytest
from PIL import Image

from tests.media.samples import (
    HEIGHT,
    SECRET,
    STRIPPABLE,
    WIDTH,
    as_stored,
    decoded,
    encoded,
    pixels,
    riff,
    riff_chunks,
    scene,
    segment,
    telling,
    telling_tiff,
    tiff,
)


@pytest.mark.parametrize("number", [f"{n:02}" for n in range(1, 20) if n not in {12, 16, 17, 18}])
def test_real_photo_keeps_its_pixels_and_loses_the_rest(shared_data, number, stripped):
    path = next((shared_data / "photos").glob(f"{number}_*"))
    before = path.read_bytes()
    after = stripped(before)
    assert pixels(after) == pixels(before)
    assert set(decoded(after).getexif()) <= {0x0112}
    assert b"http://ns.adobe.com" not in after


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("media_type", STRIPPABLE)
def test_nothing_but_the_picture_is_left(stripped, look, media_type, orientation):
    before = telling(media_type, orientation)
    after = stripped(before)
    assert SECRET in before
    assert before.count(SECRET) > 4
    assert SECRET not in after
    assert b"xmpmeta" not in after
    assert pixels(after) == pixels(before)
    assert look(before).latitude
    assert (look(after).latitude, look(after).taken_raw) == (None, None)
    assert not look(after).broken
    assert stripped(after) == after


@pytest.mark.parametrize("media_type", STRIPPABLE)
def test_a_colour_profile_is_kept(stripped, media_type):
    profile = bytes(random.Random(1).randbytes(70_000))
    data = encoded(media_type, tiff=telling_tiff(6), icc_profile=profile)
    assert decoded(stripped(data)).info["icc_profile"] == profile


def test_png_keeps_transparency_and_density(stripped):
    image = scene().quantize(8)
    data = encoded("image/png", image, transparency=3, dpi=(72, 72))
    assert stripped(data) == data


def test_webp_keeps_transparency(stripped):
    image = scene()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    data = encoded("image/webp", image, telling_tiff(), lossless=False)
    after = stripped(data)
    assert [name for name, _ in riff_chunks(after)] == [b"VP8X", b"ALPH", b"VP8 "]
    assert riff_chunks(after)[0][1][0] == 0x10, "of the flags only transparency is left"
    assert decoded(after).tobytes() == decoded(data).tobytes()


@pytest.mark.parametrize("second", [b"", b"\x0c", bytes(10)])
def test_webp_has_one_head_and_another_is_left_out(stripped, second):
    """A second VP8X of any length, empty too, is known by its name alone."""
    data = encoded("image/webp", tiff=telling_tiff(6))
    after = stripped(riff(*riff_chunks(data), (b"VP8X", second)))
    assert after == stripped(data)
    assert [name for name, _ in riff_chunks(after)].count(b"VP8X") == 1


def test_jpeg_of_four_inks_keeps_adobes_word_about_them(stripped):
    data = encoded("image/jpeg", scene().convert("CMYK"), comment=SECRET)
    assert pixels(stripped(data)) == pixels(data)
    assert SECRET not in stripped(data)


def test_progressive_jpeg_keeps_every_scan(stripped):
    image = Image.effect_noise((200, 100), 60).convert("RGB")
    data = encoded("image/jpeg", image, telling_tiff(), progressive=True, restart_marker_blocks=3)
    assert data.count(b"\xff\xda") > 5
    assert pixels(stripped(data)) == pixels(data)


def test_comment_between_scans_goes_too(stripped):
    data = encoded("image/jpeg", Image.effect_noise((200, 100), 60).convert("RGB"), progressive=True)
    at = data.rindex(b"\xff\xda")
    assert stripped(data[:at] + segment(0xFE, SECRET) + data[at:]) == data


def test_junk_between_segments_is_passed_over_and_left_out(stripped, look):
    """As in photo 15, whose XMP is two bytes longer than it says."""
    data = encoded("image/jpeg")
    junk = data[:20] + b"?>" + SECRET + data[20:]
    assert not look(junk).broken
    assert stripped(junk) == data


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + SECRET, b"<script>alert('" + SECRET + b"')</script>"])
@pytest.mark.parametrize("media_type", STRIPPABLE)
def test_what_hides_behind_the_picture_is_left_out(stripped, media_type, tail):
    data = encoded(media_type)
    assert stripped(data + tail) == data


def test_a_second_picture_in_the_same_file_is_left_out(stripped):
    """Phones put a film or the unblurred original behind the first end of image (MPF, motion photo)."""
    data = encoded("image/jpeg")
    assert stripped(data + telling("image/jpeg")) == data


@pytest.mark.parametrize("media_type", ["image/heic", "image/avif"])
def test_a_sealed_picture_is_not_stripped(stripped, media_type):
    with pytest.raises(ValueError, match=media_type):
        stripped(encoded(media_type))


@pytest.mark.parametrize("media_type", STRIPPABLE)
def test_what_is_left_of_a_cut_photo_is_stripped_and_kept(look, stripped, media_type):
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    whole = encoded(media_type, noise, telling_tiff(), **({"exact": True} if media_type == "image/webp" else {}))
    if media_type == "image/webp":  # EXIF lies behind the pixels there: move it where a cut leaves it
        first, *middle, last = riff_chunks(whole)
        whole = riff(first, last, *middle)
    cut = whole[: len(whole) * 7 // 10]
    after = stripped(cut)
    assert SECRET in cut
    assert SECRET not in after
    assert look(after).broken
    assert cut[-5000:] in after


@pytest.mark.parametrize("orientation", [*range(1, 9), 0, 9, 99])
@pytest.mark.parametrize("media_type", STRIPPABLE)
def test_the_stripped_file_still_says_which_way_is_up(look, stripped, media_type, orientation):
    data = encoded(media_type, as_stored(scene(), orientation), tiff(main=((0x0112, 3, orientation),)))
    after = stripped(data)
    known = orientation if orientation in range(1, 9) else 1
    assert look(data).orientation == look(after).orientation == known
    assert (look(after).width, look(after).height) == (WIDTH, HEIGHT)
    assert dict(decoded(after).getexif()) == ({} if known == 1 else {0x0112: known})
    assert pixels(after) == pixels(data)
