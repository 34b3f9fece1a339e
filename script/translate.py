"""Keeps the English texts in step with the Swedish ones in the code: update, check, compile. See script/translate.

Core, the phone's app and each plugin have a catalogue of their own. Their msgids are the Swedish texts in Python,
templates and TypeScript, and, for core, the titles in the cities' seed packs.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

IN_SCRIPT = re.compile(r"""\bN?_\(\s*("(?:[^"\\]|\\.)*")""")


def in_scripts(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the texts of TypeScript. Babel's own reader loses those in templates within templates (2.17)."""
    code = file.read().decode()
    for found in IN_SCRIPT.finditer(code):
        yield code.count("\n", 0, found.start()) + 1, "_", json.loads(found[1]), []


METHODS: list[tuple[str, Any]] = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.ts", in_scripts),
]
KEYWORDS = {"N_": None, "Text": None, "_": None}
SEED_TITLES = {
    "observation_kinds.csv": ("title", "short"),
    "activation_kinds.csv": ("title",),
    "permit_kinds.csv": ("title",),
    "presence_kinds.csv": ("title",),
    "patrol_events.csv": ("title",),
    "experience_questions.csv": ("text",),
    "criteria.csv": ("title", "what"),
    "coach_rules.csv": ("title", "why"),
    "measure_kinds.csv": ("title",),
    "focus_areas.csv": ("title",),
}
"""Columns of the seed packs that people read as words of the trade; names of organisations and places stay Swedish."""
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: {name}\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True)
class Owner:
    """Core, the app or a plugin: where its texts stand, and where its catalogue lies."""

    name: str
    sources: tuple[Path, ...]
    po: Path
    seeds: Path | None = None

    def texts(self) -> set[str]:
        """Return every Swedish text of the owner."""
        found = set(_seed_titles(self.seeds)) if self.seeds else set()
        for folder in self.sources:
            for _, _, msgid, _, _ in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
                found.add(msgid if isinstance(msgid, str) else msgid[0])
        return found - {""}

    def catalogue(self) -> Catalog:
        """Return the catalogue as it lies there; an empty one where there is none."""
        if not self.po.exists():
            return Catalog(locale="en")
        with self.po.open("rb") as file:
            return read_po(file, locale="en")


def owners(root: Path) -> Iterator[Owner]:
    """Yield core, the phone's app and each plugin of the tree at `root`."""
    po = Path("translations/en/LC_MESSAGES/messages.po")
    yield Owner("tryggplats", (root / "core", root / "templates"), root / po, root / "core" / "seeds")
    yield Owner("falt", (root / "frontend" / "ts" / "falt",), root / po.with_name("falt.po"))
    for plugin in sorted(path.parent for path in root.glob("plugins/*/__init__.py")):
        yield Owner(plugin.name, (plugin,), plugin / po)


def _seed_titles(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*/*.csv")):
        columns = SEED_TITLES.get(path.name, ())
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from (row[column] for column in columns)


def update(owner: Owner) -> None:
    """Write the catalogue anew: the English there is, nothing for what is new, and not what is gone."""
    known, fresh = owner.catalogue(), Catalog(locale="en")
    for msgid in owner.texts():
        message = known.get(msgid)
        fresh.add(msgid, message.string if message else "")
    text = io.BytesIO()
    write_po(text, fresh, width=120, omit_header=True, sort_output=True)
    owner.po.parent.mkdir(parents=True, exist_ok=True)
    owner.po.write_bytes(HEADER.format(name=owner.name).encode() + text.getvalue().strip() + b"\n")


def faults(owner: Owner) -> Iterator[str]:
    """Yield what is wrong with the catalogue: every text has English, with the same {names}, and nothing more."""
    catalogue, texts = owner.catalogue(), owner.texts()
    written = {message.id: message for message in catalogue if message.id}
    for msgid in sorted(texts | set(written)):
        message = written.get(msgid)
        if msgid not in texts:
            yield f"står inte längre i koden: {msgid}"
        elif message is None or not message.string:
            yield f"saknar engelska: {msgid}"
        elif message.fuzzy:
            yield f"är märkt fuzzy, läs igenom: {msgid}"
        elif _names(msgid) != _names(message.string):
            yield f"har inte samma namn inom klamrar: {msgid}"
    for msgid in catalogue.obsolete:
        yield f"ligger kvar bortkommenterad: {msgid}"


def _names(text: object) -> list[str]:
    try:
        return sorted(name for _, name, _, _ in Formatter().parse(str(text)) if name is not None)
    except ValueError:
        return [f"går inte att läsa: {text}"]


def compile_to_mo(owner: Owner) -> None:
    """Make the file that the pages read, beside the catalogue: the same bytes from the same texts."""
    if owner.po.exists():
        catalogue = owner.catalogue()
        catalogue.creation_date = catalogue.revision_date = datetime(2027, 1, 1, tzinfo=UTC)
        with owner.po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def main(act: str, root: Path) -> int:
    """Do `act` for everybody in the tree; return the exit status."""
    found = []
    for owner in owners(root):
        if act == "update":
            update(owner)
        elif act == "compile":
            compile_to_mo(owner)
        else:
            found += [f"{owner.po.relative_to(root)}: {fault}" for fault in faults(owner)]
    print("\n".join(found) or "Klart.")
    return 1 if found else 0


if __name__ == "__main__":
    asked = sys.argv[1:] or ["check"]
    if asked[0] not in ("update", "check", "compile"):
        sys.exit("Skriv script/translate update, check eller compile.")
    sys.exit(main(asked[0], Path(asked[1] if len(asked) > 1 else ".").resolve()))
