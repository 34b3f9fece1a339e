"""The scene of the tests of what phones send: that of walks."""

from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]
