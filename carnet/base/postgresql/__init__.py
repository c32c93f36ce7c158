"""Our PostgreSQL backend: Django's, with fewer round trips. Django looks for it in `base`."""
