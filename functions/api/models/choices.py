"""What a learner chooses for themself: another goal, a pause, a course, a goal of their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from functions.api.models.base import Model
from shared.events.catalogue.interactions import Id, Slug, Swap


class Word(Model):
    """`id`: the client's own, so that a repeat is one request."""

    id: Id


class SwapOrder(Word):
    reason: Swap | None = Field(default=None, description="What was wrong with it; too_hard and too_easy are heeded.")


class RestOrder(Word):
    until: date = Field(description="The first day of learning again, at most 366 days ahead.")


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._+#-]{0,39}$")]


class WorkspaceOrder(Word):
    """Names as registries write them: no paths, no versions, no code. They take the place of those sent before."""

    languages: list[Name] = Field(default=[], max_length=20)
    dependencies: list[Name] = Field(default=[], max_length=100)


class WishOrder(Word):
    """A concept by its name, or words, or both."""

    text: Annotated[str, Field(max_length=500)] = ""
    concept: Slug | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text.strip() and self.concept is None:
            raise PydanticCustomError("wish_empty", "a wish needs a text or a concept")
        return self


class WishView(Model):
    """`outcome`: None while it is not answered; then planned (`goal`), later, other_course, not_covered or unknown."""

    wish: str
    text: str
    concept: str | None
    at: datetime
    outcome: Literal["planned", "later", "other_course", "not_covered", "unknown"] | None
    goal: str | None
    because: str | None


class Wishes(Model):
    wishes: list[WishView] = Field(description="Of the last 30 days, the newest first.")
