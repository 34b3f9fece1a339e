"""The pages of people: logging in, where one begins, organisations, persons and their roles."""

from core.people.views import devices, organisations, persons, signing_in, start
from core.people.views.blueprint import pages

__all__ = ["devices", "organisations", "pages", "persons", "signing_in", "start"]
