"""Layouts and the files of fields over HTTP."""

from ninja import Router

from carnet.customisation.api import files, layouts

router = Router()
router.add_router("", layouts.router)
router.add_router("", files.router)

__all__ = ["router"]
