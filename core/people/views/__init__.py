"""The pages of people: logging in, where one begins, organisations, persons and their roles."""

from core.people.views import devices, keys, mine, organisations, persons, signing_in, start, todo
from core.people.views.blueprint import pages

__all__ = ["devices", "keys", "mine", "organisations", "pages", "persons", "signing_in", "start", "todo"]
