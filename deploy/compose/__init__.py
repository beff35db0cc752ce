"""Docker Compose: the variants beside docker-compose.yml, and the maker of their secrets."""
