"""Monitoring intake: procedures, and results with their revisions, from every door."""
