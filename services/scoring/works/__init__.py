"""Scoring's heavy work, bytes in and bytes out: `shared.aside` has it done in a process of its own."""
