"""The scene of the tests of places: two made-up district areas, and somebody who works in the first."""

from tests.geo.conftest import plan_of
from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "plan_of", "scene"]
