"""Descriptions of what the follow-up asks and tells."""
