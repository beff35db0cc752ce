"""A package, unlike the other folders: its platform and its browser end with its last test, not with the run."""
