"""What is asked and told about the city's areas and assets."""

from __future__ import annotations

from core.i18n import N_
from core.places.models import AREA_KINDS, ASSET_KINDS
from core.schema import ListPage, ListQuery, Schema, fields

FARTHEST = 20_000
"""Metres around a spot."""


class AreaQuery(Schema):
    """A point in degrees, and the day (today)."""

    longitude = fields.Longitude(required=True)
    latitude = fields.Latitude(required=True)
    day = fields.Date()


class AreaMapQuery(Schema):
    """Which areas to draw."""

    kind = fields.Choice(AREA_KINDS)
    day = fields.Date()


class FeaturesOut(Schema):
    """GeoJSON for a map (RFC 7946)."""

    type = fields.Choice({"FeatureCollection": N_("Kartobjekt")}, required=True)
    features = fields.List(fields.Object(), required=True)


class AreaOut(Schema):
    """An area that holds the point."""

    uid = fields.Uid(required=True)
    kind = fields.Choice(AREA_KINDS, required=True)
    code = fields.String(required=True, max=80)
    name = fields.String(required=True, max=120)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)
    approximate = fields.Boolean(required=True)


class AreasOut(Schema):
    """Every area that holds the point; none means outside all areas."""

    items = fields.List(fields.Nested(AreaOut), required=True)


class AreaRef(Schema):
    """An area that a place lies in, or lay in."""

    kind = fields.Choice(AREA_KINDS, required=True)
    code = fields.String(required=True, max=80)
    name = fields.String(required=True, max=120)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class AreaList(Schema):
    """Which kind of area to show."""

    slag = fields.Choice(AREA_KINDS, widget="select", label=N_("Slag av område"))


class AssetQuery(ListQuery):
    """Which assets: by number, in a box of degrees (west, south, east, north), or the nearest to a pair."""

    kind = fields.Choice(ASSET_KINDS)
    number = fields.String(max=60)
    bbox = fields.String(max=120)
    near = fields.String(max=60)
    within_m = fields.Integer(min=1, max=FARTHEST)


class AssetOut(Schema):
    """An asset."""

    uid = fields.Uid(required=True)
    kind = fields.Choice(ASSET_KINDS, required=True)
    number = fields.String(required=True, max=60)
    longitude = fields.Longitude(required=True)
    latitude = fields.Latitude(required=True)
    source = fields.String(required=True, blank=True, max=300)
    valid_from = fields.Date(required=True)


class AssetsOut(ListPage):
    """A page of assets."""

    items = fields.List(fields.Nested(AssetOut), required=True)
