"""The process that decodes photos, each in a child of its own. Run by its path: it loads nothing of the product.

Decoders are C code fed by strangers. Here a crash, a bomb or an endless loop ends one process with a limit on
memory and time, not the worker (reliability.md P2, P8). It is told neither database nor secret, but it is no
sandbox: it runs as the same user, and whoever took it over could read the files that this user can read.

It loads Pillow once and forks for each job, so nothing that one photo left in memory reaches the next
(docs/decisions/0024-decoder-forks.md). Standard input is a socket of whole messages: a job in JSON, then its answer:
how the child ended, and what it said of the pictures or of why the photo cannot be read.
"""

import gc
import io
import json
import math
import os
import resource
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, Final, NoReturn

# Some only so that they are there when a child needs them: it would load them anew for each photo.
from PIL import Image, ImageCms, ImageFile, ImageOps, TiffImagePlugin  # noqa: F401

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
_SMALL, _GAP = 400, 1.2
"""The small picture is first reduced by a whole factor, to no less than `_GAP` of its size: 40 dB for 5 ms."""
_QUALITY, _FULL_QUALITY = 82, 92
_WEBP: Final = {"quality": 80, "method": 2}
"""Half a decibel better than the JPEG and a quarter smaller, for 4 ms (docs/decisions/0020)."""
_LARGEST_FILE: Final = 256 << 20
_ORIENTATION: Final = 0x0112
_COVER: Final = (0, 0, 0)
_PATIENCE: Final = 5
"""Pages go before pictures, so that the worker may use every core that they leave."""
_LONGEST, _TOLD = 1 << 16, 500
"""Bytes of a message, and of a fault that is told."""


class Unreadable(Exception):
    """The photo cannot be decoded, or is larger than the job allows."""


def main() -> None:
    """Do job after job until nobody asks any more."""
    _warm_up()
    asked = socket.socket(fileno=sys.stdin.fileno())
    gc.disable()
    gc.freeze()  # a collection would write into pages that the children share
    while message := asked.recv(_LONGEST):
        asked.send(json.dumps(_in_child(json.loads(message))).encode())


def _warm_up() -> None:
    """Let Pillow load what it loads at its first picture, and the system's memory learn how large ours are."""
    for kind in ("JPEG", "WEBP"):
        made = io.BytesIO()
        Image.new("RGB", (_LARGE_AT_LEAST, _LARGE_AT_LEAST)).save(made, kind)
    Image.new("RGB", (_LARGE_AT_LEAST, _LARGE_AT_LEAST)).transpose(Image.Transpose.ROTATE_90)


def _in_child(job: dict[str, Any]) -> dict[str, Any]:
    """Do the job in a child with limits; tell its exit code, minus the signal that ended it, and what it said."""
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(job, tells)
    os.close(tells)
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read(_LONGEST).decode(errors="replace")
    return {"exit": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "said": said}


def _answer(job: dict[str, Any], tells: int) -> NoReturn:
    """In the child: do the job, say how it went, end. Of what its parent has open only `tells` is left to it."""
    code = 1
    try:
        with os.fdopen(tells, "w", encoding="utf-8") as pipe:
            try:
                nothing = os.open(os.devnull, os.O_RDWR)
                for standard in (0, 1, 2):
                    os.dup2(nothing, standard)
                _limit(job)
                json.dump(_try_to_make(job), pipe)
                code = 0
            except Exception:  # noqa: BLE001 - the machine's fault, not the photo's: told whole to the log
                pipe.write(traceback.format_exc()[-_TOLD:])
    finally:  # whatever happened, the child does not go on as its parent
        os._exit(code)


def _limit(job: dict[str, Any]) -> None:
    os.nice(_PATIENCE)
    for limit, most in (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_CPU, job["cpu"]),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        # The hard limit on time is later: at the soft one the system says SIGXCPU, at the hard one only SIGKILL.
        resource.setrlimit(limit, (most, most + (limit == resource.RLIMIT_CPU)))


def _try_to_make(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"made": make(job)}
    except Unreadable as refusal:
        return {"unreadable": "damaged", "detail": str(refusal)[:200]}
    except MemoryError:
        return {"unreadable": "memory"}


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Write large.jpg, small.jpg and small.webp, and full.jpg of a format that browsers do not show, into `out_dir`.

    What the job's boxes cover is covered in large and small; full is the original, which no page shows.
    """
    out_dir, sealed = Path(job["out_dir"]), job["media_type"] in {"image/heic", "image/avif"}
    with Path(job["source"]).open("rb") as source:
        image, factor = decode(source, job)
    if sealed:
        _save(image, out_dir / "full.jpg", _FULL_QUALITY)
    if factor > 1:
        image = image.reduce(factor)
    for box in job["boxes"]:
        _cover(image, *box)
    made = {"width": image.width, "height": image.height, "full": sealed}
    _save(image, out_dir / "large.jpg", _QUALITY)
    image.thumbnail((_SMALL, _SMALL), Image.Resampling.BICUBIC, reducing_gap=_GAP)
    _save(image, out_dir / "small.jpg", _QUALITY)
    image.save(out_dir / "small.webp", "WEBP", **_WEBP)
    return made


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
    image = (_by_profile(image, profile) if profile else None) or image
    return image if image.mode == "RGB" else image.convert("RGB")  # a copy of 60 Mpx is 240 MB


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return the image in sRGB; None when it is that already, or when nobody can make sense of its profile."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(given):
            return None
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # its colours are then those of most photos, which is right or nearly so


def _save(image: Image.Image, path: Path, quality: int) -> None:
    image.save(path, "JPEG", quality=quality)


if __name__ == "__main__":
    main()
