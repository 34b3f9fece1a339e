"""What is killed here works in the scene of the walks."""

from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]
