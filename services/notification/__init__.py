"""Notification: those whom a change concerns are told, in the inbox and live."""
