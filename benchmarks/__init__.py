"""Figures of speed and size, each beside a hand-written floor measured in the same run; never a timed test."""
