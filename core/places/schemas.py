"""What is asked and told about places and areas."""

from __future__ import annotations

from core.i18n import N_
from core.places.models import AREA_KINDS, CONTROL_ROLES, PLACE_KINDS, PUBLIC_ACCESS
from core.schema import Schema, fields


class Search(Schema):
    """The list's filter, and where its next page begins."""

    q = fields.String(max=200, label=N_("Namn eller nummer"))
    efter = fields.String(max=300, widget="hidden")


class ControlIn(Schema):
    """Who answers for what."""

    role = fields.Choice(CONTROL_ROLES, required=True)
    organisation = fields.String(required=True, max=60)
    source = fields.String(max=300, load_default="")


class PlaceIn(Schema):
    """A place to add."""

    name = fields.String(required=True, min=1, max=200, label=N_("Vad heter platsen?"))
    kind = fields.Choice(PLACE_KINDS, required=True, label=N_("Vilken sorts plats är det?"))
    geometry = fields.GeoJSON(required=True, shapes=("Polygon", "MultiPolygon"), label=N_("Var ligger den?"))
    public_access = fields.Choice(PUBLIC_ACCESS, required=True, label=N_("Vilket tillträde har allmänheten?"))
    description = fields.String(max=4000, multiline=True, load_default="", label=N_("Beskrivning"))
    controls = fields.List(fields.Nested(ControlIn), max=50, load_default=list)


class OrganisationRef(Schema):
    """An organisation, named."""

    code = fields.String(required=True, max=60)
    name = fields.String(required=True, max=200)


class ControlOut(Schema):
    """Who answers for what, from when."""

    role = fields.String(required=True, max=40)
    organisation = fields.Nested(OrganisationRef, required=True)
    valid_from = fields.Date(required=True)


class PlaceLine(Schema):
    """A place in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    kind = fields.String(required=True, max=40)
    public_access = fields.String(required=True, max=40)
    district = fields.String(required=True, allow_none=True, max=200)


class PlaceOut(Schema):
    """A place, whole."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    kind = fields.String(required=True, max=40)
    public_access = fields.String(required=True, max=40)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    geometry = fields.Object(required=True)
    district = fields.Nested(OrganisationRef, required=True, allow_none=True)
    controls = fields.List(fields.Nested(ControlOut), required=True)
    version = fields.Integer(required=True)


class PlacePage(Schema):
    """A page of places; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(PlaceLine), required=True)
    next = fields.String(required=True, allow_none=True, max=300)


class PlaceQuery(Schema):
    """Which places to list."""

    q = fields.String(max=200)
    after = fields.String(max=300)


class AreaQuery(Schema):
    """A point in degrees, and the day (today)."""

    longitude = fields.Longitude(required=True)
    latitude = fields.Latitude(required=True)
    day = fields.Date()


class AreaOut(Schema):
    """An area that holds the point."""

    uid = fields.Uid(required=True)
    kind = fields.Choice(AREA_KINDS, required=True)
    code = fields.String(required=True, max=80)
    name = fields.String(required=True, max=120)
    approximate = fields.Boolean(required=True)


class AreasOut(Schema):
    """Every area that holds the point; none means outside all areas."""

    items = fields.List(fields.Nested(AreaOut), required=True)
