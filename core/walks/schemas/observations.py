"""What is asked and told about observations."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields
from core.walks.models import AFFECTED, NATURES, POSITION_SOURCES, SEASONS, SEVERITIES, TIMES_OF_DAY, WEEKDAYS
from core.walks.schemas.answers import Said
from core.walks.states import OBSERVATION

ROLES = {"iakttagelse": N_("Iakttagelse"), "fore": N_("Före"), "efter": N_("Efter")}
"""What a photo shows of its observation."""
FURTHEST = 100_000
"""Metres of accuracy beyond which a position says nothing."""
MOST_BYTES = 2_000_000_000
"""What a photo may be said to have; how large it may be is a setting."""


class PositionIn(Schema):
    """Where, in WGS 84 degrees, and how surely, in metres."""

    latitude = fields.Latitude(required=True)
    longitude = fields.Longitude(required=True)
    accuracy_m = fields.Float(min=0, max=FURTHEST, allow_none=True, load_default=None)
    source = fields.Choice(POSITION_SOURCES, load_default="gps")


class PhotoIn(Schema):
    """A photo that belongs to the record; its bytes come apart, before or after."""

    uid = fields.Uid(required=True)
    sha256 = fields.Sha256(allow_none=True, load_default=None)
    bytes = fields.Integer(min=1, max=MOST_BYTES, allow_none=True, load_default=None)
    type = fields.String(max=60, allow_none=True, load_default=None)
    role = fields.Choice(ROLES, load_default="iakttagelse")
    taken_at = fields.Instant(allow_none=True, load_default=None)
    position = fields.Nested(PositionIn, allow_none=True, load_default=None)
    direction = fields.Float(min=0, max=360, allow_none=True, load_default=None)
    pairs_with = fields.Uid(allow_none=True, load_default=None)


class PhotoAdded(PhotoIn):
    """One more photo of an observation that has come; its uid stands in the address."""

    uid = fields.Uid(allow_none=True, load_default=None)


class StepIn(Schema):
    """When and where a step of writing something down was taken, in the phone of who wants that kept."""

    step = fields.String(required=True, min=1, max=60)
    at = fields.Instant(required=True)
    position = fields.Nested(PositionIn, allow_none=True, load_default=None)


class WhatIn(Schema):
    """What is seen: a kind, with the answers to its own questions."""

    kind = fields.String(required=True, min=1, max=80)
    details = fields.Object(load_default=dict)


class ObservationIn(Schema):
    """An observation as the phone sends it."""

    walk = fields.Uid(required=True, allow_none=True)
    kind = fields.String(required=True, min=1, max=80, label=N_("Vad ser du?"))
    nature = fields.Choice(NATURES, load_default="brist")
    severity = fields.Integer(min=1, max=4, load_default=2)
    seen_at = fields.Instant(allow_none=True, load_default=None)
    position = fields.Nested(PositionIn, allow_none=True, load_default=None)
    place = fields.Uid(allow_none=True, load_default=None)
    description = fields.String(max=4000, multiline=True, load_default="")
    details = fields.Object(load_default=dict)
    time_of_day = fields.Choice({"": "", **TIMES_OF_DAY}, load_default="")
    weekday = fields.Choice({"": "", **WEEKDAYS}, load_default="")
    season = fields.Choice({"": "", **SEASONS}, load_default="")
    affected = fields.Choices(AFFECTED, load_default=list)
    asset_ref = fields.String(max=80, load_default="")
    proposed_measure = fields.String(max=1000, multiline=True, load_default="")
    heading = fields.Float(min=0, max=360, allow_none=True, load_default=None)
    torch = fields.Boolean(load_default=False)
    steps = fields.List(fields.Nested(StepIn), max=200, load_default=list)
    photos = fields.List(fields.Nested(PhotoIn), max=50, load_default=list)


class ObservationChange(Schema):
    """What may be changed afterwards; fields that are left out stay."""

    what = fields.Nested(WhatIn)
    nature = fields.Choice(NATURES)
    severity = fields.Integer(min=1, max=4)
    position = fields.Nested(PositionIn)
    place = fields.Uid(allow_none=True)
    description = fields.String(max=4000, multiline=True)
    time_of_day = fields.Choice({"": "", **TIMES_OF_DAY})
    weekday = fields.Choice({"": "", **WEEKDAYS})
    season = fields.Choice({"": "", **SEASONS})
    affected = fields.Choices(AFFECTED)
    asset_ref = fields.String(max=80)
    proposed_measure = fields.String(max=1000, multiline=True)
    walk = fields.Uid()
    """On which walk it was seen, of one that came without."""


class ObservationFields(Schema):
    """What a phone may change afterwards, and what it held before: labels are what a person reads who chooses."""

    what = fields.Nested(WhatIn, label=N_("Sort"))
    nature = fields.Choice(NATURES, label=N_("Typ"))
    severity = fields.Integer(min=1, max=4, label=N_("Allvar"))
    description = fields.String(max=4000, multiline=True, label=N_("Beskrivning"))
    position = fields.Nested(PositionIn, allow_none=True, label=N_("Läge på kartan"))
    place = fields.Uid(allow_none=True, label=N_("Plats"))
    asset_ref = fields.String(max=80, label=N_("Objekt"))
    proposed_measure = fields.String(max=1000, multiline=True, label=N_("Förslag"))
    time_of_day = fields.Choice({"": "", **TIMES_OF_DAY}, label=N_("Tid på dygnet"))
    weekday = fields.Choice({"": "", **WEEKDAYS}, label=N_("Dagar"))
    season = fields.Choice({"": "", **SEASONS}, label=N_("Årstid"))
    affected = fields.Choices(AFFECTED, label=N_("Berör"))


class PhoneChange(Schema):
    """A change as the phone that made it tells it: what each field held, what it shall hold, what it follows on."""

    base_version = fields.Integer(min=0, allow_none=True, load_default=None)
    after = fields.Uid(allow_none=True, load_default=None)
    made_at = fields.Instant(allow_none=True, load_default=None)
    before = fields.Nested(ObservationFields, required=True)
    fields_ = fields.Nested(ObservationFields, required=True, data_key="fields")


class OnWalkForm(Schema):
    """On which walk something was seen that came without one."""

    walk = fields.Uid(required=True, widget="select", label=N_("På vilken vandring sågs det?"))


class ObservationForm(Schema):
    """An observation, changed on a page."""

    nature = fields.Choice(NATURES, required=True, widget="radios", label=N_("Vad är det för sorts iakttagelse?"))
    severity_key = fields.Choice(
        {str(key): label for key, label in SEVERITIES.items()},
        required=True,
        widget="radios",
        label=N_("Hur allvarligt är det?"),
    )
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Vad är det, och var?"),
        hint=N_("Skriv inga namn på personer."),
    )
    place = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Vilken plats hör den till?"),
        hint=N_("Vandringens platser, och de som ligger inom en kilometer."),
    )
    proposed_measure = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad föreslår ni?"))
    time_of_day = fields.Choice(
        {"": N_("Ej angivet"), **TIMES_OF_DAY}, load_default="", widget="select", label=N_("När på dygnet?")
    )
    weekday = fields.Choice(
        {"": N_("Ej angivet"), **WEEKDAYS}, load_default="", widget="select", label=N_("Vilka dagar?")
    )
    season = fields.Choice(
        {"": N_("Ej angivet"), **SEASONS}, load_default="", widget="select", label=N_("Vilken årstid?")
    )
    affected = fields.Choices(AFFECTED, load_default=list, label=N_("Vem berörs?"))
    asset_ref = fields.String(
        max=80,
        load_default="",
        label=N_("Vilket objekt gäller det?"),
        hint=N_("Till exempel lyktstolpens nummer. De närmaste i stadens register föreslås."),
    )


class PhotoState(Schema):
    """A photo of an observation, and whether its bytes are here."""

    uid = fields.Uid(required=True)
    role = fields.String(required=True, max=20)
    state = fields.String(required=True, max=20)
    sha256 = fields.String(required=True, allow_none=True, max=64)
    received_at = fields.Instant(required=True, allow_none=True)
    direction = fields.Float(required=True, allow_none=True)
    pairs_with = fields.Uid(required=True, allow_none=True)


class DetailOut(Schema):
    """An answer to one of the kind's own questions, in words."""

    label = fields.String(required=True, max=200)
    text = fields.String(required=True, max=10_000)


class ChangeOut(Schema):
    """What happened to an observation: which move (or "ring"), by which organisation, and what was said."""

    at = fields.Instant(required=True)
    kind = fields.String(required=True, max=30)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    organisation = fields.String(required=True, allow_none=True, max=200)
    receiver = fields.String(required=True, allow_none=True, max=200)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)
    answer = fields.String(required=True, blank=True, max=2000, multiline=True)
    done_on = fields.Date(required=True, allow_none=True)
    called = fields.String(required=True, blank=True, max=200)


class ObservationOut(Schema):
    """An observation, whole; `asset` is the thing in the register whose number `asset_ref` is.

    `sun_elevation` is in degrees above the horizon, `after_sunset_min` null while the sun was up, and in the north
    in winter, where it had not been up for a day.
    """

    uid = fields.Uid(required=True)
    walk = fields.Uid(required=True, allow_none=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True, max=80)
    title = fields.String(required=True, max=120)
    nature = fields.Choice(NATURES, required=True)
    severity = fields.Integer(required=True, min=1, max=4)
    seen_at = fields.Instant(required=True)
    received_at = fields.Instant(required=True)
    position = fields.Nested(PositionIn, required=True, allow_none=True)
    place = fields.Uid(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True, max=200)
    coordinator = fields.String(required=True, allow_none=True, max=200)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    details = fields.List(fields.Nested(DetailOut), required=True)
    time_of_day = fields.String(required=True, blank=True, max=20)
    weekday = fields.String(required=True, blank=True, max=20)
    season = fields.String(required=True, blank=True, max=20)
    affected = fields.List(fields.String(max=30), required=True)
    asset_ref = fields.String(required=True, blank=True, max=80)
    asset = fields.Uid(required=True, allow_none=True)
    proposed_measure = fields.String(required=True, blank=True, max=1000, multiline=True)
    heading = fields.Float(required=True, allow_none=True)
    torch = fields.Boolean(required=True)
    steps = fields.List(fields.Nested(StepIn), required=True)
    sun_elevation = fields.Float(required=True, allow_none=True)
    after_sunset_min = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True, blank=True, max=2000, multiline=True)
    done_on = fields.Date(required=True, allow_none=True)
    duplicate_of = fields.Uid(required=True, allow_none=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    photos = fields.List(fields.Nested(PhotoState), required=True)
    warnings = fields.List(fields.String(max=300), required=True)
    version = fields.Integer(required=True)


class ObservationMove(Said):
    """A move of an observation, with what it needs; `kept` is the observation that a duplicate is the same as."""

    move = fields.Choice({move.key: move.label for move in OBSERVATION.moves}, required=True)
    kept = fields.Uid(allow_none=True, load_default=None)


class AddedForm(Schema):
    """A photo to add to an observation."""

    photo = fields.Upload(required=True, accept="image/*", label=N_("Foto efter åtgärden"))
