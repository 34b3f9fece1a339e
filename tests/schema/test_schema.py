"""The base schema: refuses what it does not know, keeps drafts, describes itself."""

from pathlib import Path

import pytest
from marshmallow import EXCLUDE, ValidationError, post_load, validates, validates_schema

import core
from core.i18n import Text
from core.schema import Invalid, OptionalReasonForm, ReasonForm, Schema, fields
from core.schema.strict import MAX_ERRORS


class Details(Schema):
    hate = fields.Boolean(required=True, label="Är det hat eller hot?", widget="radios")
    height = fields.Integer(min=0, max=5000, suffix="cm", label="Hur högt upp?")


class Row(Schema):
    title = fields.String(required=True, max=5)


class Thing(Schema):
    title = fields.String(required=True, max=10, label="Vad gäller det?", hint="Högst 10 tecken.")
    kind = fields.Choice({"klotter": "Klotter", "belysning": "Belysning"}, required=True, label="Sort")
    cost = fields.Kronor(label="Kostnad", required=True)
    rows = fields.List(fields.Nested(Row))
    details = fields.Nested(Details, required=True, label="Om klottret")
    made_by = fields.String(dump_only=True)

    @validates("title")
    def _no_swearing(self, value, data_key):
        if value == "fan":
            raise ValidationError("Skriv vänligare.")

    @validates_schema
    def _belysning_is_cheap(self, data, **_):
        if data.get("kind") == "belysning" and data.get("cost", 0) > 100:
            raise ValidationError("För dyrt.", "cost")

    @post_load
    def _complete(self, data, **_):
        return data | {"complete": data["title"]}


GOOD = {"title": "Bänk", "kind": "klotter", "cost": 100, "details": {"hate": False}}


def test_a_thing_loads():
    assert Thing().load(GOOD) == GOOD | {"complete": "Bänk"}


def test_unknown_fields_are_refused_wherever_they_are():
    sent = GOOD | {
        "status": "beviljad",
        "made_by": "jag",
        "details": {"hate": True, "x": 1},
        "rows": [{"title": "a", "y": 2}],
    }
    with pytest.raises(Invalid) as refused:
        Thing().load(sent)
    gone = ["Ta bort fältet. Det finns inte här."]
    assert refused.value.flat() == {"details.x": gone, "rows.0.y": gone, "status": gone, "made_by": gone}


@pytest.mark.parametrize(
    "make", [lambda: Thing(unknown=EXCLUDE), lambda: Thing().load(GOOD, unknown=EXCLUDE)], ids=["schema", "load"]
)
def test_nobody_can_let_unknown_fields_in(make):
    with pytest.raises(ValueError, match="unknown fields are always refused"):
        make()


def test_errors_are_nested_and_flat():
    with pytest.raises(Invalid) as refused:
        Thing().load({"title": "x" * 11, "rows": [{}], "details": {}})
    assert refused.value.flat() == {
        "title": ["Korta texten till högst 10 tecken. Nu är den 11."],
        "kind": ["Välj ett alternativ."],
        "cost": ["Skriv beloppet i hela kronor, till exempel 450 000."],
        "rows.0.title": ["Skriv ett svar."],
        "details.hate": ["Svara ja eller nej."],
    }
    assert refused.value.errors["rows"] == {"0": {"title": ["Skriv ett svar."]}}
    assert isinstance(refused.value, ValidationError), "webargs knows no other refusal"


@pytest.mark.parametrize("data", [None, [], "text", 5, [("title", "a")]])
def test_the_whole_must_be_an_object(data):
    with pytest.raises(Invalid) as refused:
        Thing().load(data)
    assert refused.value.flat() == {"": ["Ange ett objekt med namn och värden."]}


def test_many():
    with pytest.raises(Invalid) as refused:
        Row(many=True).load([{"title": "a"}, {}, 5])
    assert refused.value.flat() == {"1.title": ["Skriv ett svar."], "2": ["Ange ett objekt med namn och värden."]}


def test_a_flood_of_unknown_fields_gets_a_short_answer():
    flood = {f"x{number}": number for number in range(10_000)} | {"y" * 10_000: 1}
    with pytest.raises(Invalid) as refused:
        Thing().load(GOOD | flood)
    assert len(refused.value.flat()) == MAX_ERRORS
    assert max(map(len, refused.value.flat())) <= 100


def test_a_name_that_cannot_be_written_does_not_stop_the_answer():
    with pytest.raises(Invalid) as refused:
        Thing().load(GOOD | {"\ud800": 1})
    assert list(refused.value.flat()) == ["?"]


def test_errors_of_a_part_go_under_its_name():
    with pytest.raises(Invalid) as refused:
        Details().load({"hate": 1})
    assert refused.value.under("details").flat() == {"details.hate": ["Svara ja eller nej."]}


def test_a_service_can_refuse_in_the_same_way():
    invalid = Invalid({"area": Text("Välj en plats i {area}.", area="Rågsved"), "_schema": ["Stängd."]})
    assert invalid.flat() == {"area": ["Välj en plats i Rågsved."], "": ["Stängd."]}


def test_messages_about_a_field_and_its_parts_are_both_kept():
    invalid = Invalid({"rows": ["En sak.", {"0": {"title": ["Skriv."]}}, "Och en till."]})
    assert invalid.flat() == {"rows": ["En sak.", "Och en till."], "rows.0.title": ["Skriv."]}


def test_a_draft_keeps_what_is_wrong_but_typed():
    draft = {"title": "fan, så långt det blev", "kind": "okänd", "cost": -5, "rows": [{}, {"title": ""}], "details": {}}
    assert Thing().load_draft(draft) == draft
    assert Thing().load_draft({}) == {}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"cost": "fem"}, "cost"),
        ({"title": "a\x00"}, "title"),
        ({"details": {"height": 1.5}}, "details.height"),
        ({"rows": [{"title": 5}]}, "rows.0.title"),
        ({"status": "beviljad"}, "status"),
        ({"details": {"status": 1}}, "details.status"),
    ],
)
def test_a_draft_refuses_wrong_types(wrong, path):
    with pytest.raises(Invalid) as refused:
        Thing().load_draft({"kind": "klotter"} | wrong)
    assert list(refused.value.flat()) == [path]
    assert refused.value.valid_data["kind"] == "klotter"


def test_a_draft_does_not_loosen_the_schema():
    schema = Thing()
    schema.load_draft({"title": "x" * 50, "details": {}})
    with pytest.raises(Invalid) as refused:
        schema.load({"title": "x" * 50, "details": {}})
    assert set(refused.value.flat()) == {"title", "kind", "cost", "details.hate"}


def test_a_page_of_a_form_is_a_part_of_the_schema():
    page = Thing(only=("title", "details.hate"))
    assert [each.name for each in page.describe()] == ["title", "details.hate"]
    assert page.load_draft({"title": "x" * 50}) == {"title": "x" * 50}
    with pytest.raises(Invalid) as refused:
        page.load_draft({"details": {"height": 5}})
    assert list(refused.value.flat()) == ["details.height"]


def test_details_chosen_later_take_their_place():
    class Observation(Schema):
        note = fields.String()
        details = fields.Object()

    chosen = Observation.from_dict({"details": fields.Nested(Details)})()
    assert [each.name for each in chosen.describe()] == ["note", "details.hate", "details.height"]
    with pytest.raises(Invalid):
        chosen.load({"details": {"hate": "kanske"}})


def test_describe_says_what_a_form_needs():
    described = {each.name: each for each in Thing().describe()}
    assert list(described) == ["title", "kind", "cost", "rows", "details.hate", "details.height"]
    title, kind, cost = described["title"], described["kind"], described["cost"]
    assert (title.label, title.hint, title.widget, title.required, title.maxlength) == (
        "Vad gäller det?",
        "Högst 10 tecken.",
        "text",
        True,
        10,
    )
    assert (kind.widget, kind.options) == ("radios", (("klotter", "Klotter"), ("belysning", "Belysning")))
    assert (cost.suffix, cost.inputmode) == ("kr", "numeric")
    assert described["rows"].widget == "", "no form can draw rows"
    assert described["details.hate"].options == (("ja", "Ja"), ("nej", "Nej"))
    assert described["details.height"].group == "Om klottret"


def test_many_choices_become_a_list_to_open():
    choices = {str(number): f"Val {number}" for number in range(8)}
    (described,) = Schema.from_dict({"kind": fields.Choice(choices)})().describe()
    assert described.widget == "select"


def test_words_may_also_stand_in_metadata():
    schema = Schema.from_dict({"fill": fields.Integer(metadata={"label": "Hur full är den, i procent?"})})()
    assert schema.describe()[0].label == "Hur full är den, i procent?"


def test_why_something_is_done_is_asked_by_one_form_in_every_room():
    files = (Path(core.__file__).parent).rglob("schemas/*.py")
    assert [file.name for file in files if "class ReasonForm" in file.read_text(encoding="utf-8")] == []
    [needed], [asked] = ReasonForm().describe(), OptionalReasonForm().describe()
    assert [(one.name, one.label, one.required) for one in (needed, asked)] == [
        ("reason", "Varför?", True),
        ("reason", "Varför?", False),
    ]
