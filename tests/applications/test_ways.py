"""The way from an application to its assessments, order, decision and work; and to the questions of who is asked."""

import re

import pytest

from tests.applications.coach.conftest import application_of, whole
from tests.walks.scene import scene

pytestmark = pytest.mark.other_database_long

__all__ = ["scene", "whole"]
WAYS = re.compile(r'<section[^>]*id="vidare".*?</section>|id="vidare".*?</ul>', re.DOTALL)


@pytest.mark.parametrize(
    ("state", "city", "board"),
    [
        ("utkast", None, ""),
        ("namndbeslutad", None, ""),
        ("inskickad", "bedomningar ordning", ""),
        ("avslag", "bedomningar ordning beslut", "beslut"),
        ("delvis_beviljad", "bedomningar ordning beslut", "beslut"),
        (
            "genomfors",
            "bedomningar ordning beslut genomforande rapporter effekt",
            "beslut genomforande rapporter effekt",
        ),
        (
            "avslutad",
            "bedomningar ordning beslut genomforande rapporter effekt",
            "beslut genomforande rapporter effekt",
        ),
    ],
)
def test_it_leads_where_it_has_come_as_far_as_one_reads_that(database, whole, client, state, city, board):
    """And each address answers."""
    with database.transaction():
        application_of(whole).state = state
    for reader, expected in ((whole.officer, city), (whole.writer, board)):
        client.login(reader)
        shown = client.get(f"/ansokningar/{whole.uid}")
        if expected is None:
            assert shown.status_code == 404, "it is the board's own paper"
            continue
        found = WAYS.search(shown.text)
        addresses = re.findall(r'href="(/[^"]+)"', found[0]) if found else []
        assert [one.rpartition("/")[2] for one in addresses] == expected.split()
        assert {client.get(one).status_code for one in addresses} <= {200}


def test_who_is_asked_and_reads_no_applications_has_the_questions_in_the_menu(database, whole, client, actors):
    """Who reads applications has them on that page, and one entry in the menu."""

    def menu(reader, address):
        client.login(reader)
        page = client.get(address).text
        return re.findall(
            r'href="(/ansokningar[^"]*)"( aria-current="page")?', page.partition("tp-nav")[2].partition("</nav>")[0]
        )

    current = ' aria-current="page"'
    assert menu(actors("polis", "polis-jarva"), "/ansokningar/fragor") == [("/ansokningar/fragor", current)]
    assert menu(whole.writer, "/ansokningar/fragor") == [("/ansokningar", current)]
    assert menu(whole.writer, "/ansokningar") == [("/ansokningar", current)]
    assert 'href="/ansokningar/fragor"' in client.get("/ansokningar").text
