"""What the tests of applications share: the scene's ground."""

from tests.applications.deciding import decided
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["decided", "queries", "scene"]
