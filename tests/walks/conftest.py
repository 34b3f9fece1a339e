"""The scene of every test of walks."""

from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]
