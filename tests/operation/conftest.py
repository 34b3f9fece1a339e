"""What the tests of operation share: an administrator, and plugins made on the spot."""

from tests.contract.conftest import House, city, make_plugin, start, template

__all__ = ["House", "city", "make_plugin", "start", "template"]
