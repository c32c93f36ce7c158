"""Our SQLite backend: Django's, whose writers stand in line. Django looks for it in `base`."""
