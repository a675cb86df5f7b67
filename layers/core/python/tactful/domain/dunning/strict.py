"""The base of everything that is read from a policy file, and how what is wrong with several fields is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Fault = tuple[tuple[int | str, ...], str]
"""A place, and what is wrong there and what to do about it."""


class Strict(BaseModel):
    """Frozen, and a misspelled field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def refuse(title: str, faults: Sequence[Fault], value: Any = None) -> None:
    """Raise pydantic's ValidationError with all faults, each at its own place; nothing if there is none.

    A plain ValueError can tell of one fault only, and of no place below the value that is validated.
    """
    if faults:
        raise ValidationError.from_exception_data(
            title,
            [
                InitErrorDetails(
                    type=PydanticCustomError("policy_fault", "{said}", {"said": said}), loc=place, input=value
                )
                for place, said in faults
            ],
        )
