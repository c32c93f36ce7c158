"""Actions that need several rooms at once."""

from carnet.desk.actions.found import Founding, found_business

__all__ = ["Founding", "found_business"]
