"""Fields that hold other values: lists, objects, shapes on the map, files."""

from __future__ import annotations

from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from core.i18n import N_, Text
from core.schema.described import Described
from core.schema.messages import messages

MAX_ITEMS = 1000
SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


class Items(validate.Length):
    """The number of things in a list."""

    def __call__(self, value: Any) -> Any:
        if self.max is not None and len(value) > self.max:
            raise ValidationError(Text(N_("Ta bort några. Högst {max} får plats."), max=self.max))
        if self.min is not None and len(value) < self.min:
            raise ValidationError(Text(N_("Lägg till fler. Minst {min} behövs."), min=self.min))
        return value


class List(Described, fields.List[Any]):
    """A list of at most `max` values; longer ones are refused before they are read."""

    widget = ""
    default_error_messages = messages(
        {"required": N_("Lägg till minst en."), "too_many": N_("Ta bort några. Högst {max} får plats.")}
    )

    def __init__(self, inner: fields.Field[Any], *, min: int = 0, max: int = MAX_ITEMS, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(inner, **kwargs)
        self.max = max
        self.validators.insert(0, Items(min=min, max=max))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if len(value) > self.max:
            raise self.make_error("too_many", max=self.max)
        return super()._deserialize(value, attr, data, **kwargs)


class Tuple(Described, fields.Tuple):
    """A list with one value for each of its `parts`, in their order."""

    widget = ""

    def __init__(self, *parts: fields.Field[Any], **kwargs: Any) -> None:
        super().__init__(parts, **kwargs)
        count = len(parts)
        self.metadata = {"type": "array", "items": {}, "minItems": count, "maxItems": count, **self.metadata}


class Nested(Described, fields.Nested):
    """An object with a schema of its own. In a form its fields are named `details.hate`."""

    widget = ""
    draft = False
    """Set on the copy that `Schema.load_draft` reads with."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        if self.draft and hasattr(self.schema, "load_draft"):
            return self.schema.load_draft(value)
        return super()._load(value, partial=partial)


class Object(Described, fields.Dict):
    """A JSON object whose schema is known only later (a plugin's details): load it with that before use."""

    widget = ""


class GeoJSON(Described, fields.Dict):
    """A GeoJSON geometry: an object with `type` and `coordinates`. `core.geo.from_geojson` reads what is in it.

    In a form it is a hidden field with the same JSON as text.
    """

    widget = "hidden"
    default_error_messages = messages(
        {
            "required": N_("Markera platsen på kartan."),
            "null": N_("Markera platsen på kartan."),
            "invalid": N_("Ange en GeoJSON-geometri med type och coordinates och inget mer."),
            "shape": N_("Ange en geometri av någon av formerna {shapes}."),
        }
    )

    def __init__(self, *, shapes: tuple[str, ...] = SHAPES, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shapes = shapes
        self.metadata = {
            "properties": {"type": {"type": "string", "enum": list(shapes)}, "coordinates": {"type": "array"}},
            "required": ["type", "coordinates"],
            "additionalProperties": False,
            **self.metadata,
        }

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or value.keys() != {"type", "coordinates"}:
            raise self.make_error("invalid")
        if value["type"] not in self.shapes:
            raise self.make_error("shape", shapes=", ".join(self.shapes))
        if not isinstance(value["coordinates"], list):
            raise self.make_error("invalid")
        return value

    def from_text(self, text: str) -> Any:
        try:
            return orjson.loads(text)
        except ValueError:
            return text

    def to_text(self, value: Any) -> str:
        return orjson.dumps(value).decode()


class Upload(Described, fields.Raw):
    """A file sent with a form. What is in it is judged by who takes it in (`core.media`), never here."""

    widget = "file"
    default_error_messages = messages({"required": N_("Välj en fil."), "invalid": N_("Välj en fil.")})

    def __init__(self, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "format": "binary", "accept": accept, **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not hasattr(value, "stream") or not hasattr(value, "filename"):
            raise self.make_error("invalid")
        return value
