"""What all bodies have in common, and fields that several share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shared.auth.accounts import EMAIL_LIMIT
from shared.auth.passwords import LONGEST, SHORTEST


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


def example(fields: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": fields})


Email = Annotated[str, Field(min_length=3, max_length=EMAIL_LIMIT, description="Letter case does not matter.")]
Password = Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST)]
AnyPassword = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
Token = Annotated[str, Field(min_length=1, max_length=512)]
