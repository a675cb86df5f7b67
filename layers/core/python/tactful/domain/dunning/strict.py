"""The base of everything that is read from a policy file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen, and a misspelled field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")
