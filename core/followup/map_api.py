"""The follow-up on the map: the places that have been granted money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import geo
from core.figures.schemas.told import ItemsOut
from core.followup.figures_more import Spot, granted_places
from core.followup.models import VIEW
from core.followup.schemas.city import GrantsQuery
from core.followup.services.asked import Asked, Boards
from core.http import Api, actor
from core.http.paging import mark, place

api = Api("followup-map", __name__, description="Uppföljning: platserna som har fått pengar, på kartan.")
GEOJSON = "application/geo+json"


@api.route("/grants.geojson", methods=["GET"], needs=VIEW)
@api.asks(GrantsQuery)
@api.response(200, ItemsOut, content_type=GEOJSON)
def draw(asked: dict[str, Any]) -> Any:
    """Platserna som har beviljade medel ett år, med ansökan och belopp i kronor. Längd och bredd har sex decimaler.

    De ansökningar som fick mest kommer först, högst `limit` i ett svar; länken `next` leder till nästa.
    """
    known = Asked(asked["year"], Boards(), asked["programme"], asked["board"])
    after: Any = place(asked.get("after"), int, UUID)
    found, last = granted_places(actor(), known, limit=asked["limit"], after=after)
    features = [_feature(one) for one in found]
    here = dict(request.args)
    links = [_link("self", here)]
    if last is not None:
        links.append(_link("next", here | {"after": mark(last)}))
    body = {"type": "FeatureCollection", "features": features, "numberReturned": len(features), "links": links}
    answer = flask.jsonify(body)
    answer.mimetype = GEOJSON
    return answer


def _feature(one: Spot) -> dict[str, Any]:
    row = one.row
    known = {"name": row.place, "number": row.title, "granted": one.granted, "url": f"/platser/{row.place_uid}"}
    return {"type": "Feature", "geometry": geo.to_geojson(row.geom, geo.DECIMALS_SHOWN), "properties": known}


def _link(rel: str, asked: dict[str, Any]) -> dict[str, str]:
    href = request.host_url.rstrip("/") + flask.url_for("followup-map.draw", **asked)
    return {"rel": rel, "type": GEOJSON, "href": href}
