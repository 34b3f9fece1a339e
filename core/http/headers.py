"""The headers that every answer has, whatever was asked: what a browser may do with it, and who may keep it."""

from __future__ import annotations

import flask

from core.http.frame import Application

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cache-Control": "private, no-store",
}
OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000"}


def install(app: Application) -> None:
    """Complete every answer; what a view has said itself stands."""
    wanted = SECURITY | (OVER_HTTPS if app.settings.secure else {})

    def complete(response: flask.Response) -> flask.Response:
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(complete)
