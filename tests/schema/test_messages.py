"""Nothing that marshmallow says is English, whoever wrote the schema (ui.md 7)."""

import ast
import enum
import inspect
import re

import marshmallow
import pytest
from marshmallow import ValidationError, validate
from marshmallow import fields as raw

from core.i18n import Text
from core.schema import Invalid, Schema
from core.schema.messages import Message

NAMES = re.compile(r"(message_\w+|default_message|default_error_messages|_default_error_messages)")


def librarys_own_messages():
    """Every default message in marshmallow's source, read from the source because the classes are changed."""
    found = set()
    for module in (raw, validate, inspect.getmodule(marshmallow.Schema)):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(target, ast.Name) and NAMES.fullmatch(target.id) for target in targets) and node.value:
                values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
                found |= {value.value for value in values if isinstance(value, ast.Constant)}
    return found


OWN = librarys_own_messages()
OWN_FILLED_IN = [re.compile(re.sub(r"\\\{.*?\\\}", ".*", re.escape(message))) for message in OWN]


def field_classes():
    classes = {each for _, each in inspect.getmembers(raw, inspect.isclass) if issubclass(each, raw.Field)}
    return sorted((each for each in classes if not inspect.isabstract(each)), key=lambda each: each.__name__)


class Colour(enum.Enum):
    RED = 1


NEEDS = {
    raw.Nested: lambda **options: raw.Nested({"a": raw.String()}, **options),
    raw.Pluck: lambda **options: raw.Pluck(marshmallow.Schema.from_dict({"a": raw.Integer()}), "a", **options),
    raw.List: lambda **options: raw.List(raw.Integer(), **options),
    raw.Tuple: lambda **options: raw.Tuple((raw.Integer(), raw.Date()), **options),
    raw.Enum: lambda **options: raw.Enum(Colour, **options),
    raw.Constant: lambda **_: raw.Constant(1),
    raw.Function: lambda **options: raw.Function(deserialize=int_or_refuse, **options),
    raw.Method: lambda **options: raw.Method(deserialize="refuse", **options),
    raw.Dict: lambda **options: raw.Dict(raw.String(), raw.Integer(), **options),
}
RUBBISH = [
    None,
    True,
    1.5,
    -1,
    float("nan"),
    float("inf"),
    10**300,
    "",
    "\x00",
    "nej!",
    "1e999",
    "9" * 5000,
    b"\xff",
    [],
    [1, 2, 3],
    [["a"], None],
    {},
    {"a": {}},
    {"b": 1},
    {1: "x"},
    "2027-02-30",
    "2027-02-28T12:00:00",
    "2027-02-28T12:00:00+01:00",
    object(),
]


def int_or_refuse(value):
    if not isinstance(value, int):
        raise ValidationError(Message("Skriv ett heltal."))
    return value


def leaves(errors):
    for value in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(value, dict | list):
            yield from leaves(value)
        else:
            yield value


def assert_swedish(messages):
    for message in messages:
        assert isinstance(message, str)
        assert message.strip()
        assert not any(own.fullmatch(message) for own in OWN_FILLED_IN), message
        assert not re.search(r"\b(the|not|must|valid|field|missing|type|invalid)\b", message, re.IGNORECASE), message


def test_the_source_of_marshmallow_was_read():
    assert {"Not a valid string.", "Missing data for required field.", "Unknown field."} <= OWN
    assert len(OWN) > 40


@pytest.mark.parametrize("field_class", field_classes(), ids=lambda each: each.__name__)
def test_no_field_of_marshmallow_says_english(field_class):
    class Thing(Schema):
        field = NEEDS.get(field_class, field_class)(required=True)

        def refuse(self, value):
            return int_or_refuse(value)

    said = []
    for rubbish in ({"field": each} for each in RUBBISH):
        try:
            Thing().load(rubbish)
        except Invalid as refused:
            said.extend(leaves(refused.errors))
    try:
        Thing().load({})
    except Invalid as refused:
        said.extend(leaves(refused.errors))
    assert said
    assert_swedish(said)
    assert_swedish(str(message) for message in Thing().fields["field"].error_messages.values())


BAD = {
    validate.And: (lambda: validate.And(validate.Length(min=3)), "a"),
    validate.URL: (validate.URL, "nej"),
    validate.Email: (validate.Email, "nej"),
    validate.Equal: (lambda: validate.Equal(1), 2),
    validate.Regexp: (lambda: validate.Regexp("a"), "b"),
    validate.Predicate: (lambda: validate.Predicate("isdigit"), "b"),
    validate.NoneOf: (lambda: validate.NoneOf([1]), 1),
    validate.OneOf: (lambda: validate.OneOf(["ett", "två"]), "tre"),
    validate.ContainsOnly: (lambda: validate.ContainsOnly(["ett"]), ["tre"]),
    validate.ContainsNoneOf: (lambda: validate.ContainsNoneOf(["ett"]), ["ett"]),
}
LIMITS = [
    (validate.Range(min=2), 1),
    (validate.Range(max=2), 3),
    (validate.Range(min=1, max=2), 3),
    (validate.Range(min=1, min_inclusive=False), 1),
    (validate.Range(max=1, max_inclusive=False), 1),
    (validate.Length(min=2), "a"),
    (validate.Length(max=2), "aaa"),
    (validate.Length(min=1, max=2), "aaa"),
    (validate.Length(equal=2), "aaa"),
]


def test_every_validator_of_marshmallow_is_asked():
    classes = {
        each
        for _, each in inspect.getmembers(validate, inspect.isclass)
        if issubclass(each, validate.Validator) and not inspect.isabstract(each)
    }
    assert classes == set(BAD) | {validate.Range, validate.Length}


@pytest.mark.parametrize(
    ("rule", "value"),
    [(make(), value) for make, value in BAD.values()] + LIMITS,
    ids=[each.__name__ for each in BAD] + [repr(rule) for rule, _ in LIMITS],
)
def test_no_validator_of_marshmallow_says_english(rule, value):
    with pytest.raises(ValidationError) as refused:
        rule(value)
    assert_swedish(refused.value.messages)
    assert "{" not in refused.value.messages[0]


def test_a_message_remembers_how_to_be_translated():
    with pytest.raises(ValidationError) as refused:
        validate.Length(max=2)("aaa")
    (message,) = refused.value.messages
    assert isinstance(message, Text)
    assert message == "För långt. Största längd är 2."
    assert message.values == {"max": 2}
    assert message.msgid == "För långt. Största längd är {max}."


def test_what_was_sent_is_not_kept_in_a_message():
    with pytest.raises(ValidationError) as refused:
        validate.Regexp("a")("hemligt")
    assert refused.value.messages[0].values == {}


def test_a_lazy_text_becomes_a_str():
    class Lazy:
        def __str__(self):
            return "Skriv något annat."

    class Thing(Schema):
        name = raw.String(error_messages={"required": Lazy()}, required=True)

    with pytest.raises(Invalid) as refused:
        Thing().load({})
    assert refused.value.errors == {"name": ["Skriv något annat."]}
    assert type(refused.value.errors["name"][0]) is str


def test_a_schema_of_marshmallow_inside_ours_speaks_swedish():
    class Outer(Schema):
        inner = raw.Nested(marshmallow.Schema.from_dict({"a": raw.String()}))

    with pytest.raises(Invalid) as refused:
        Outer().load({"inner": {"b": 1}})
    assert refused.value.errors == {"inner": {"b": ["Ta bort fältet. Det finns inte här."]}}
