"""Five thousand real reports as observations: every page and map asks the database what it asked when they were few."""

import csv
import re
from collections import Counter
from html import unescape

import pytest

from tests.walks import boston
from tests.walks.boston import NEW_YEAR, City

FEW = 20
"""Every twentieth report is there when they are few: all pages have something to show, and are not full."""
MOST = 5
"""How often a page asks one and the same: a question for each row of a full list is more, however many rooms answer."""
KILOBYTE = 1000
BOARD = boston.BOARDS[0]
PLACE, WALK, SEEN = "{place}", "{walk}", "{seen}"
PAIRS = f"/vandringar/{WALK}/dubbletter"
"""Asks for photos when there is a pair at all, of which the few have none."""
OF_OTHERS = f"/iakttagelser/{SEEN}"
"""Asks why one may not answer: of the few it is seen by who answers for it, of the many by who coordinates it."""
COORDINATOR = {
    "/": 100,
    "/platser": 150,
    "/platser?q=Dorchester": 150,
    "/api/v1/places": 50,
    "/api/v1/places.geojson": 200,
    f"/platser/{PLACE}": 150,
    f"/api/v1/places/{PLACE}": 10,
    "/vandringar": 150,
    "/api/v1/walks": 50,
    "/vandringar/rapport": 100,
    f"/vandringar/{WALK}": 200,
    f"/api/v1/walks/{WALK}": 20,
    f"/vandringar/{WALK}/granska": 100,
    f"/vandringar/{WALK}/protokoll": 150,
    PAIRS: 200,
    f"/vandringar/{WALK}/aterkoppling": 100,
    OF_OTHERS: 100,
    f"/api/v1/observations/{SEEN}": 10,
    "/bilder/att-granska": 100,
    "/skotsel": 150,
    "/api/v1/deadlines": 100,
}
RECEIVER = {
    "/": 100,
    "/platser": 150,
    "/api/v1/places.geojson": 400,
    f"/platser/{PLACE}": 150,
    "/inkorg": 200,
    "/inkorg?visa=besvarade": 200,
    "/skotsel": 150,
    "/vandringar/rapport": 100,
}
"""What is asked, and how many kilobytes the answer may have; of a list also the second page."""
SECOND = " further"
FURTHER = re.compile(r'href="([^"]*[?;](?:efter|fore)=[^"]+)"|"next":"([^"]+)"')


@pytest.fixture
def morning(clock):
    clock.stop_at(NEW_YEAR)


@pytest.fixture
def told(client, queries):
    """Ask for each address as somebody; return the statements it took, and how large the answer was.

    They are told as how many there were, and how often the commonest of them was asked.
    """

    def told(reader, addresses, spots):
        client.login(reader)
        client.get("/")  # the first page of a session notes that somebody is there
        found, waiting = {}, [(address, address.format(**vars(spots))) for address in addresses]
        for name, address in waiting:
            with queries() as asked:
                answer = client.get(address)
                text = answer.text
            assert answer.status_code == 200, address
            statements = Counter(sql for sql in asked if counts(sql))
            found[name] = statements.total(), max(statements.values()), len(answer.data)
            if name in addresses and (further := FURTHER.search(text)):
                page, mark = further.groups()
                waiting.append((name + SECOND, unescape(page) if page else f"{address}?after={mark}"))
        return found

    return told


def counts(sql):
    """Whether it is a question about content; which plugins run is asked every few seconds, whoever asks what."""
    return sql.startswith(("SELECT", "WITH")) and "FROM plugin" not in sql


@pytest.mark.other_database_long
def test_pages_and_maps_ask_the_same_of_five_thousand_as_of_few(shared_data, database, actors, client, told, morning):
    """And the report on walks says of them what the city itself does."""
    everything = boston.reports(shared_data)
    with database.transaction():
        city = City()
        city.add(everything[::FEW])
        spots = boston.where_most_lies(BOARD)
    readers = ((actors("sdn_samordnare", BOARD), COORDINATOR), (actors("tk_drift", "trafik"), RECEIVER))
    few = [told(reader, addresses, spots) for reader, addresses in readers]
    with database.transaction():
        city.add([report for n, report in enumerate(everything) if n % FEW])
        spots = boston.where_most_lies(BOARD)
    many = [told(reader, addresses, spots) for reader, addresses in readers]
    for before, after, (_, addresses) in zip(few, many, readers, strict=True):
        known = {page: asked + (page in (PAIRS, OF_OTHERS)) for page, (asked, *_) in before.items()}
        assert {page: asked for page, (asked, *_) in after.items() if page in before} == known
        more = {page.removesuffix(SECOND): asked for page, (asked, *_) in after.items() if page not in before}
        assert {page for page, asked in more.items() if asked > known[page]} == set()
        assert {page: often for page, (_, often, _) in after.items() if often > MOST} == {}
        bound = {page: addresses[page.removesuffix(SECOND)] * KILOBYTE for page in after}
        assert {page: size for page, (*_, size) in after.items() if size > bound[page]} == {}
    client.login(actors("slk_handlaggare", "slk"))
    reported = Counter()
    for _, _, what, count in csv.reader(client.get("/vandringar/rapport.csv").text.splitlines()[1:], delimiter=";"):
        reported[what] += int(count)
    assert (reported["besvarade"], reported["i tid"]) == answered(everything) > (4000, 3000)


def answered(reports):
    """What the city itself says of these reports: how many it answered, and how many of those in time (`ontime`)."""
    done = [report for report in reports if report["target_dt"] and report.is_done]
    return len(done), sum(report["ontime"] == "ONTIME" for report in done)
