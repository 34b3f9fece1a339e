"""Reading forms and drawing them again, from the same schema as JSON."""

import io
from datetime import UTC, date, datetime
from uuid import UUID

import flask
import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from core.http import texts
from core.http.forms import Form, read_form, read_query, read_version
from core.i18n import N_
from core.schema import Invalid, Schema, fields

UID = "0f8fad5b-d9cb-469f-a165-70867728950e"


class Details(Schema):
    hate = fields.Boolean(required=True, widget="radios", label=N_("Är det hat eller hot?"))
    height = fields.Float(label=N_("Hur högt upp?"), suffix="m")


class Application(Schema):
    title = fields.String(required=True, max=80, label=N_("Vad gäller det?"), hint=N_("Högst 80 tecken."))
    text = fields.String(multiline=True, allow_none=True, label=N_("Beskriv."))
    sought = fields.Kronor(label=N_("Hur mycket söker ni?"))
    count = fields.Integer(label=N_("Hur många?"))
    ready_on = fields.Date(label=N_("När är det klart?"))
    seen_at = fields.Instant(label=N_("När såg du det?"))
    kind = fields.Choice({"bank": N_("Bänk"), "lampa": N_("Lampa")}, label=N_("Vilken sort?"))
    causes = fields.Choices({"morker": N_("Mörker"), "klotter": N_("Klotter")}, label=N_("Varför?"))
    area = fields.Uid(widget="select", label=N_("Var?"))
    agreed = fields.Boolean(label=N_("Markägaren är med."))
    latitude = fields.Latitude(widget="hidden")
    shape = fields.GeoJSON()
    details = fields.Nested(Details, label=N_("Om klottret"))


FILLED_IN = [
    ("csrf_token", "t"),
    ("version", "3"),
    ("knapp", "spara"),
    ("title", "  Fler lampor "),
    ("text", "en\r\ntvå"),
    ("sought", "450\u00a0000 kr"),
    ("count", " 1 000 "),
    ("ready_on", "2027-02-28"),
    ("seen_at", "2027-03-27 23.30"),
    ("kind", "lampa"),
    ("causes", "morker"),
    ("causes", "klotter"),
    ("area", UID),
    ("agreed", "on"),
    ("latitude", "59,3326"),
    ("shape", '{"type": "Point", "coordinates": [18.07, 59.33]}'),
    ("details.hate", "nej"),
    ("details.height", "1,5"),
]
AS_JSON = {
    "title": "Fler lampor",
    "text": "en\ntvå",
    "sought": 450_000,
    "count": 1000,
    "ready_on": "2027-02-28",
    "seen_at": "2027-03-27T23:30:00+01:00",
    "kind": "lampa",
    "causes": ["morker", "klotter"],
    "area": UID,
    "agreed": True,
    "latitude": 59.3326,
    "shape": {"type": "Point", "coordinates": [18.07, 59.33]},
    "details": {"hate": False, "height": 1.5},
}
LOADED = AS_JSON | {
    "ready_on": date(2027, 2, 28),
    "seen_at": datetime(2027, 3, 27, 22, 30, tzinfo=UTC),
    "area": UUID(UID),
}


@pytest.fixture(autouse=True)
def _page():
    app = flask.Flask(__name__)
    app.config.update(SECRET_KEY="for this test", WTF_CSRF_TIME_LIMIT=None)
    texts.install(app, [])
    with app.test_request_context("/"):
        yield


def form_of(*changes):
    changed = dict(changes)
    kept = [(name, value) for name, value in FILLED_IN if name not in changed]
    return MultiDict([*kept, *((name, value) for name, value in changes if value is not None)])


def test_a_form_and_json_give_the_same():
    assert Application().load(read_form(Application, form_of())) == Application().load(AS_JSON) == LOADED


def test_what_was_loaded_is_drawn_and_read_again_as_the_same():
    drawn = Form(Application, LOADED)
    sent = MultiDict(
        (field.name, value)
        for field in drawn
        for value in (field.value if isinstance(field.value, list) else [field.value])
    )
    assert Application().load(read_form(Application, sent)) == LOADED
    assert drawn["sought"].value == "450\u00a0000"
    assert drawn["seen_at"].value == "2027-03-27 23.30"
    assert drawn["details.height"].value == "1,5"
    assert drawn["agreed"].value == "ja"


def test_an_object_is_drawn_by_its_attributes():
    class Row:
        title = "Fler lampor"
        sought = 5
        agreed = False
        causes = ("morker",)
        details = None

    drawn = Form(Application, Row())
    assert (drawn["title"].value, drawn["sought"].value, drawn["agreed"].value) == ("Fler lampor", "5", "")
    assert drawn["causes"].value == ["morker"]
    assert drawn["details.hate"].value == ""


def test_blank_is_missing_or_none():
    blank = MultiDict((name, "  ") for name, _ in FILLED_IN)
    assert read_form(Application, blank) == {"text": None, "causes": [], "agreed": False, "details": {}}


def test_an_empty_form_has_no_boxes_ticked():
    assert read_form(Application, MultiDict()) == {"causes": [], "agreed": False}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("sought", "450.000", "Skriv beloppet i hela kronor, till exempel 450 000."),
        ("sought", "450 000,50", "Skriv beloppet i hela kronor, till exempel 450 000."),
        ("sought", "45 00 kr", "Skriv beloppet i hela kronor, till exempel 450 000."),
        ("sought", "-5", "Skriv minst 0 kr."),
        ("sought", "1 000 000 000 000 000 000", "Skriv högst 1\u00a0000\u00a0000\u00a0000\u00a0000 kr."),
        ("count", "1_000", "Skriv ett heltal med siffror, till exempel 12."),
        ("count", "١٢", "Skriv ett heltal med siffror, till exempel 12."),
        ("count", "9" * 5000, "Skriv ett heltal med siffror, till exempel 12."),
        ("count", "9" * 16, "Skriv ett tal som är närmare noll."),
        ("ready_on", "2027-02-29", "Februari 2027 har 28 dagar. Skriv till exempel 2027-02-28."),
        ("ready_on", "28/2", "Skriv datumet som år-månad-dag, till exempel 2027-02-28."),
        ("seen_at", "igår", "Skriv datum och tid, till exempel 2027-02-28 18.30."),
        ("seen_at", "2027-02-31 18.00", "Februari 2027 har 28 dagar. Skriv till exempel 2027-02-28."),
        ("seen_at", "2026-03-29T02:30", "Välj en annan tid. Klockan ställs fram den natten, så 02.30 finns inte."),
        ("latitude", "1e1", "Skriv latitud i grader, till exempel 59,33."),
        ("shape", "[" * 100_000, "Ange en GeoJSON-geometri med type och coordinates och inget mer."),
        ("agreed", "kanske", "Svara ja eller nej."),
        ("details.hate", None, "Svara ja eller nej."),
        ("causes", "annat", "Välj ett alternativ i listan."),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_does_not_fit_is_told_at_its_field_and_kept_as_written(name, text, message):
    written = form_of((name, text))
    with pytest.raises(Invalid) as refused:
        Application().load(read_form(Application, written))
    drawn = Form(Application, written=written, errors=refused.value)
    assert drawn[name].error == message
    ((field_id, told),) = drawn.errors
    assert told == drawn[name].told
    assert told.endswith(message)
    assert field_id == (None if drawn[name].widget == "hidden" else drawn[name].id)
    if drawn[name].widget in ("text", "date", "datetime"):
        assert drawn[name].value == text


@pytest.mark.parametrize(
    "amount", ["450000", "450 000", "450\u00a0000", "450\u202f000 kr", "450 000:-", "450000 Kronor"]
)
def test_amounts_may_be_written_as_people_do(amount):
    assert read_form(Application, MultiDict({"sought": amount}))["sought"] == 450_000


def test_what_the_schema_does_not_know_is_refused():
    written = form_of(("status", "beviljad"), ("details.status", "1"))
    with pytest.raises(Invalid) as refused:
        Application().load(read_form(Application, written))
    assert set(refused.value.flat()) == {"status", "details.status"}
    drawn = Form(Application, written=written, errors=refused.value)
    assert sorted(text for _, text in drawn.errors) == [
        "details.status: Ta bort fältet. Det finns inte här.",
        "status: Ta bort fältet. Det finns inte här.",
    ]


def test_a_field_knows_all_that_a_template_needs():
    drawn = Form(Application, action="/ansokningar", version=3)["title"]
    assert (drawn.name, drawn.id, drawn.label, drawn.hint) == (
        "title",
        "f-title",
        "Vad gäller det?",
        "Högst 80 tecken.",
    )
    assert (drawn.widget, drawn.required, drawn.maxlength, drawn.error, drawn.value) == ("text", True, 80, None, "")
    nested = Form(Application, ids="sida")["details.hate"]
    assert (nested.id, nested.group, nested.options) == (
        "sida-details-hate",
        "Om klottret",
        [("ja", "Ja"), ("nej", "Nej")],
    )


def test_the_request_may_bring_the_choices():
    drawn = Form(Application, options={"area": [(UID, "Rågsved")]}, version=3)
    assert drawn["area"].options == [(UID, "Rågsved")]
    assert drawn.version == 3
    assert drawn.csrf_token


def test_a_refusal_of_the_whole_is_told_first():
    drawn = Form(Application, errors={"title": ["Skriv ett svar."], "": ["Omgången är stängd."]})
    assert drawn.errors == [(None, "Omgången är stängd."), ("f-title", "Vad gäller det? Skriv ett svar.")]
    assert drawn["title"].error == "Skriv ett svar.", "beside the field its question is read already"


def test_every_line_of_the_summary_names_its_question():
    schema = Schema.from_dict({"size": fields.Integer(label="Radie"), "bare": fields.Integer()})
    drawn = Form(schema, errors={"size": ["Skriv ett heltal."], "bare": ["Skriv ett heltal."]})
    assert dict(drawn.errors)["f-size"] == "Radie: Skriv ett heltal."
    nested = Form(Application, errors={"details.hate": ["Välj."]})
    assert nested.errors == [("f-details-hate", f"Om klottret: {nested['details.hate'].label} Välj.")]


def test_defaults_are_filled_in_on_an_empty_form_only():
    schema = Schema.from_dict({"kind": fields.Choice({"a": "A", "b": "B"}, load_default="b")})
    assert Form(schema)["kind"].value == "b"
    assert Form(schema, {"kind": "a"})["kind"].value == "a"
    assert Form(schema, {})["kind"].value == ""


def test_a_password_is_never_drawn_again():
    schema = Schema.from_dict({"password": fields.String(strip=False, widget="password")})
    written = MultiDict({"password": " hemligt "})
    assert schema().load(read_form(schema, written)) == {"password": " hemligt "}
    assert Form(schema, written=written)["password"].value == ""
    assert Form(schema, {"password": "hemligt"})["password"].value == ""


class Picture(Schema):
    photo = fields.Upload(required=True, accept="image/*", label=N_("Vilket foto?"))


def test_a_file_comes_with_the_form():
    photo = FileStorage(io.BytesIO(b"bytes"), filename="bild.jpg")
    assert Picture().load(read_form(Picture, MultiDict(), MultiDict({"photo": photo})))["photo"] is photo
    assert Form(Picture).multipart is True
    assert Form(Application).multipart is False


@pytest.mark.parametrize(
    ("values", "files"),
    [
        (MultiDict(), MultiDict()),
        (MultiDict(), MultiDict({"photo": FileStorage(io.BytesIO(), filename="")})),
        (MultiDict({"photo": "bild.jpg"}), MultiDict()),
    ],
    ids=["nothing", "no file chosen", "a text"],
)
def test_no_file(values, files):
    with pytest.raises(Invalid) as refused:
        Picture().load(read_form(Picture, values, files))
    assert refused.value.flat() == {"photo": ["Välj en fil."]}


def test_a_file_nobody_asked_for_is_refused():
    stray = FileStorage(io.BytesIO(b"x"), filename="x")
    files = MultiDict({"title": stray, "other": stray})
    with pytest.raises(Invalid) as refused:
        Application().load(read_form(Application, MultiDict(), files))
    assert set(refused.value.flat()) == {"title", "other"}


def test_a_query_is_read_as_a_form():
    class Filter(Schema):
        limit = fields.Integer(min=1, max=100, load_default=20)
        late = fields.Boolean()

    assert read_query(Filter, MultiDict({"limit": "5", "late": "ja"})) == {"limit": 5, "late": True}
    assert read_query(Filter, MultiDict()) == {"limit": 20, "late": False}
    with pytest.raises(Invalid) as refused:
        read_query(Filter, MultiDict({"limit": "1000", "page": "2"}))
    assert refused.value.flat() == {"limit": ["Skriv högst 100."], "page": ["Ta bort fältet. Det finns inte här."]}


@pytest.mark.parametrize(("sent", "version"), [("3", 3), ("", -1), ("٣", -1), ("-1", -1), ("9" * 13, -1)])
def test_the_version_of_the_row(sent, version):
    assert read_version(MultiDict({"version": sent})) == version


@pytest.mark.parametrize("name", ["csrf_token", "version", "knapp"])
def test_no_schema_may_take_the_names_that_forms_use(name):
    with pytest.raises(ValueError, match=name):
        Form(Schema.from_dict({name: fields.String()}))


def test_autosave_reads_the_same_form():
    written = MultiDict({"title": "", "sought": "5", "ready_on": ""})
    assert Application().load_draft(read_form(Application, written)) == {"sought": 5, "causes": [], "agreed": False}
