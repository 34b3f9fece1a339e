"""The analysis of causes on its page: the words first, the same rows drawn, and the programme's five steps."""

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core import access, clock
from core.cooperation import services
from core.cooperation.analysis import parts
from core.cooperation.drawing import BONES, fishbone, half_width, leftmost, triangle
from core.cooperation.models import CRITERIA
from core.cooperation.states import CAUSE
from core.figures.services import load_indicators, undo_row
from core.people.services import organisation
from core.schema import Invalid
from tests.cooperation.conftest import PARTIES, asked_for, begin, hand_in, write
from tests.cooperation.test_chain import FACTS, likely, problem, third  # noqa: F401 - a fixture
from tests.figures.putting import put

pytestmark = pytest.mark.other_database_long


class Table(HTMLParser):
    """The rows of the table with the caption Orsaker, as the texts of their cells."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(re.search(r"<table.*?Orsaker</caption>.*?<tbody[^>]*>(.*?)</tbody>", page, re.DOTALL)[1])

    def handle_starttag(self, tag, _attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


def drawings(page):
    """Each drawing as its text alternative and what is written in it."""
    found = re.findall(r'<svg[^>]*role="img" aria-label="(.*?)">(.*?)</svg>', page, re.DOTALL)
    return [(unescape(label), unescape(re.sub(r"<[^>]+>", " ", body))) for label, body in found]


@pytest.fixture
def tree(database, third):  # noqa: F811
    """A cause that was kept, one behind it that is a guess with evidence against it, and one that was dropped."""
    with database.transaction():
        uid = problem(third.leader, third.cycle)
        top = likely(third.police, uid)
        guess = services.add_cause(
            third.leader, uid, uid=uuid4(), parent=top, **FACTS | {"text": "Ingen anmäler & felen"}
        )
        services.tell(third.traffic, guess.uid, evidence=uuid4(), stance="emot", text="Tre anmälningar i oktober.")
        facts = FACTS | {"text": "De som stör bor i närheten", "side": "garningsperson"}
        dropped = services.add_cause(third.leader, uid, uid=uuid4(), **facts)
        services.move_cause(third.traffic, dropped.uid, "forkasta", reason="De kommer med tåget.")
    return uid


def test_the_words_come_first_and_say_each_cause_its_evidence_and_how_it_stands(database, third, tree, client):  # noqa: F811
    client.login(third.leader)
    page = client.get(f"/samverkan/problem/{tree}").text
    assert page.index("Orsaker</caption>") < page.index('<svg class="tp-cause"')
    with database.transaction():
        known = services.tree_of(third.leader, services.read_problem(third.leader, tree))
        told = [
            (
                one.cause,
                [row.text for row in one.speaks_for],
                [row.text for row in one.speaks_against],
                one.cause.settled_for,
            )
            for one in known
        ]
        settled = [by.name if by else "" for *_, by in told]
    rows = Table(page).rows
    assert len(rows) == len(told) == 3
    for row, (cause, pro, against, _), by in zip(rows, told, settled, strict=True):
        state = CAUSE.states[cause.state].label
        assert row[0] == str(cause.number)
        assert row[1].startswith(cause.text)
        assert row[2] == ("; ".join(pro) or "–")
        assert row[3] == ("; ".join(against) or "–")
        assert state in row[5]
        assert row[6].startswith(by or "–")
    triangle, fishbone = drawings(page)
    for label, written in (triangle, fishbone):
        for cause, pro, against, _ in told:
            state = CAUSE.states[cause.state].label
            assert f"{cause.number} {cause.text}: {state}" in label
            assert all(text.rstrip(".") in label for text in (*pro, *against))
            assert cause.text in written
            assert written.count(state) >= 1


def test_what_evidence_points_at_is_linked_for_who_may_see_it(database, third, client):  # noqa: F811
    with database.transaction():
        uid = problem(third.leader, third.cycle)
        cause = services.add_cause(third.leader, uid, uid=uuid4(), **FACTS)
        cycle = services.read_cycle(third.police, third.cycle)
        report = services.begin_common(third.police, third.cycle)
        days = {"first_on": cycle.started_on, "last_on": cycle.started_on}
        facts = {"kind": "polisstatistik", "what": "Rån", "value": 9.0, "unit": "fall", "source": "Polisen"} | days
        figure = services.add_evidence(third.police, report.uid, evidence=uuid4(), **facts)
        services.tell(third.traffic, cause.uid, evidence=uuid4(), stance="for", text="Fler rån.", figure=figure.uid)
    client.login(third.leader)
    told = client.get(f"/samverkan/orsaker/{cause.uid}").text
    assert "Polisens statistik: " in told
    assert f'href="/samverkan/{third.cycle}/lagesbilder#siffror-1"' in told, "a figure is a number, and where it stands"
    with pytest.raises(Invalid, match="bara ett"), database.transaction():
        both = {"observation": uuid4(), "figure": figure.uid}
        services.tell(third.leader, cause.uid, evidence=uuid4(), stance="for", text="Båda.", **both)


def test_the_city_s_statistics_are_evidence_as_long_as_they_hold(database, third, client):  # noqa: F811
    with database.transaction():
        load_indicators(access.system("test"))
        old, new = (put(third.leader, "folkmangd", "farsta", *told) for told in (("2024", "57 000"), ("2025", "<5")))
        uid = problem(third.leader, third.cycle)
        cause = services.add_cause(third.leader, uid, uid=uuid4(), **FACTS)
        offered = services.statistics_of(third.leader, services.read_cycle(third.leader, third.cycle))
        assert [one.uid for one in offered] == [new], "the newest of the area that the place lies in"
        services.tell(third.leader, cause.uid, evidence=uuid4(), stance="for", text="Få.", statistic=new)
        services.tell(third.leader, cause.uid, evidence=uuid4(), stance="emot", text="Många.", statistic=old)
    client.login(third.leader)
    page = f"/samverkan/orsaker/{cause.uid}"
    shown = client.get(page).text
    assert "Folkmängd, Farsta, 2025: färre än 5" in shown, "what is suppressed is no zero"
    assert f'href="/statistik/siffror/{old}"' in shown
    assert "gäller inte längre" not in shown
    with database.transaction():
        undo_row(third.leader, old, "Fel fil")
    assert "Folkmängd, Farsta, 2024: 57 000, gäller inte längre" in client.get(page).text


def test_a_figure_that_is_sealed_is_nobody_s_evidence(database, third, scene, actors):  # noqa: F811
    """Somebody who knows the uid of a figure in another cycle's sealed picture gets nothing to point at."""
    with database.transaction():
        other = begin(third.leader, scene.place, title="En annan")
        for _, code in PARTIES:
            known = {"organisation": organisation(code).uid, "role": "medverkande", "mandate": "Samordnare"}
            services.add_party(third.leader, other.uid, **known)
        services.move_cycle(third.leader, other.uid, "begar_lagesbilder")
        report = write(third.traffic, other.uid, "Mörkt")
        days = {"first_on": other.started_on, "last_on": other.started_on}
        figure = services.add_evidence(
            third.traffic, report, evidence=uuid4(), kind="dialog", what="Mörkt", source="Samtal", **days
        )
        own = services.add_evidence(
            third.leader, write(third.leader, other.uid, "Mörkt"), evidence=uuid4(), kind="dialog", what="Mörkt",
            source="Samtal", **days,
        )  # fmt: skip
        uid = problem(third.leader, third.cycle)
        cause = services.add_cause(third.leader, uid, uid=uuid4(), **FACTS)
    for one in (figure, own):
        with pytest.raises(access.Missing), database.transaction():
            services.tell(third.leader, cause.uid, evidence=uuid4(), stance="for", text="Så.", figure=one.uid)


def test_what_was_never_handed_in_is_nobody_s_evidence_not_even_one_s_own(database, together):
    """The time opens the pictures; the police have only begun theirs, and nobody but they would read what they cite."""
    with database.transaction():
        asked_for(together)
        for actor in (together.leader, together.traffic):
            hand_in(actor, together.cycle)
        draft = write(together.police, together.cycle, "Mörkt")
        days = {"first_on": clock.today(), "last_on": clock.today()}
        facts = {"kind": "polisstatistik", "what": "Rån i utkast", "source": "Polisen"} | days
        figure = services.add_evidence(together.police, draft, evidence=uuid4(), **facts)
    with clock.frozen(clock.now() + timedelta(days=15)):
        with database.transaction():
            services.move_cycle(together.leader, together.cycle, "borja_prioritera")
            cause = services.add_cause(together.police, problem(together.police, together.cycle), uid=uuid4(), **FACTS)
        said = {"stance": "for", "text": "Nio rån.", "figure": figure.uid}
        with pytest.raises(access.Missing), database.transaction():
            services.tell(together.police, cause.uid, evidence=uuid4(), **said)
        with database.transaction():
            cycle = services.read_cycle(together.police, together.cycle)
            assert services.figures_in(together.police, cycle) == [], "nor is it offered"
            services.move_picture(together.police, draft, "lamna_in")
            assert [one.uid for one in services.figures_in(together.police, cycle)] == [figure.uid]
            services.tell(together.police, cause.uid, evidence=uuid4(), **said)


def test_the_five_steps_follow_from_what_is_written(database, third, tree):  # noqa: F811
    with database.transaction():
        row = services.read_problem(third.leader, tree)

        def left(**known):
            causes = [one.cause for one in services.tree_of(third.leader, row)]
            return [one.left for one in parts(row, **({"seen": 0, "causes": causes, "measures": 0} | known))]

        assert left() == [
            "Skriv var och när problemet finns.",
            "Skriv hur det går till, vem som berörs och vad följden blir.",
            "Skriv vad ni skulle se om det stämmer. Det saknas för orsak 2, 3.",
            "En orsak är inte avgjord. Pröva den.",
            "Skriv minst en åtgärd mot en trolig orsak.",
        ]
        words = {"where": "Torget", "whom": "Alla", "how": "I mörkret"}
        services.change_problem(third.leader, tree, **words)
        services.score(third.leader, tree, **dict.fromkeys(CRITERIA, 3))
        services.move_problem(third.leader, tree, "prioritera", reason="Värst.")
        assert left(seen=1, causes=[], measures=1) == [
            "",
            "",
            "Skriv ned de orsaker ni kan tänka er.",
            "Ingen orsak är trolig än.",
            "",
        ]
        assert [one.number for one in parts(row, seen=1, causes=[], measures=0) if one.current] == [3]
        early = {one.number: one.early for one in parts(row, seen=1, causes=[], measures=1)}
        assert early == {1: False, 2: False, 3: False, 4: False, 5: True}, "what is done too early is not done"


def test_the_words_of_a_fishbone_end_before_the_next_bone():
    known = {"text": "Säljarna har inget annat ställe där ingen ser dem", "state": "hypotes"}
    causes = [SimpleNamespace(number=n, side=side, **known) for n in range(6) for side in BONES]
    spots, _, spine = fishbone(causes)
    for one, cause in zip(sorted(spots, key=lambda spot: spot.number), causes, strict=True):
        foot, way = BONES[cause.side]
        bone = foot - abs(spine - one.y) / 2
        assert one.text_x + 7 * len(one.text) < bone, way
    assert leftmost(spots) < min(one.x for one in spots) - 14


def test_the_words_of_a_triangle_lie_within_it_however_long_they_are():
    known = {"text": "Säljarna har inget annat ställe där ingen ser dem", "state": "hypotes"}
    causes = [SimpleNamespace(number=n, side=side, **known) for n in range(4) for side in BONES]
    spots = triangle(causes)
    half = half_width(spots)
    for one in spots:
        before = {"end": 1, "middle": 0.5, "start": 0}[one.anchor] * 7 * len(one.text)
        assert 450 - half <= one.text_x - before <= one.text_x - before + 7 * len(one.text) <= 450 + half
    assert half_width([]) == 450


def test_what_is_saved_is_said_where_it_stands_and_motives_are_shown(database, third, client):  # noqa: F811
    with database.transaction():
        uid = problem(third.leader, third.cycle)
        services.score(third.police, uid, **dict.fromkeys(CRITERIA, 4), motive="Anmälningar i våras")
    here = f"/samverkan/problem/{uid}"
    client.login(third.leader)
    assert "Anmälningar i våras" in client.get(here).text
    wrong = client.submit(f"{here}/poang", dict.fromkeys(CRITERIA, "3,5"), page=here)
    assert "Skriv ett heltal från 1 till 5." in wrong.text
    done = client.submit(f"{here}/poang", dict.fromkeys(CRITERIA, "1"), page=here)
    assert done.headers["Location"].endswith(f"{here}#poang-tabell")
    assert client.get(here).text.count("Sparat.") == 1
    assert "Sparat." not in client.get(here).text
    listed = client.get(f"/samverkan/{third.cycle}/prioritering").text
    assert "Parterna kan inte göra mycket åt det." not in listed, "the mean is 2,5"
    with database.transaction():
        services.score(third.police, uid, **dict.fromkeys(CRITERIA, 1))
    assert "Parterna kan inte göra mycket åt det." in client.get(f"/samverkan/{third.cycle}/prioritering").text
