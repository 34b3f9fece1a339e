"""The follow-up on the map: the places that have been granted money."""

from __future__ import annotations

from typing import Any

import flask

from core import geo
from core.followup.figures_more import granted_places
from core.followup.models import VIEW
from core.followup.schemas.city import GrantsQuery
from core.followup.services.asked import Asked, Boards
from core.http import Api, actor
from core.places.schemas import FeaturesOut

api = Api("followup-map", __name__, description="Uppföljning: platserna som har fått pengar, på kartan.")
GEOJSON = "application/geo+json"


@api.route("/grants.geojson", methods=["GET"], needs=VIEW)
@api.asks(GrantsQuery)
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw(asked: dict[str, Any]) -> Any:
    """Platserna som har beviljade medel ett år, med ansökan och belopp i kronor. Längd och bredd har sex decimaler."""
    known = Asked(asked["year"], Boards(), asked["programme"], asked["board"])
    features = [
        {
            "type": "Feature",
            "geometry": geo.to_geojson(row.geom, geo.DECIMALS_SHOWN),
            "properties": {
                "name": row.place,
                "number": row.title,
                "granted": int(row.granted),
                "url": f"/platser/{row.place_uid}",
            },
        }
        for row in granted_places(actor(), known)
    ]
    answer = flask.jsonify({"type": "FeatureCollection", "features": features})
    answer.mimetype = GEOJSON
    return answer
