"""What every door of the HTTP API is made of: strict input, one shape of error, plain answers."""

from carnet.base.api.answers import answer, listed
from carnet.base.api.errors import IdTaken, VersionMissing, problems
from carnet.base.api.input import Day, Id, Input, Minutes, Moment, Nothing, Text
from carnet.base.api.paging import Limit, page_after
from carnet.base.api.versions import expected_version

__all__ = [
    "Day",
    "Id",
    "IdTaken",
    "Input",
    "Limit",
    "Minutes",
    "Moment",
    "Nothing",
    "Text",
    "VersionMissing",
    "answer",
    "expected_version",
    "listed",
    "page_after",
    "problems",
]
