"""What is told about figures in the API, and to map tools by OGC API Features."""

from __future__ import annotations

from core.figures.models import DIRECTIONS, EVERY, KINDS, STATUSES, SUPPRESSION, UNITS
from core.places.models import AREA_KINDS
from core.schema import ListPage, ListQuery, Schema, fields


class IndicatorOut(Schema):
    """An indicator."""

    uid = fields.Uid(required=True)
    key = fields.String(required=True, max=60)
    title = fields.String(required=True, max=200)
    what = fields.String(required=True, blank=True, max=2000, multiline=True)
    unit = fields.Choice(UNITS, required=True)
    kind = fields.Choice(KINDS, required=True)
    direction = fields.Choice(DIRECTIONS, required=True)
    source = fields.String(required=True, max=200)
    every = fields.Choice(EVERY, required=True)
    suppression = fields.Choice(SUPPRESSION, required=True)
    adds = fields.Boolean(required=True)
    newest = fields.Date(required=True, allow_none=True)
    received_at = fields.Instant(required=True, allow_none=True)


class IndicatorsPage(ListPage):
    """All indicators."""

    items = fields.List(fields.Nested(IndicatorOut), required=True)


class FiguresQuery(ListQuery):
    """Which figures of an indicator."""

    area_kind = fields.Choice(AREA_KINDS)
    area = fields.String(max=80)
    part = fields.String(max=80)
    period = fields.String(max=40)


class LayerQuery(Schema):
    """Which figures of an indicator a layer holds: of a kind of area, a part and a period; the newest without one."""

    area_kind = fields.Choice(AREA_KINDS)
    part = fields.String(max=80)
    period = fields.String(max=40)


class FigureOut(Schema):
    """A figure. Without a value its `status` says why: it is missing, or its source has suppressed it."""

    uid = fields.Uid(required=True)
    indicator = fields.Uid(required=True)
    area_kind = fields.Choice(AREA_KINDS, required=True)
    area = fields.String(required=True, max=80)
    area_name = fields.String(required=True, max=120)
    part = fields.String(required=True, blank=True, max=80)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    status = fields.Choice(STATUSES, required=True)
    value = fields.Float(required=True, allow_none=True)
    n = fields.Integer(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)


class FiguresPage(ListPage):
    """A page of figures."""

    items = fields.List(fields.Nested(FigureOut), required=True)


class CitationOut(FigureOut):
    """A figure as it is cited: in words, with its source, and whether it still holds."""

    title = fields.String(required=True, max=200)
    period = fields.String(required=True, max=60)
    said = fields.String(required=True, max=200)
    source = fields.String(required=True, max=200)
    received_at = fields.Instant(required=True)
    holds = fields.Boolean(required=True)


# --- OGC API Features ---------------------------------------------------------------------------------------------


class LinkOut(Schema):
    """Where something else is."""

    rel = fields.String(required=True, max=40)
    type = fields.String(required=True, max=80)
    href = fields.String(required=True, max=1000)


class LandingOut(Schema):
    """What there is."""

    title = fields.String(required=True, max=80)
    description = fields.String(required=True, max=200)
    links = fields.List(fields.Nested(LinkOut), required=True)


class ConformanceOut(Schema):
    """Which parts of the standard hold."""

    conformsTo = fields.List(fields.String(max=200), required=True)  # noqa: N815 - the standard's name


class CollectionOut(Schema):
    """A collection: the figures of an indicator."""

    id = fields.String(required=True, max=60)
    title = fields.String(required=True, max=200)
    description = fields.String(required=True, blank=True, max=2000, multiline=True)
    itemType = fields.String(required=True, max=20)  # noqa: N815
    crs = fields.List(fields.String(max=200), required=True)
    links = fields.List(fields.Nested(LinkOut), required=True)


class CollectionsOut(Schema):
    """All collections."""

    links = fields.List(fields.Nested(LinkOut), required=True)
    collections = fields.List(fields.Nested(CollectionOut), required=True)


class ItemsQuery(Schema):
    """Which features: in a box of degrees, whose period touches some days, so many, after the one with a number."""

    bbox = fields.String(max=120)
    datetime = fields.String(max=80)
    area_kind = fields.Choice(AREA_KINDS)
    limit = fields.Integer(min=1, max=1000, load_default=100)
    offset = fields.Integer(min=0, load_default=0)


class ItemsOut(Schema):
    """Features, and a link to the next ones."""

    type = fields.String(required=True, max=20)
    features = fields.List(fields.Object(), required=True)
    numberReturned = fields.Integer(required=True)  # noqa: N815
    links = fields.List(fields.Nested(LinkOut), required=True)


class FeatureOut(Schema):
    """A feature."""

    type = fields.String(required=True, max=20)
    id = fields.Uid(required=True)
    geometry = fields.Object(required=True, allow_none=True)
    properties = fields.Object(required=True)
    links = fields.List(fields.Nested(LinkOut), required=True)
