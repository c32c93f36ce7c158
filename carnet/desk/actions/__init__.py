"""Actions that need several rooms at once."""

from carnet.desk.actions.add_service import add_service
from carnet.desk.actions.found import Founding, found_business

__all__ = ["Founding", "add_service", "found_business"]
