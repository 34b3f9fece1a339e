"""What GeoReport v2 sends and asks, under the standard's own names."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields

STATUSES = {"open": N_("Öppen"), "closed": N_("Stängd")}


class ServiceRequestIn(Schema):
    """A report as an app sends it. Who it is from is received and not kept: no resident's address is."""

    jurisdiction_id = fields.String(max=200, load_default="")
    service_code = fields.String(required=True, max=80)
    lat = fields.Latitude(allow_none=True, load_default=None)
    long = fields.Longitude(allow_none=True, load_default=None)
    address_string = fields.String(max=300, load_default="")
    address_id = fields.String(max=200, load_default="")
    description = fields.String(max=4000, multiline=True, load_default="")
    email = fields.String(max=300, load_default="")
    device_id = fields.String(max=300, load_default="")
    account_id = fields.String(max=300, load_default="")
    first_name = fields.String(max=300, load_default="")
    last_name = fields.String(max=300, load_default="")
    phone = fields.String(max=300, load_default="")
    media_url = fields.String(max=2000, load_default="")


WHO = ("email", "device_id", "account_id", "first_name", "last_name", "phone")


class ServiceRequestsQuery(Schema):
    """Which requests are asked for; several ids, codes or statuses stand with commas between."""

    jurisdiction_id = fields.String(max=200, load_default="")
    service_request_id = fields.String(max=4000, load_default="")
    service_code = fields.String(max=2000, load_default="")
    start_date = fields.Instant(allow_none=True, load_default=None)
    end_date = fields.Instant(allow_none=True, load_default=None)
    status = fields.String(max=100, load_default="")
