"""Scoring: results become points, exact shares, levels and ranks, and every change is told."""
