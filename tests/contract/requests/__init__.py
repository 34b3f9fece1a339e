"""One good request for every route there is, so that tests can walk all of them; a route without one fails a test."""

from tests.contract.request import Request
from tests.contract.requests import (
    agreements,
    api,
    applying,
    coaching,
    cooperation,
    deciding,
    documents,
    duties,
    figures,
    imports,
    lifting,
    open311,
    pages,
    presence,
    reporting,
    reserve,
    rounds,
    second_half,
    spending,
    upkeep,
    works,
)
from tests.contract.requests.pages import ANSWER

__all__ = ["ANSWER", "READS_AND_WRITES", "REQUESTS", "walked"]

LAST = (Request("POST", "/logga-ut", form=lambda _: {}),)
REQUESTS = (
    *presence.REQUESTS,  # on places that the next ones close
    *api.REQUESTS,
    *upkeep.REQUESTS,
    *works.REQUESTS,
    *cooperation.REQUESTS,
    *lifting.REQUESTS,
    *duties.REQUESTS,
    *figures.REQUESTS,
    *agreements.REQUESTS,
    *reserve.REQUESTS,
    *applying.REQUESTS,
    *spending.REQUESTS,
    *reporting.REQUESTS,
    *second_half.REQUESTS,
    *rounds.REQUESTS,
    *coaching.REQUESTS,
    *imports.REQUESTS,
    *open311.REQUESTS,
    *documents.REQUESTS,
    *deciding.REQUESTS,
    *pages.REQUESTS,
    *LAST,
)
"""In an order in which each can be done after those before it; logging out comes last."""

READS_AND_WRITES = frozenset({"GET", "PUT", "POST", "PATCH", "DELETE"})


def walked(app):
    """Every (method, rule) of the application, but for HEAD and OPTIONS, which follow from the others."""
    return {(m, rule.rule) for rule in app.url_map.iter_rules() for m in rule.methods & READS_AND_WRITES}
