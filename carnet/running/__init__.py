"""Running Carnet: the launcher, the web server, the background worker. Only `cli.py` stands above it."""
