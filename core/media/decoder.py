"""The child process that decodes one photo. Run by its path, so that it loads Pillow and nothing of the product.

Decoders are C code fed by strangers. Here a crash, a bomb or an endless loop ends one process with a limit on
memory and time, not the worker (reliability.md P2, P8). It is told neither database nor secret, but it is no
sandbox: it runs as the same user, and whoever took it over could read the files that this user can read.

One JSON object as argument gives the job; one on standard output answers: the pictures made, or why the photo
cannot be read. Any other end of the process is the parent's to judge.
"""

import io
import json
import math
import resource
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageFile

_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
}
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LARGE_AT_LEAST: Final = 1600
"""Long side in pixels of the large picture: this up to twice this (performance.md 0.1)."""
_SMALL: Final = 400
_QUALITY, _FULL_QUALITY = 82, 92
_WEBP: Final = {"quality": 80, "method": 2}
"""Half a decibel better than the JPEG and a quarter smaller, for 4 ms (docs/decisions/0020)."""
_LARGEST_FILE: Final = 256 << 20
_ORIENTATION: Final = 0x0112
_COVER: Final = (0, 0, 0)


class Unreadable(Exception):
    """The photo cannot be decoded, or is larger than the job allows."""


def main() -> None:
    job: dict[str, Any] = json.loads(sys.argv[1])
    for limit, most in (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_CPU, job["cpu"]),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        # The hard limit on time is later: at the soft one the system says SIGXCPU, at the hard one only SIGKILL.
        resource.setrlimit(limit, (most, most + (limit == resource.RLIMIT_CPU)))
    try:
        answer: dict[str, Any] = {"made": make(job)}
    except Unreadable as refusal:
        answer = {"unreadable": "damaged", "detail": str(refusal)[:200]}
    except MemoryError:
        answer = {"unreadable": "memory"}
    sys.stdout.write(json.dumps(answer))


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Write large.jpg, small.jpg and small.webp, and full.jpg of a format that browsers do not show, into `out_dir`.

    What the job's boxes cover is covered in large and small; full is the original, which no page shows.
    """
    out_dir, sealed = Path(job["out_dir"]), job["media_type"] in {"image/heic", "image/avif"}
    with Path(job["source"]).open("rb") as source:
        image, factor = decode(source, job)
    made: dict[str, Any] = {"jpeg": None}
    if sealed:
        made["jpeg"] = _save(image, out_dir / "full.jpg", _FULL_QUALITY)
    if factor > 1:
        image = image.reduce(factor)
    for box in job["boxes"]:
        _cover(image, *box)
    made |= {"large": _save(image, out_dir / "large.jpg", _QUALITY), "width": image.width, "height": image.height}
    image.thumbnail((_SMALL, _SMALL), Image.Resampling.BICUBIC, reducing_gap=2.0)
    image.save(out_dir / "small.webp", "WEBP", **_WEBP)
    return made | {
        "small": _save(image, out_dir / "small.jpg", _QUALITY),
        "small_webp": str(out_dir / "small.webp"),
    }


def decode(source: io.BufferedReader, job: dict[str, Any]) -> tuple[Image.Image, int]:
    """Return the photo upright in sRGB with no metadata, and the factor by which it is still to be reduced.

    JPEG is reduced while it is decoded (nearly free); the others have no such gear.
    """
    Image.MAX_IMAGE_PIXELS = job["pixels"]
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        if job["media_type"] == "image/heic":
            import pillow_heif  # costs time and memory that most photos need not

            pillow_heif.register_heif_opener()
        image: Image.Image = Image.open(source, formats=[_FORMATS[job["media_type"]]])
        if max(image.size) > job["side"] or image.width * image.height > job["pixels"]:
            raise Unreadable(f"{image.width} x {image.height}")  # noqa: TRY301 - with its own kind's details
        factor = next((k for k in (8, 4, 2) if max(image.size) // k >= _LARGE_AT_LEAST), 1)
        if job["media_type"] == "image/jpeg":
            width = image.width
            image.draft(None, (max(1, width // factor), max(1, image.height // factor)))
            factor //= round(width / image.width)
        image.load()
        profile, turn = image.info.get("icc_profile"), _turn(image)
        image = _in_srgb(_flat(image), profile)
        if turn is not None:
            image = image.transpose(turn)
    except (MemoryError, Unreadable):
        raise
    except Exception as error:  # decoders raise whatever they like at a damaged file
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    image.info = {}
    return image, factor


def _cover(image: Image.Image, left: float, top: float, width: float, height: float) -> None:
    """Paint a rectangle over, in percent of the picture; every pixel that it touches, so that no edge shines through.

    Solid and before the picture is written: what was there is nowhere in the file (domain.md 2.4).
    """
    x, y = math.floor(image.width * left / 100), math.floor(image.height * top / 100)
    right, bottom = math.ceil(image.width * (left + width) / 100), math.ceil(image.height * (top + height) / 100)
    image.paste(_COVER, (x, y, min(right, image.width), min(bottom, image.height)))


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What turns it upright; damaged EXIF says nothing. HEIC and AVIF: Pillow puts their own word in EXIF's place."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - as in decode()
        return None


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency (white behind), palette or 16-bit samples: one of the modes L, RGB, CMYK."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda sample: sample * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Converted from its colour profile, since the pictures carry none; as it is if the profile is no use."""
    if profile:
        from PIL import ImageCms  # most photos say sRGB by saying nothing

        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(given):
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(image, given, srgb, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")  # a copy of 60 Mpx is 240 MB


def _save(image: Image.Image, path: Path, quality: int) -> str:
    image.save(path, "JPEG", quality=quality)
    return str(path)


if __name__ == "__main__":
    main()
