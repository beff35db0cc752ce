"""Backup and restore of the whole platform: every database at one moment, and the events still under way then."""

from deploy.backup.restoring import Target, restore
from deploy.backup.taking import take

__all__ = ["Target", "restore", "take"]
