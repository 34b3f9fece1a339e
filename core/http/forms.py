"""Forms: reading what a page's form sent, and the form that a template draws, both from one schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask_wtf.csrf import generate_csrf
from marshmallow import fields
from marshmallow import missing as no_value
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException

from core.http.texts import translate
from core.i18n import N_
from core.schema import FieldDescription, Invalid, Schema
from core.schema.described import Described
from core.schema.words import TICKS

BUTTON = "knapp"
"""The name of every button that sends a form; its value says which one was pressed."""
CONTROLS = frozenset({"csrf_token", "version", BUTTON})
"""What our forms hold beside their fields. No schema may have fields of these names."""

_VARIABLE = re.compile(r"<[^<>]*>")

Options = Iterable[tuple[str, ...]]
"""What can be chosen: each as value, label and, for tick boxes in many groups, its group."""


def read_form(
    schema: Schema | type[Schema],
    values: MultiDict[str, str],
    files: MultiDict[str, FileStorage] | None = None,
) -> dict[str, Any]:
    """Return a form's values as JSON would hold them, for `schema.load` or `schema.load_draft`.

    The token, the version and the pressed button are left out; everything else must be known to the schema.
    """
    asked = _ready(schema)
    if flask.has_request_context():
        flask.g.asked = asked  # what was written is told in its words if it cannot be saved (conflicts.py)
    sent = MultiDict((name, value) for name, value in values.items(multi=True) if name not in CONTROLS)
    return asked.from_form(sent, files)


def read_version(values: MultiDict[str, str]) -> int:
    """Return the version of the row that the form was drawn from.

    Without one that we could have written it is -1, which no row has: a form that does not say what it was drawn from
    overwrites nothing (design.md 4.9).
    """
    digits = values.get("version", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else -1  # noqa: PLR2004


def read_query(schema: Schema | type[Schema], values: MultiDict[str, str]) -> Any:
    """Return a query string's parameters loaded by `schema`, or raise Invalid. They are read as a form is."""
    asked = _ready(schema)
    return asked.load(asked.from_form(values))


def read_filter(schema: Schema | type[Schema], values: MultiDict[str, str]) -> tuple[dict[str, Any], Invalid | None]:
    """Return what a list's filter asks for and what is wrong with it (None), so that the list is drawn either way.

    What cannot be read is as if it were not asked for; the page tells it at its field, with 422.
    """
    asked = _ready(schema)
    try:
        return asked.load(asked.from_form(values)), None
    except Invalid as refused:
        known: Any = refused.valid_data or {}
        return asked.load({}) | known, refused


@dataclass(frozen=True)
class FormField:
    """One field as a template draws it, in the language of this request. `templates/ui/form.html` reads it."""

    name: str
    id: str
    label: str
    hint: str
    widget: str
    options: Sequence[tuple[str, ...]]
    value: str | list[str]
    error: str | None
    required: bool
    optional: str
    suffix: str
    autocomplete: str
    inputmode: str
    maxlength: int | None
    accept: str
    group: str

    @property
    def told(self) -> str:
        """The message as the summary says it, far from the field: after the question that it answers."""
        question = ": ".join(filter(None, (self.group, self.label)))
        end = "" if question.endswith(("?", ".")) else ":"
        return f"{question}{end} {self.error}" if question else self.error or ""


class Form:
    """A form to draw: of `data` (a row, or loaded values), or of what somebody `written` and it was refused.

    What was written keeps the version that it was written from: drawn with a newer one, the next press would
    overwrite what somebody else did meanwhile. `options` gives the choices that only this request knows
    ({"area": [("…uid…", "Rågsved")]}). `ids` begins every id, for a page with two forms.
    """

    def __init__(
        self,
        schema: Schema | type[Schema],
        data: Any = None,
        *,
        written: MultiDict[str, str] | None = None,
        errors: Invalid | Mapping[str, list[str]] | None = None,
        action: str = "",
        version: int | None = None,
        options: Mapping[str, Options] | None = None,
        ids: str = "f",
    ) -> None:
        self.action, self.ids, self._is_sent = action, ids, written is not None
        self.version = read_version(written) if written is not None and "version" in written else version
        self._schema, self._options = schema, options
        asked = _ready(schema)
        described = [each for each in asked.describe() if each.widget]
        told, self._whole = _placed(errors, described)
        texts = _Written(written) if written is not None else _Stored(asked, data)
        self.fields = [_drawn(each, texts, told.get(each.name), options or {}, ids) for each in described]

    @property
    def errors(self) -> list[tuple[str | None, str]]:
        """Each message after its question, with the id of what mends it, in the page's order.

        The id is None for what no visible field holds.
        """
        visible = [(field.id, field.told) for field in self.fields if field.error and field.widget != "hidden"]
        hidden = [(None, field.error) for field in self.fields if field.error and field.widget == "hidden"]
        return [*self._whole, *hidden, *visible]

    def filled_in(self, values: MultiDict[str, str]) -> Form:
        """Return this form with what somebody wrote in an older one, ready to be saved over what stands here."""
        written = MultiDict(values.items(multi=True))
        written["version"] = "" if self.version is None else str(self.version)
        return Form(self._schema, written=written, options=self._options, action=self.action)

    @property
    def address(self) -> str:
        """Where it is sent when its template does not say.

        What was refused goes to where it was sent; a form beside it to the page that both stand on, whose address
        this request's own is not.
        """
        if self.action or self._is_sent:
            return self.action or flask.request.full_path.rstrip("?")
        return own_address()

    @property
    def csrf_token(self) -> str:
        return str(generate_csrf())

    @property
    def multipart(self) -> bool:
        """Whether a file may be sent, so that the form needs `enctype="multipart/form-data"`."""
        return any(field.widget == "file" for field in self.fields)

    def __iter__(self) -> Iterator[FormField]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> FormField:
        """Return one field by name, for a template that places its fields by hand."""
        return next(field for field in self.fields if field.name == name)


def own_address() -> str:
    """Return where a form of the page itself is sent: there, also when the page is drawn as the answer to another."""
    return "" if flask.request.method == "GET" else page_above()


def page_above() -> str:
    """Return the address of the page that a form stands on: where it was sent if that is read, else the one above it.

    A request that is for another host, or for no address of ours, has none: then it is the first page.
    """
    request = flask.request
    if _rule_at(request.path, "GET") is not None:
        return request.full_path.rstrip("?")
    return _above(request.path, _rule_at(request.path, "POST"))


def form_stands_at() -> str | None:
    """Return the nearest page above an address to which only a form is sent; None for an address that is read too."""
    path = flask.request.path
    sent = _rule_at(path, "POST")
    return None if sent is None or sent == _rule_at(path, "GET") else _above(path, sent)


def _rule_at(path: str, method: str) -> str | None:
    """Return the rule by which a path of ours is routed; None for one that is not, and for another host."""
    try:
        adapter = flask.current_app.create_url_adapter(flask.request)
        return adapter.match(path, method=method, return_rule=True)[0].rule if adapter else None
    except HTTPException:
        return None


def _above(path: str, sent: str | None) -> str:
    """Return the nearest page above where a form was `sent` whose rule its own rule goes on from.

    /lagesbilder/x/steg is routed as a part called "steg", but what was sent to /lagesbilder/x/steg/y is none of it.
    """
    while path := path.rpartition("/")[0]:
        found = _rule_at(path, "GET")
        if found is not None and (sent is None or _shape(sent).startswith(f"{_shape(found)}/")):
            return path
    return "/"


def _shape(rule: str) -> str:
    """Return a rule without what it calls its variables."""
    return _VARIABLE.sub("<>", rule)


Forms = dict[str, Form]
"""The forms of a page, by the name under which its template draws each."""


def said(schema: type[Schema] = Schema) -> dict[str, Any]:
    """Return what the form of this request says; one that asks nothing takes nothing. Raises Invalid."""
    known: dict[str, Any] = schema().load(read_form(schema, flask.request.form))
    return known


def refuse_others(schema: type[Schema]) -> None:
    """Refuse what the form of this request has beside the fields of `schema`, whose values are not read yet.

    For a form that is kept or looked over before it is right. Raises Invalid.
    """
    fields_of = {one.name for one in schema().describe()}
    if others := flask.request.form.keys() - fields_of - CONTROLS:
        raise Invalid({name: [N_("Ta bort fältet. Det finns inte här.")] for name in others})


def refused(ids: str, schema: type[Schema], problem: Any, options: Mapping[str, Options] | None = None) -> Forms:
    """Return the form of this request, which was refused, under its name: as it was sent, with what is wrong."""
    errors = problem.fields(schema)
    return {ids: Form(schema, written=flask.request.form, errors=errors, ids=ids, options=options)}


def fresh(schema: type[Schema], ids: str, options: Mapping[str, Options] | None = None, **known: Any) -> Forms:
    """Return an empty form with what is known from the start, under its name."""
    return {ids: Form(schema, schema().load_draft({}) | known, ids=ids, options=options)}


def none(text: str = N_("Ingen")) -> tuple[str, str]:
    """Return the choice of nothing."""
    return "", translate(text)


class _Written:
    """The texts as they were sent, so that nothing has to be written twice."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self.values = values

    def texts(self, described: FieldDescription) -> list[str]:
        return self.values.getlist(described.name)


class _Stored:
    """The texts of values that were loaded or stored before, or of the fields' defaults."""

    def __init__(self, schema: Schema, data: Any) -> None:
        self.empty = data is None
        self.dumped = {} if data is None else schema.dump(data)

    def texts(self, described: FieldDescription) -> list[str]:
        field = described.field
        if self.empty:
            default = field.load_default() if callable(field.load_default) else field.load_default
            value = None if default is no_value else field._serialize(default, described.name, None)  # noqa: SLF001
        else:
            value = self._value(described.name)
        if value is None:
            return []
        each_field = field.inner if isinstance(field, fields.List) else field
        values = value if isinstance(value, list) else [value]
        return [each_field.to_text(one) if isinstance(each_field, Described) else str(one) for one in values]

    def _value(self, path: str) -> Any:
        value: Any = self.dumped
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def _ready(schema: Schema | type[Schema]) -> Schema:
    asked = schema() if isinstance(schema, type) else schema
    if taken := CONTROLS & asked.load_fields.keys():
        message = f"{type(asked).__name__}: a form uses these names itself: {', '.join(sorted(taken))}"
        raise ValueError(message)
    return asked


def _drawn(
    described: FieldDescription,
    source: _Written | _Stored,
    error: list[str] | None,
    options: Mapping[str, Options],
    ids: str,
) -> FormField:
    return FormField(
        name=described.name,
        id=f"{ids}-{described.name.replace('.', '-')}",
        label=translate(described.label),
        hint=translate(described.hint),
        widget=described.widget,
        options=_options(described, options),
        value=_value(described, source),
        error=" ".join(map(translate, error)) if error else None,
        required=described.required,
        optional=translate(described.optional),
        suffix=translate(described.suffix),
        autocomplete=described.autocomplete,
        inputmode=described.inputmode,
        maxlength=described.maxlength,
        accept=described.accept,
        group=translate(described.group),
    )


def _options(described: FieldDescription, given: Mapping[str, Options]) -> Sequence[tuple[str, ...]]:
    if described.name in given:
        return list(given[described.name])
    return [(value, translate(label)) for value, label in described.options]


def _value(described: FieldDescription, source: _Written | _Stored) -> str | list[str]:
    """Return what the field shows; a file and a password are never shown again."""
    texts = [] if described.widget in ("file", "password") else source.texts(described)
    if isinstance(described.field, fields.List):
        return texts
    last = texts[-1] if texts else ""
    if described.widget in TICKS and isinstance(described.field, Described):
        return "ja" if described.field.from_text(last) is True else ""
    return last


def _placed(
    errors: Invalid | Mapping[str, list[str]] | None, described: list[FieldDescription]
) -> tuple[dict[str, list[str]], list[tuple[str | None, str]]]:
    """Return the messages by the drawn field they belong to, and those that belong to none.

    A path that begins with # is the id of what mends it, outside the form.
    """
    flat = errors.flat() if isinstance(errors, Invalid) else dict(errors or {})
    names = {each.name for each in described}
    told: dict[str, list[str]] = {}
    whole: list[tuple[str | None, str]] = []
    for path, texts in flat.items():
        owner = _owner(path, names)
        if owner:
            told.setdefault(owner, []).extend(texts)
        elif path.startswith("#"):
            whole.extend((path[1:], translate(text)) for text in texts)
        else:
            whole.extend((None, f"{path}: {translate(text)}" if path else translate(text)) for text in texts)
    return told, whole


def _owner(path: str, names: set[str]) -> str:
    """Return the field that `path` lies in: "areas.0" lies in "areas"."""
    while path and path not in names:
        path = path.rpartition(".")[0]
    return path
