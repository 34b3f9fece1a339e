"""The pictures that pages show: large, small, upright, without metadata, and made at a bounded cost (P1-P8)."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from core.media.formats import NotAPicture, inspect
from core.media.pictures import CannotRead, make
from tests.media.samples import (
    MEDIA_TYPES,
    SECRET,
    STRIPPABLE,
    WIDTH,
    as_stored,
    chunk,
    encoded,
    opened,
    png_declaring,
    scene,
    telling,
    telling_tiff,
    tiff,
)

RED, GREY = (255, 0, 0), (128, 128, 128)


def roughly(image, colour, at):
    return all(abs(is_ - wanted) < 24 for is_, wanted in zip(image.getpixel(at), colour, strict=True))


# Sizes


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((4000, 3000), (2000, 1500), (400, 300)),
        ((1, 1), (1, 1), (1, 1)),
        ((300, 200), (300, 200), (300, 200)),
        ((1599, 100), (1599, 100), (400, 25)),
        ((3199, 2), (3199, 2), (400, 1)),
        ((3200, 401), (1600, 201), (400, 50)),
        ((401, 6400), (101, 1600), (25, 400)),
        ((12800, 801), (1600, 101), (400, 25)),
        ((20000, 3), (2500, 1), (400, 1)),
    ],
)
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png"])
def test_large_is_1600_to_3199_and_small_400(made, media_type, size, large, small):
    pair = made(encoded(media_type, Image.new("RGB", size, "red")), media_type)
    assert opened(pair.large).size == (pair.width, pair.height) == large
    assert opened(pair.small).size == small
    assert pair.jpeg is None


@pytest.mark.parametrize("media_type", ["image/heic", "image/avif"])
def test_a_format_that_not_every_browser_shows_also_becomes_a_whole_jpeg(made, media_type):
    pair = made(encoded(media_type, scene(3300, 600), telling_tiff()), media_type)
    assert opened(pair.jpeg).size == (3300, 600)
    assert opened(pair.large).size == (1650, 300)
    assert SECRET not in pair.jpeg.read_bytes()


# What they show


@pytest.mark.parametrize("orientation", [*range(1, 9), 99])
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_upright_whatever_the_camera_held(made, media_type, orientation):
    stored = as_stored(scene(160, 96), orientation)
    pair = made(encoded(media_type, stored, tiff(main=((0x0112, 3, orientation),))), media_type)
    for picture in map(opened, filter(None, (pair.large, pair.small, pair.jpeg))):
        assert picture.size == (160, 96)
        assert roughly(picture, RED, (20, 12))
        assert all(roughly(picture, GREY, at) for at in ((140, 12), (20, 84), (140, 84)))
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("media_type", ["image/heic", "image/avif"])
def test_exif_does_not_turn_heic_and_avif_once_more(made, media_type):
    # Written under another tag, since the encoders take the true one away.
    written, lie = (struct.pack(">HHIH", tag, 3, 1, 6) for tag in (0x0113, 0x0112))
    data = encoded(media_type, scene(160, 96), tiff(main=((0x0113, 3, 6), (0x010F, 2, "Kamera"))))
    assert written in data
    assert opened(made(data.replace(written, lie), media_type).large).size == (160, 96)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_no_metadata_in_any_of_them(made, media_type):
    sealed = media_type not in STRIPPABLE
    data = encoded(media_type, tiff=telling_tiff(), xmp=SECRET) if sealed else telling(media_type, 6)
    assert SECRET in data
    pair = made(data, media_type)
    for path in filter(None, (pair.large, pair.small, pair.jpeg)):
        assert SECRET not in path.read_bytes()
        assert set(opened(path).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_damaged_exif_does_not_cost_the_photo(made):
    # A rational with no bytes behind it, and a table that points at itself.
    nonsense = tiff(main=((0x0112, 5, ((1, 0),)), (0x8769, 4, 8), (0x011A, 5, ((1, 0),))))[:-8]
    assert made(encoded("image/jpeg", tiff=nonsense)).width == WIDTH


def test_a_colour_profile_is_worked_in(made):
    """A profile that calls red blue: what is shown without a profile must be blue."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    other = swapped.replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be")).replace(b"sRGB", b"xRGB")
    plain, profiled = (
        opened(made(encoded("image/png", scene(), icc_profile=profile), "image/png").large) for profile in (srgb, other)
    )
    assert roughly(plain, RED, (4, 4))
    assert roughly(profiled, (0, 0, 255), (4, 4))
    assert roughly(profiled, GREY, (44, 28))


def test_a_useless_profile_changes_nothing(made):
    noise = random.Random(2).randbytes(3000)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (noise, lab, b""):
        assert roughly(opened(made(encoded("image/jpeg", scene(), icc_profile=profile)).large), RED, (4, 4))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown(made, mode):
    if mode == "I;16":
        image = Image.frombytes("I;16", (40, 40), struct.pack("<H", 0x80FF) * 1600)
        wanted = GREY
    else:
        image = Image.new(mode, (40, 40), {"LA": (0, 0), "RGBA": (0, 0, 0, 0)}.get(mode, 1 if mode == "1" else 128))
        wanted = {"L": GREY, "P": GREY}.get(mode, (255, 255, 255))
        if mode == "P":
            image.putpalette([128] * 768)
    assert roughly(opened(made(encoded("image/png", image), "image/png").large), wanted, (20, 20))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_is_shown(made, mode):
    picture = opened(made(encoded("image/jpeg", scene().convert(mode))).large)
    assert picture.mode == "RGB"
    assert roughly(picture, GREY, (40, 28))


# What cannot be read


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_photo_cut_at_40_percent_cannot_be_read(made, media_type):
    data = encoded(media_type, Image.effect_noise((400, 300), 80).convert("RGB"), tiff())
    with pytest.raises(CannotRead) as refusal:
        made(data[: len(data) * 4 // 10], media_type)
    assert refusal.value.reason == "damaged"
    assert refusal.value.detail


def test_the_type_is_not_guessed(made):
    for media_type in ("image/jpeg", "image/heic"):
        with pytest.raises(CannotRead):
            made(encoded("image/png"), media_type)


def test_a_program_in_a_picture_is_not_run(made, tmp_path):
    proof = tmp_path / "proof"
    program = f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({proof}) (w) file closefile showpage\n%%EOF\n"
    for media_type in MEDIA_TYPES:
        with pytest.raises(CannotRead):
            made(program.encode(), media_type)
    assert not proof.exists()


def test_a_bomb_is_refused_by_the_decoder_too(made):
    """9,000 x 9,000 passes under Pillow's own limit, whatever that is set to."""
    with pytest.raises(CannotRead, match="9000 x 9000"):
        made(png_declaring(9_000, 9_000), "image/png")
    with pytest.raises(CannotRead):
        made(png_declaring(2**31 - 1, 2**31 - 1), "image/png")


def test_a_profile_that_unfolds_to_200_mb_is_bounded(made):
    plain = encoded("image/png")
    bomb = chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(200_000_000), 9))
    with pytest.raises(CannotRead) as refusal:
        made(plain[:33] + bomb + plain[33:], "image/png")
    assert refusal.value.reason == "damaged"


def test_the_largest_allowed_photo_fits_the_limits(made):
    assert made(encoded("image/png", Image.new("1", (10_000, 6_000))), "image/png").width == 2500


def test_too_little_memory(made):
    with pytest.raises(CannotRead) as refusal:
        made(encoded("image/png", Image.new("RGB", (6000, 6000))), "image/png", memory=150 << 20)
    assert refusal.value.reason == "memory"


def test_too_much_computing(made):
    """A picture of a few hundred kB whose last scan comes a thousand times."""
    whole = encoded("image/jpeg", Image.new("RGB", (5000, 4000)), progressive=True)
    last_scan = whole[whole.rindex(b"\xff\xda") : -2]
    with pytest.raises(CannotRead) as refusal:
        made(whole[:-2] + last_scan * 1000 + whole[-2:], cpu=1)
    assert refusal.value.reason == "time"


def test_too_long_a_wait(made):
    with pytest.raises(CannotRead) as refusal:
        made(encoded("image/png", Image.new("RGB", (7000, 7000))), "image/png", wall=0.05)
    assert refusal.value.reason == "time"
    assert made(encoded("image/jpeg")).width == WIDTH


# Real photos


@pytest.mark.parametrize("number", range(1, 20))
def test_real_photo_becomes_pictures(shared_data, tmp_path, number):
    path = next((shared_data / "photos").glob(f"{number:02}_*"))
    said = inspect(path)
    pair = make(path, said.media_type, tmp_path)
    whole = opened(pair.jpeg).size if pair.jpeg else (said.width, said.height)
    assert whole == (said.width, said.height)
    assert pair.width / pair.height == pytest.approx(said.width / said.height, rel=0.01)
    assert max(opened(pair.small).size) == min(400, max(whole))


def test_real_broken_heic_cannot_be_read(shared_data, tmp_path):
    path = next((shared_data / "photos").glob("20_*"))
    with pytest.raises(NotAPicture):
        inspect(path)
    with pytest.raises(CannotRead):
        make(path, "image/heic", tmp_path)


@pytest.mark.parametrize("number", ["01", "12", "18"])
def test_real_photo_cut_short_cannot_be_read(shared_data, made, number):
    path = next((shared_data / "photos").glob(f"{number}_*"))
    data = path.read_bytes()
    with pytest.raises(CannotRead):
        made(data[: len(data) * 8 // 10], inspect(path).media_type)


def test_decoded_noise_is_bounded_in_size(made):
    """Quality 82 of a large picture of noise: the worst case for storage."""
    noise = io.BytesIO()
    Image.effect_noise((3199, 2400), 100).save(noise, "JPEG", quality=95)
    assert made(noise.getvalue()).large.stat().st_size < 8 << 20
