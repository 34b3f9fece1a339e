"""What is asked and told about places: the list, the form, and the place whole."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema
from marshmallow.validate import Regexp

from core import geo
from core.i18n import N_
from core.places.models import CONFIDENTIALITY, LABELS, PHOTO_POLICIES, PLACE_KINDS, PUBLIC_ACCESS
from core.places.outline import LONGEST, TITLES, Outline, read_entries
from core.places.schemas.answering import ControlIn, ControlOut, LabelOut, OrganisationRef
from core.places.schemas.city import FARTHEST, AreaRef
from core.places.states import PLACE
from core.schema import Invalid, ListFilter, ListPage, ListQuery, Schema, fields

STATES = {"oppen": N_("Öppna"), "stangd": N_("Stängda"), "sammanslagen": N_("Sammanslagna"), "alla": N_("Alla")}
"""Which places a list shows."""
PLACE_STATES = {key: state.label for key, state in PLACE.states.items()}
TELEPHONE = r"[+0-9][0-9 \-]{4,38}"
SMALLEST_RADIUS, LARGEST_RADIUS = 2, 1_250


class Search(ListFilter):
    """The list's filter, and where its next page begins."""

    q = fields.String(max=200, label=N_("Namn eller nummer"))
    sort = fields.Choice(PLACE_KINDS, widget="select", label=N_("Sort"))
    namnd = fields.String(max=60, widget="select", label=N_("Stadsdelsnämnd"))
    markning = fields.Choice(LABELS, widget="select", label=N_("Märkning"))
    lage = fields.Choice(STATES, widget="select", label=N_("Läge"))
    nara = fields.String(max=60, label=N_("Nära (nord och öst)"))
    inom = fields.Integer(min=1, max=FARTHEST, label=N_("Inom"), suffix="m")
    dag = fields.Date(label=N_("Som det var den"))
    karta = fields.Choice({"ja": N_("Visa karta")}, widget="hidden", label=N_("Karta"))


def _telephone(**more: Any) -> fields.String:
    wrong = N_("Skriv ett telefonnummer, till exempel 08-123 45 67.")
    pattern = f"^({TELEPHONE})?$"
    return fields.String(max=40, validate=Regexp(pattern, error=wrong), metadata={"pattern": pattern}, **more)


class EntryIn(Schema):
    """A way in, in degrees."""

    name = fields.String(required=True, min=1, max=80)
    longitude = fields.Longitude(required=True)
    latitude = fields.Latitude(required=True)


class Facts(Schema):
    """What is said about a place beside where it is."""

    name = fields.String(required=True, min=1, max=200, label=N_("Vad heter platsen?"))
    kind = fields.Choice(PLACE_KINDS, required=True, label=N_("Vilken sorts plats är det?"))
    public_access = fields.Choice(PUBLIC_ACCESS, required=True, label=N_("Vilket tillträde har allmänheten?"))
    description = fields.String(max=4000, multiline=True, load_default="", label=N_("Beskrivning"))
    photo_policy = fields.Choice(PHOTO_POLICIES, load_default="fri", label=N_("Får man fotografera där?"))
    confidentiality = fields.Choice(
        CONFIDENTIALITY,
        load_default="intern",
        label=N_("Hur skyddade är uppgifterna?"),
        hint=N_("Skriv inte in en plats som är sekretessmarkerad."),
    )
    oncall = _telephone(
        load_default="",
        label=N_("Vilket nummer har jouren?"),
        hint=N_("Dit den ringer som ser en fara på platsen."),
    )
    confirm_outside = fields.Confirm(load_default=False, label=N_("Ja, platsen ligger utanför staden"))
    confirm_overlap = fields.Confirm(load_default=False, label=N_("Ja, det ska vara två platser"))


class PlaceIn(Facts):
    """A place to add."""

    geometry = fields.GeoJSON(required=True, shapes=("Polygon", "MultiPolygon"), label=N_("Var ligger den?"))
    controls = fields.List(fields.Nested(ControlIn), max=50, load_default=list)
    entries = fields.List(fields.Nested(EntryIn), max=50, load_default=list)


class PlaceChange(Schema):
    """What to change about a place; what is left out stays as it is."""

    name = fields.String(min=1, max=200)
    kind = fields.Choice(PLACE_KINDS)
    public_access = fields.Choice(PUBLIC_ACCESS)
    description = fields.String(max=4000, multiline=True)
    photo_policy = fields.Choice(PHOTO_POLICIES)
    confidentiality = fields.Choice(CONFIDENTIALITY)
    oncall = _telephone()
    geometry = fields.GeoJSON(shapes=("Polygon", "MultiPolygon"))
    entries = fields.List(fields.Nested(EntryIn), max=50)
    confirm_outside = fields.Confirm()
    confirm_overlap = fields.Confirm()


class PlaceForm(Facts):
    """The form of a place, new or old: its shape as text."""

    uid = fields.Uid(load_default=None)
    system = fields.Choice(TITLES, required=True, widget="select", label=N_("Vilket koordinatsystem skriver du i?"))
    outline = fields.String(
        max=LONGEST,
        multiline=True,
        load_default="",
        label=N_("Var ligger platsen?"),
        hint=N_("Ett hörn på varje rad. En tom rad börjar en ny del."),
    )
    radius_m = fields.Integer(
        min=SMALLEST_RADIUS,
        max=LARGEST_RADIUS,
        allow_none=True,
        load_default=None,
        suffix="m",
        label=N_("Radie"),
        optional=N_("krävs för en punkt"),
        hint=N_("Bara om du har skrivit en enda punkt."),
    )
    entries = fields.String(
        max=8000,
        multiline=True,
        load_default="",
        label=N_("Vilka ingångar finns?"),
        hint=N_("En på varje rad: namn, kolon, nord och öst. Till exempel Norra entrén: 6571240 154870."),
    )

    @validates_schema(skip_on_field_errors=False)
    def read_texts(self, known: dict[str, Any], **_: Any) -> None:
        """Read the shape and the ways in as well: what is wrong with them is told together with the rest."""
        system, outline = known.get("system"), known.get("outline")
        wrong: dict[str, Any] = {}
        try:
            if system and outline:
                Outline(system, outline, known.get("radius_m", SMALLEST_RADIUS)).shape()
        except Invalid as refused:
            wrong = refused.errors
        except geo.GeometryRefused as refused:
            wrong = {"outline": list(filter(None, (refused.reason, refused.hint)))}
        try:
            if system:
                read_entries(known.get("entries", ""), system)
        except Invalid as refused:
            wrong = wrong | refused.errors
        if wrong:
            raise Invalid(wrong)


class NewPlaceForm(PlaceForm):
    """The form of a new place, which must say where it is."""

    outline = fields.String(
        required=True,
        max=LONGEST,
        multiline=True,
        error_messages={"required": N_("Skriv platsens hörn, ett på varje rad, eller en punkt och en radie.")},
        label=N_("Var ligger platsen?"),
        hint=N_("Ett hörn på varje rad. En tom rad börjar en ny del."),
    )


class Find(Schema):
    """What to draw a new place from."""

    sok = fields.String(max=100, label=N_("Börja från en plats, ett område eller en anläggning"))
    fran = fields.Uid()


class StepForm(Schema):
    """Why a place is closed or opened again."""

    reason = fields.String(required=True, min=1, max=1000, multiline=True, label=N_("Varför?"))


class MergeForm(Schema):
    """Which place this one becomes a part of, and why."""

    into = fields.String(
        required=True,
        max=250,
        label=N_("Vilken plats blir den en del av?"),
        hint=N_("Välj i listan eller skriv numret, till exempel PL-00012. Allt som har hänt här syns sedan där."),
    )
    reason = fields.String(required=True, min=1, max=1000, multiline=True, label=N_("Varför?"))
    confirm = fields.Confirm(load_default=False, label=N_("Ja, det är den platsen"))


class PlaceMove(Schema):
    """A move of a place, with its reason; `into` is the number of the place it is merged into."""

    move = fields.Choice({move.key: move.label for move in PLACE.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
    into = fields.String(max=20, load_default="")


class PlaceLine(Schema):
    """A place in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    kind = fields.String(required=True, max=40)
    public_access = fields.String(required=True, max=40)
    state = fields.Choice(PLACE_STATES, required=True)
    district = fields.String(required=True, allow_none=True, max=200)


class PlaceOut(Schema):
    """A place, whole."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    kind = fields.String(required=True, max=40)
    public_access = fields.String(required=True, max=40)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    photo_policy = fields.Choice(PHOTO_POLICIES, required=True)
    confidentiality = fields.Choice(CONFIDENTIALITY, required=True)
    oncall = fields.String(required=True, blank=True, max=40)
    state = fields.Choice(PLACE_STATES, required=True)
    merged_into = fields.Uid(required=True, allow_none=True)
    geometry = fields.Object(required=True)
    entries = fields.List(fields.Nested(EntryIn), required=True)
    district = fields.Nested(OrganisationRef, required=True, allow_none=True)
    areas = fields.List(fields.Nested(AreaRef), required=True)
    controls = fields.List(fields.Nested(ControlOut), required=True)
    labels = fields.List(fields.Nested(LabelOut), required=True)
    version = fields.Integer(required=True)


class PlaceHistory(Schema):
    """Every row of rådighet and märkning that the place has or has had."""

    controls = fields.List(fields.Nested(ControlOut), required=True)
    labels = fields.List(fields.Nested(LabelOut), required=True)


class PlacePage(ListPage):
    """A page of places; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(PlaceLine), required=True)
    count = fields.Integer(required=True, hint=N_("Räknas till 1 001."))


class PlaceQuery(ListQuery):
    """Which places to list. `near` is a pair, north and east, in any of our systems; `day` names the boards of then."""

    q = fields.String(max=200)
    kind = fields.Choice(PLACE_KINDS)
    district = fields.String(max=60)
    label = fields.Choice(LABELS)
    state = fields.Choice(STATES)
    near = fields.String(max=60)
    within_m = fields.Integer(min=1, max=FARTHEST)
    day = fields.Date()


class MapQuery(PlaceQuery):
    """The same for a map: `bbox` is west, south, east, north in degrees; `crs` is the system of the answer."""

    bbox = fields.String(max=120)
    crs = fields.Choice({"EPSG:4326": N_("WGS 84"), "EPSG:3011": N_("SWEREF 99 18 00")})


class Features(ListPage):
    """A FeatureCollection of GeoJSON; `next` is the `after` of the next ones."""

    type = fields.String(required=True, max=20)
    features = fields.List(fields.Object(), required=True)
    crs = fields.Object()
