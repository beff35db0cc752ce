"""Docker Compose: the maker of the secrets that docker-compose.yml mounts."""
