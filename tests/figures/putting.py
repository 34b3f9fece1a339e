"""A figure that is there, as if it had come in a file."""

from uuid import uuid4

from core import db
from core.figures import services
from core.figures.cells import as_of, read
from core.figures.naming import indicators_by_key
from core.figures.periods import read as days_of
from core.figures.services import Row
from core.places.models import DISTRICT


def put(actor, key, area, period, text, *, kind=DISTRICT, part="", n=None):
    """Let a figure be there, inside a transaction: `text` as a cell of a file has it. Returns its uid."""
    first, last = days_of(period)
    indicator, record = indicators_by_key()[key], uuid4()
    row = Row(
        area_kind=kind, area_code=area, area_name=area.title(), first_on=first, last_on=last, part=part,
        indicator=indicator, cells=(("value", indicator, as_of(read(text), indicator)),),
        key=f"{area} {period} {key} {part}", n=n,
    )  # fmt: skip
    services.take_in(actor, db.uid_of("prov"), "Prov", record=record, row=row)
    return record
