"""Appointments over HTTP: free starts, booking, and what becomes of a visit."""

from ninja import Router

# `deletion` adds to the addresses of the catalogue, whose router is mounted with its own room.
from carnet.appointments.api import availability, booking, deletion, verbs

router = Router()
# Booking shares its address, and so its router, with the list: two routers cannot answer one address.
for part in (availability, booking, verbs):
    router.add_router("", part.router)

__all__ = ["deletion", "router"]
