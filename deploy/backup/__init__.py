"""Backup and restore of the whole platform: every database at one moment, and the events still under way then."""

from deploy.backup.restoring import Restored, Target, restore
from deploy.backup.taking import Taken, take

__all__ = ["Restored", "Taken", "Target", "restore", "take"]
