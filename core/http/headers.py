"""The headers that every answer has, whatever was asked: what a browser may do with it, and who may keep it."""

from __future__ import annotations

import flask

from core import base_maps
from core.http.frame import Application

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cache-Control": "private, no-store",
}
POLICY = (
    "default-src 'self'; style-src 'self'; img-src 'self' blob: data:{hosts}; connect-src 'self'{hosts}; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
"""What a page may be made of; `hosts` are the map servers of the installation, and nobody else."""
OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000"}


def install(app: Application) -> None:
    """Complete every answer; what a view has said itself stands."""
    hosts = "".join(f" {host}" for host in base_maps.hosts(app.extensions["base_maps"]))
    wanted = SECURITY | {"Content-Security-Policy": POLICY.format(hosts=hosts)}
    if app.settings.secure:
        wanted |= OVER_HTTPS

    def complete(response: flask.Response) -> flask.Response:
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(complete)
