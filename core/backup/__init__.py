"""Backups: one file with everything of an installation, made while people work, and put back into an empty one.

`container` is the file, `sealing` its encryption, `contents` what stands in it, `values` and `tables` the rows.
`making`, `verifying`, `restoring` are what one does with it, `nightly` what is done by itself. The format is told in
docs/reference/backup.md.
"""

from core.backup.container import Damaged
from core.backup.making import BackupRefused, Made, make, name_now
from core.backup.models import LATE, Backup, last_backup, latest_backups, note_verified
from core.backup.nightly import TASK, ask, make_nightly
from core.backup.restoring import Restored, restore
from core.backup.sealing import KeyRefused, new_key, read_public, read_secret
from core.backup.verifying import Checked, verify

__all__ = [
    "LATE",
    "TASK",
    "Backup",
    "BackupRefused",
    "Checked",
    "Damaged",
    "KeyRefused",
    "Made",
    "Restored",
    "ask",
    "last_backup",
    "latest_backups",
    "make",
    "make_nightly",
    "name_now",
    "new_key",
    "note_verified",
    "read_public",
    "read_secret",
    "restore",
    "verify",
]
