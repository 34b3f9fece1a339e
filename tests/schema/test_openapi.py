"""The document of the API says what the fields accept."""

import re

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from core.schema import Invalid, Schema, fields
from core.schema.amounts import MAX_SAFE


class Inner(Schema):
    name = fields.String()


def document(**declared):
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: None)
    APISpec("t", "1", "3.1.0", plugins=[plugin])
    return plugin.converter.schema2jsonschema(Schema.from_dict(declared)())


def of(field):
    return document(field=field)["properties"]["field"]


def test_words_for_people_are_in_the_document():
    said = of(fields.Kronor(label="Vad kostar det?", hint="Med moms."))
    assert (said["x-label"], said["description"]) == ("Vad kostar det?", "Med moms.")
    assert "suffix" not in said


def test_text():
    said = of(fields.String(required=True))
    assert (said["type"], said["minLength"], said["maxLength"]) == ("string", 1, 10_000)
    said = of(fields.String(min=3, max=5))
    assert (said["type"], said["minLength"], said["maxLength"]) == ("string", 3, 5)
    assert of(fields.Sha256()) == {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    assert of(fields.Uid()).keys() == {"type", "format", "pattern"}
    assert of(fields.Uid())["format"] == "uuid"


@pytest.mark.parametrize("multiline", [False, True])
@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize(
    "text", ["", "  ", "Bänk", "a b", "a\tb", "a\nb", "a\x00b", "\x9f", "\x7f", "å\U0001f6b2", "\r"]
)
def test_the_pattern_says_what_the_field_takes(text, required, multiline):
    field = fields.String(required=required, multiline=multiline)
    told = re.search(of(field)["pattern"], text) is not None
    try:
        Schema.from_dict({"field": field})().load({"field": text})
    except Invalid:
        taken = False
    else:
        taken = True
    assert told is taken


def test_numbers():
    assert of(fields.Integer()) == {"type": "integer", "minimum": -MAX_SAFE, "maximum": MAX_SAFE}
    assert of(fields.Integer(min=1, max=5)) == {"type": "integer", "minimum": 1, "maximum": 5}
    assert of(fields.Kronor()) == {"type": "integer", "minimum": 0, "maximum": 10**12}
    assert of(fields.Float()) == {"type": "number"}
    assert of(fields.Latitude()) == {"type": "number", "minimum": -90, "maximum": 90}
    assert of(fields.Longitude()) == {"type": "number", "minimum": -180, "maximum": 180}


def test_times_and_choices():
    assert of(fields.Date()) == {"type": "string", "format": "date"}
    assert of(fields.Instant()) == {"type": "string", "format": "date-time"}
    assert of(fields.Boolean()) == {"type": "boolean"}
    assert of(fields.Choice({"a": "A", "b": "B"})) == {"type": "string", "enum": ["a", "b"]}
    assert of(fields.Choice(lambda: {"a": "A"}, allow_none=True)) == {"type": ["string", "null"], "enum": ["a", None]}
    assert of(fields.Choices({"a": "A"}, required=True)) == {
        "type": "array",
        "items": {"type": "string", "enum": ["a"]},
        "minItems": 1,
        "uniqueItems": True,
    }


def test_parts():
    inner = {
        "type": "object",
        "properties": {"name": of(Inner().fields["name"])},
        "additionalProperties": False,
    }
    assert of(fields.Nested(Inner)) == inner
    assert of(fields.List(fields.Nested(Inner), max=20)) == {
        "type": "array",
        "items": inner,
        "minItems": 0,
        "maxItems": 20,
    }
    assert of(fields.Object()) == {"type": "object", "additionalProperties": {}}
    assert of(fields.GeoJSON(shapes=("Point",))) == {
        "type": "object",
        "properties": {"type": {"type": "string", "enum": ["Point"]}, "coordinates": {"type": "array"}},
        "required": ["type", "coordinates"],
        "additionalProperties": False,
    }
    assert of(fields.Upload(accept="image/*")) == {"type": "string", "format": "binary"}


def test_what_is_required_and_read_only_is_said():
    said = document(name=fields.String(required=True), number=fields.String(dump_only=True))
    assert said["required"] == ["name"]
    assert said["properties"]["number"]["readOnly"] is True
    assert said["additionalProperties"] is False
