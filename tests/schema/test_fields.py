"""What each field takes and refuses (reliability.md 3, W17)."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.schema import Invalid, Schema, fields
from core.schema.amounts import measured, quantity
from core.schema.parts import MAX_ITEMS

UID4 = "0f8fad5b-d9cb-469f-a165-70867728950e"
UID7 = "01890a5d-ac96-774b-bcce-b302099a8057"
UID1 = "c232ab00-9414-11ec-b3c8-9f6bdeced846"


class Inner(Schema):
    name = fields.String(required=True, max=5)


ONE_OF_EACH = {
    "Boolean": fields.Boolean(),
    "Choice": fields.Choice({"a": "A", "b": "B"}),
    "Choices": fields.Choices({"a": "A", "b": "B"}),
    "Confirm": fields.Confirm(),
    "Date": fields.Date(),
    "Float": fields.Float(),
    "GeoJSON": fields.GeoJSON(),
    "Instant": fields.Instant(),
    "Hours": fields.Hours(),
    "Integer": fields.Integer(),
    "Kronor": fields.Kronor(),
    "Latitude": fields.Latitude(),
    "List": fields.List(fields.Nested(Inner)),
    "Longitude": fields.Longitude(),
    "Nested": fields.Nested(Inner),
    "Object": fields.Object(),
    "Sha256": fields.Sha256(),
    "String": fields.String(multiline=True),
    "Tuple": fields.Tuple(fields.Float(), fields.String()),
    "Uid": fields.Uid(),
    "Upload": fields.Upload(),
    "Year": fields.Year(),
}


def ids(cases):
    return [f"{type(case[0]).__name__}-{number}" for number, case in enumerate(cases)]


def load(field, value):
    return Schema.from_dict({"field": field})().load({"field": value})["field"]


def refusal(field, value):
    with pytest.raises(Invalid) as refused:
        load(field, value)
    (message,) = refused.value.flat()["field"]
    return message


def test_every_field_has_an_example_here():
    assert sorted(ONE_OF_EACH) == fields.__all__


TAKES = [
    (fields.String(), "  Rågsved\u202e  ", "Rågsved\u202e"),
    (fields.String(), "A\u030angstro\u0308m", "A\u030angstro\u0308m"),
    (fields.String(), "\U0001f6b2", "\U0001f6b2"),
    (fields.String(), "a\tb", "a\tb"),
    (fields.String(), "rad\n", "rad"),
    (fields.String(multiline=True), "en\ntvå", "en\ntvå"),
    (fields.String(strip=False), " lösen ", " lösen "),
    (fields.Integer(), 0, 0),
    (fields.Integer(), -(2**53) + 1, -(2**53) + 1),
    (fields.Hours(), 2.5, Decimal("2.5")),
    (fields.Kronor(), 10**12, 10**12),
    (fields.Float(), 5, 5.0),
    (fields.Latitude(), -90, -90.0),
    (fields.Boolean(), False, False),
    (fields.Date(), "2028-02-29", date(2028, 2, 29)),
    (fields.Instant(), "2027-03-27T23:30:00+01:00", datetime(2027, 3, 27, 22, 30, tzinfo=UTC)),
    (fields.Instant(), "2027-03-27t23:30:00.123456789z", datetime(2027, 3, 27, 23, 30, 0, 123456, tzinfo=UTC)),
    (fields.Choice({"a": "A"}), "a", "a"),
    (fields.Choice(lambda: {"sen": "Sen"}), "sen", "sen"),
    (fields.Choices({"a": "A", "b": "B"}), ["b", "a"], ["b", "a"]),
    (fields.Choices({"a": "A"}), [], []),
    (fields.Uid(), UID4, UUID(UID4)),
    (fields.Uid(), UID7.upper(), UUID(UID7)),
    (fields.Sha256(), "0" * 64, "0" * 64),
    (fields.Tuple(fields.Float(), fields.Integer(allow_none=True)), [18, None], (18.0, None)),
    (fields.GeoJSON(), {"type": "Point", "coordinates": [18, 59]}, {"type": "Point", "coordinates": [18, 59]}),
    (fields.Object(), {"a": [1, None]}, {"a": [1, None]}),
    (fields.List(fields.Integer()), [1, 2], [1, 2]),
]


@pytest.mark.parametrize(("field", "sent", "value"), TAKES, ids=ids(TAKES))
def test_takes(field, sent, value):
    loaded = load(field, sent)
    assert loaded == value
    assert type(loaded) is type(value)


NO_INTEGER = "Skriv ett heltal med siffror, till exempel 12."
NO_AMOUNT = "Skriv beloppet i hela kronor, till exempel 450 000."
NO_NUMBER = "Skriv ett tal med siffror, till exempel 12,5."
NO_DATE = "Skriv datumet som år-månad-dag, till exempel 2027-02-28."
NO_MOMENT = "Skriv datum och tid, till exempel 2027-02-28 18.30."
NO_ZONE = "Skriv tiden med tidszon, till exempel 2027-02-28T18:30:00+01:00."
NO_UID = "Ange ett id av UUID version 4 eller 7, till exempel från listan."
NO_SHA = "Ange SHA-256 som 64 tecken, 0–9 och a–f."
NO_SHAPE = "Ange en GeoJSON-geometri med type och coordinates och inget mer."
REFUSES = [
    (
        fields.String(),
        "a\x00b",
        "Skriv om texten. Den innehåller ett tecken som inte går att spara (U+0000).",
    ),
    (
        fields.String(),
        "a\ud800",
        "Skriv om texten. Den innehåller ett tecken som inte går att spara (U+D800).",
    ),
    (fields.String(), "\x1c", "Skriv om texten. Den innehåller ett tecken som inte går att spara (U+001C)."),
    (
        fields.String(multiline=True),
        "a\r\nb",
        "Skriv om texten. Den innehåller ett tecken som inte går att spara (U+000D).",
    ),
    (fields.String(), "en\ntvå", "Skriv allt på en rad."),
    (fields.String(max=5), "sexton", "Korta texten till högst 5 tecken. Nu är den 6."),
    (fields.String(max=5), "sex   ", "Korta texten till högst 5 tecken. Nu är den 6."),
    (fields.String(), "x" * 100_000, "Korta texten till högst 10000 tecken. Nu är den 100000."),
    (fields.String(min=5), "fem", "Skriv minst 5 tecken."),
    (fields.String(), 5, "Skriv en text."),
    (fields.String(), b"bytes", "Skriv en text."),
    (fields.Integer(), 1.9, NO_INTEGER),
    (fields.Integer(), 1.0, NO_INTEGER),
    (fields.Integer(), True, NO_INTEGER),
    (fields.Integer(), "5", NO_INTEGER),
    (fields.Integer(), "1_000", NO_INTEGER),
    (fields.Integer(), "٣", NO_INTEGER),
    (fields.Integer(), 2**53, "Skriv ett tal som är närmare noll."),
    (fields.Integer(), 10**5000, "Skriv ett tal som är närmare noll."),
    (fields.Integer(), math.nan, NO_INTEGER),
    (fields.Integer(min=1, max=50), 51, "Skriv högst 50."),
    (fields.Integer(min=1, max=50), 0, "Skriv minst 1."),
    (fields.Kronor(), -1, "Skriv minst 0 kr."),
    (fields.Kronor(), 10**18, "Skriv högst 1\u00a0000\u00a0000\u00a0000\u00a0000 kr."),
    (fields.Year(min=2018), 1999, "Skriv ett år från och med 2018, till exempel 2027."),
    (fields.Year(), 10**18, "Skriv ett år, till exempel 2027."),
    (
        fields.Kronor(max=450_000),
        450_001,
        "Skriv högst 450\u00a0000 kr.",
    ),
    (fields.Kronor(), 1.5, NO_AMOUNT),
    (fields.Kronor(), "450 000 kr", NO_AMOUNT),
    (fields.Float(), math.nan, NO_NUMBER),
    (fields.Float(), math.inf, NO_NUMBER),
    (fields.Float(), float("1e400"), NO_NUMBER),
    (fields.Float(), 10**5000, "Skriv ett tal som är närmare noll."),
    (fields.Float(), "1.5", NO_NUMBER),
    (fields.Float(), True, NO_NUMBER),
    (fields.Latitude(), 90.001, "Skriv högst 90."),
    (fields.Longitude(), -180.5, "Skriv minst \u2212180."),
    (fields.Boolean(), 1, "Svara ja eller nej."),
    (fields.Boolean(), "true", "Svara ja eller nej."),
    (fields.Date(), "2027-02-29", "Februari 2027 har 28 dagar. Skriv till exempel 2027-02-28."),
    (fields.Date(), "2027-04-31", "April 2027 har 30 dagar. Skriv till exempel 2027-04-30."),
    (fields.Date(), "2027-13-01", "Skriv en månad mellan 01 och 12, till exempel 2027-02-28."),
    (fields.Date(), "1899-12-31", "Skriv ett år mellan 1900 och 2200, till exempel 2027-02-28."),
    (fields.Date(), "0000-01-01", "Skriv ett år mellan 1900 och 2200, till exempel 2027-02-28."),
    (fields.Date(), "20270228", NO_DATE),
    (fields.Date(), "2027-W08-7", NO_DATE),
    (fields.Date(), "２０２７-02-28", NO_DATE),
    (fields.Date(), date(2027, 2, 28), NO_DATE),
    (fields.Instant(), "2027-03-27", NO_MOMENT),
    (fields.Instant(), "2027-03-27T25:00:00Z", NO_MOMENT),
    (fields.Instant(), "2027-03-27T23:59:60Z", NO_MOMENT),
    (fields.Instant(), 1_800_000_000, NO_MOMENT),
    (fields.Instant(), "2027-03-27T23:30:00", NO_ZONE),
    (fields.Instant(), "2027-03-27T23:30", NO_ZONE),
    (
        fields.Instant(),
        "2026-03-29T02:30",
        "Välj en annan tid. Klockan ställs fram den natten, så 02.30 finns inte.",
    ),
    (
        fields.Instant(),
        "2026-10-25T02:30",
        "Välj en annan tid. Klockan ställs tillbaka den natten, så 02.30 finns två gånger.",
    ),
    (
        fields.Instant(),
        "0001-01-01T00:00:00+14:00",
        "Skriv ett år mellan 1900 och 2200, till exempel 2027-02-28 18.30.",
    ),
    (fields.Choice({"a": "A"}), "c", "Välj ett alternativ i listan."),
    (fields.Choice({"a": "A"}), ["a"], "Välj ett alternativ i listan."),
    (fields.Choices({"a": "A"}), "a", "Välj bland alternativen i listan."),
    (fields.Choices({"a": "A"}), ["a", "a"], "Välj varje alternativ högst en gång."),
    (fields.Choices({"a": "A"}, required=True), [], "Välj minst ett alternativ."),
    (fields.Uid(), UID1, NO_UID),
    (fields.Uid(), "{" + UID4 + "}", NO_UID),
    (fields.Uid(), UID4.replace("-", ""), NO_UID),
    (fields.Uid(), "00000000-0000-0000-0000-000000000000", NO_UID),
    (fields.Sha256(), "A" * 64, NO_SHA),
    (fields.Sha256(), "a" * 63, NO_SHA),
    (fields.Sha256(), "a" * 64 + "\n", NO_SHA),
    (fields.GeoJSON(), {"type": "Point"}, NO_SHAPE),
    (fields.GeoJSON(), {"type": "Point", "coordinates": [1, 2], "crs": {}}, NO_SHAPE),
    (fields.GeoJSON(), {"type": "Point", "coordinates": "1,2"}, NO_SHAPE),
    (
        fields.GeoJSON(shapes=("Point",)),
        {"type": "Polygon", "coordinates": []},
        "Ange en geometri av någon av formerna Point.",
    ),
    (fields.List(fields.Integer()), {1: 2}, "Ange en lista."),
    (fields.List(fields.Integer(), max=2), [1, 2, 3], "Ta bort några. Högst 2 får plats."),
    (fields.List(fields.Integer(), min=1), [], "Lägg till fler. Minst 1 behövs."),
    (fields.Nested(Inner), [], "Ange ett objekt med namn och värden."),
    (fields.Object(), [], "Ange ett objekt med namn och värden."),
    (fields.Upload(), "fil.jpg", "Välj en fil."),
]


@pytest.mark.parametrize(("field", "sent", "message"), REFUSES, ids=ids(REFUSES))
def test_refuses(field, sent, message):
    assert refusal(field, sent) == message


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\n\t", "\u00a0"])
def test_a_required_text_must_be_seen(blank):
    assert refusal(fields.String(required=True), blank) == "Skriv ett svar."
    assert refusal(fields.String(required=True, widget="select"), blank) == "Välj ett alternativ."


def test_an_answer_can_be_asked_for_in_words_of_its_own():
    field = fields.String(required=True, error_messages={"required": "Skriv vad som hände."})
    with pytest.raises(Invalid) as refused:
        Schema.from_dict({"field": field})().load({})
    assert refused.value.flat() == {"field": ["Skriv vad som hände."]}


def test_a_long_list_is_refused_before_it_is_read():
    read = []

    class Spy(fields.Integer):
        def _deserialize(self, value, *_, **__):
            read.append(value)
            return value

    assert refusal(fields.List(Spy()), [1] * (MAX_ITEMS + 1)) == "Ta bort några. Högst 1000 får plats."
    assert read == []


def test_a_moment_without_a_zone_is_never_written():
    schema = Schema.from_dict({"seen_at": fields.Instant()})()
    assert schema.dump({"seen_at": datetime(2027, 3, 27, 22, 30, tzinfo=UTC)}) == {"seen_at": "2027-03-27T22:30:00Z"}
    with pytest.raises(ValueError, match="seen_at"):
        schema.dump({"seen_at": datetime(2027, 3, 27, 22, 30)})


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=())) | st.from_regex(r"\A-?[0-9 .,:TZ+-]{1,30}\Z")
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, 2**53, -(2**63)])
    | st.floats()
    | ANY_TEXT
    | st.datetimes().map(datetime.isoformat)
    | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
    | st.uuids().map(str),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(ANY_TEXT | st.sampled_from(["type", "coordinates", "name"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", fields.__all__)
@given(value=ANY_JSON)
def test_any_json_gives_a_value_or_a_refusal(name, value):
    schema = Schema.from_dict({"field": ONE_OF_EACH[name]})()
    for reader in (schema.load, schema.load_draft):
        try:
            reader({"field": value})
        except Invalid as refused:
            said = refused.flat()
        else:
            continue
        assert "".join(said).encode() is not None
        assert all(isinstance(message, str) and message for messages in said.values() for message in messages)


@given(value=ANY_JSON)
def test_any_json_as_the_whole_gives_a_refusal_or_a_value(value):
    schema = Schema.from_dict(ONE_OF_EACH)()
    try:
        loaded = schema.load(value)
    except Invalid as refused:
        loaded = refused.valid_data
    assert loaded in ({}, None)


@pytest.mark.parametrize("name", fields.__all__)
@given(text=ANY_TEXT)
def test_any_text_of_a_form_gives_a_value_or_a_refusal(name, text):
    schema = Schema.from_dict({"field": ONE_OF_EACH[name]})()
    try:
        loaded = schema.load(schema.from_form(MultiDict([("field", text)])))
    except Invalid as refused:
        loaded = refused.valid_data
    assert loaded.keys() <= {"field"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1_234_567.0, "1\u00a0234\u00a0567"),
        (1_000_000, "1\u00a0000\u00a0000"),
        (0.1 + 0.2, "0,3"),
        (62.5, "62,5"),
        (-1234.25, "\u22121\u00a0234,25"),
        (1e12, "1\u00a0000\u00a0000\u00a0000\u00a0000"),
        (0.0000001, "0,0000001"),
        (0.0, "0"),
    ],
)
def test_a_measured_value_is_written_in_full_with_the_decimals_that_are_there(value, said):
    assert measured(value) == said


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (120, "antal", "120"),
        (1200, "Antal ", "1\u00a0200"),
        (12.5, "procent", "12,5\u00a0procent"),
        (450, "kronor", "450\u00a0kr"),
        (3, "per_1000", "3\u00a0per 1\u00a0000"),
        (40, "lux", "40\u00a0lux"),
        (7, "", "7"),
        (None, "antal", ""),
    ],
)
def test_a_quantity_is_said_with_its_unit_as_swedish_has_it(number, unit, said):
    assert quantity(number, unit) == said
