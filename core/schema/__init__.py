"""One description per thing (design.md 4.2): a schema draws the form, reads JSON, validates and documents.

Knows no web. `fields` are strict and speak Swedish; `Schema.load` applies rules, `load_draft` types only.
"""

from core.schema import fields
from core.schema.description import FieldDescription
from core.schema.pages import ListFilter, ListPage, ListQuery
from core.schema.persons import REMOVED, WARNINGS, warns_of_persons, without_numbers
from core.schema.reasons import OptionalReasonForm, ReasonForm
from core.schema.strict import Invalid, Schema

__all__ = [
    "REMOVED",
    "WARNINGS",
    "FieldDescription",
    "Invalid",
    "ListFilter",
    "ListPage",
    "ListQuery",
    "OptionalReasonForm",
    "ReasonForm",
    "Schema",
    "fields",
    "warns_of_persons",
    "without_numbers",
]
