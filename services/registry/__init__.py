"""The registry: which municipalities and organisations there are, under which names and codes, and since when."""
