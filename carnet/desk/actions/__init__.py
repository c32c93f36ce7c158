"""Actions that need several rooms at once."""

from carnet.desk.actions.found import Beginning, Founder, Founding, NewSignIn, Windows, found_business

__all__ = ["Beginning", "Founder", "Founding", "NewSignIn", "Windows", "found_business"]
