"""What an answer tells to some and not to others: in the document of the API it is no promise."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict


def left_out(*names: str) -> ConfigDict:
    """Return the configuration of an answer whose fields `names` are there only if whoever asks may read them."""

    def change(schema: dict[str, Any]) -> None:
        schema["required"] = [one for one in schema["required"] if one not in names]

    return ConfigDict(json_schema_extra=change)
