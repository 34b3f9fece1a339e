"""The fields of our schemas. Use these and not marshmallow's: they are strict and speak Swedish."""

from core.schema.amounts import Float, Hours, Integer, Kronor, Latitude, Longitude, Year
from core.schema.parts import GeoJSON, List, Nested, Object, Tuple, Upload
from core.schema.times import Date, Instant
from core.schema.words import Boolean, Choice, Choices, Confirm, Sha256, String, Uid

__all__ = [
    "Boolean",
    "Choice",
    "Choices",
    "Confirm",
    "Date",
    "Float",
    "GeoJSON",
    "Hours",
    "Instant",
    "Integer",
    "Kronor",
    "Latitude",
    "List",
    "Longitude",
    "Nested",
    "Object",
    "Sha256",
    "String",
    "Tuple",
    "Uid",
    "Upload",
    "Year",
]
