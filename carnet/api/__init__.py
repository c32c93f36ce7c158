"""The HTTP API: mounts every room's doors, gives every error one shape, and writes down what it promises."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return `api`, made when first asked for: it needs every room's models, and so a Django that is set up."""
    if name == "api":
        from carnet.api.doors import api

        return api
    raise AttributeError(name)
