"""Where photos lie: what is kept is on the disk before anybody is told so."""

import os
from pathlib import Path

import pytest

from core.media.store import Store


@pytest.fixture
def synced(monkeypatch):
    """Every file and folder that is synced, in order."""
    found, really = [], os.fsync

    def sync(descriptor):
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        really(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    return found


def test_the_first_file_of_a_folder_is_as_safe_as_the_next(tmp_path, synced):
    """After a power cut a new folder is there only if the one that it stands in had been synced."""
    store = Store(tmp_path)
    sha256, _ = store.keep(lambda file: file.write(b"first"))
    shard = store.path(sha256).parent
    assert synced[1:] == [tmp_path, store.files, shard]
    synced.clear()
    store.path(sha256).unlink()
    store.keep(lambda file: file.write(b"first"))
    assert synced[1:] == [shard], "what stands there already need not be synced again"
