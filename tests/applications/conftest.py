"""What the tests of applications share: the scene's ground, what waits to be assessed, what waits to be decided."""

from tests.applications.assessed import prepared
from tests.applications.deciding import decided
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["decided", "prepared", "queries", "scene"]
