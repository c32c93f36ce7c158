"""What every door of the HTTP API is made of: strict input, one shape of error, plain answers."""

from carnet.base.api.answers import answer, listed
from carnet.base.api.errors import IdTaken, VersionMissing, id_taken, problems
from carnet.base.api.input import Custom, Day, Id, Input, Key, Minutes, Moment, Nothing, Text, no_nul, refuse
from carnet.base.api.left_out import left_out
from carnet.base.api.paging import Limit, page_after
from carnet.base.api.versions import expected_version

__all__ = [
    "Custom",
    "Day",
    "Id",
    "IdTaken",
    "Input",
    "Key",
    "Limit",
    "Minutes",
    "Moment",
    "Nothing",
    "Text",
    "VersionMissing",
    "answer",
    "expected_version",
    "id_taken",
    "left_out",
    "listed",
    "no_nul",
    "page_after",
    "problems",
    "refuse",
]
