"""What has been decided about plugins, and what went wrong in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.db import Base, Key, Versioned


class PluginState(Base):
    """What has been decided about a plugin, by a person (on, off, waived) or by the guard (parked)."""

    __tablename__ = "plugin"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    traced_until: Mapped[datetime | None]


class PluginSetting(Versioned, Base):
    """What an administrator has chosen for a plugin: the answers to the schema in its manifest, as JSON."""

    __tablename__ = "plugin_setting"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class PluginCall(Base):
    """A call of a hook while the plugin was traced: of which kinds the arguments were, never what they said."""

    __tablename__ = "plugin_call"
    __table_args__ = (Index("ix_plugin_call_name_id", "name", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    hook: Mapped[str] = mapped_column(String(60))
    kinds: Mapped[str] = mapped_column(String(300))
    answered: Mapped[str] = mapped_column(String(60))
    milliseconds: Mapped[int]


class PluginFailure(Base):
    """A failure of a plugin at run time."""

    __tablename__ = "plugin_failure"
    __table_args__ = (Index("ix_plugin_failure_name_at", "name", "at"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    hook: Mapped[str] = mapped_column(String(60))
    message: Mapped[str] = mapped_column(String(500))


access.for_nobody(PluginState, PluginFailure, PluginSetting, PluginCall)
