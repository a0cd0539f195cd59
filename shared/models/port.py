"""Who can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from pydantic import BaseModel

from shared.models.answer import Answer, Asker, NoAnswer
from shared.models.prompt import Prompt

M = TypeVar("M", bound=BaseModel)

NOBODY = NoAnswer("no_model", "no model is configured: set GOALS_MODEL_KEY_FILE or GOALS_MODEL_URL")


class Telling(Protocol):
    """A text while it is being written: iterate over its pieces, then read `outcome`.

    Each piece is a whole sentence or line that passed the check; joined they are the text. Ending the iteration
    early ends the call. `outcome` is an Answer with the whole text, or why there is none: pieces already given were
    checked, and may still be an unfinished text.
    """

    def __iter__(self) -> Iterator[str]: ...

    @property
    def outcome(self) -> Answer[str] | NoAnswer: ...


class Model(Protocol):
    """Never raises for what a network or a model does. Raises InvalidInput for a mistake of ours: inputs that are not
    the prompt's. Any thread may call it; it blocks for at most the prompt's seconds."""

    def ask(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], *, who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        """One answer that fits `schema` (a closed pydantic model)."""
        ...

    def tell(
        self,
        prompt: Prompt,
        inputs: Mapping[str, str],
        *,
        who: Asker,
        now: datetime,
        check: Callable[[str], bool],
    ) -> Telling:
        """Text that is shown while it is written. `check` gets the whole text so far, ending with the piece about to
        be shown; False ends it there (`objected`)."""
        ...

    def close(self) -> None:
        """Ends what is under way."""
        ...


class Silence:
    """A telling of nothing."""

    def __init__(self, outcome: NoAnswer) -> None:
        self.outcome: Answer[str] | NoAnswer = outcome

    def __iter__(self) -> Iterator[str]:
        return iter(())


class NoModel:
    """No key: the rules answer everything."""

    def ask(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], *, who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        prompt.check(inputs)
        return NOBODY

    def tell(
        self,
        prompt: Prompt,
        inputs: Mapping[str, str],
        *,
        who: Asker,
        now: datetime,
        check: Callable[[str], bool],
    ) -> Telling:
        prompt.check(inputs)
        return Silence(NOBODY)

    def close(self) -> None:
        pass


class LentModel:
    """Stands for the model of a function that is not started yet: `new()` makes it, `start` lends it the real one."""

    def __init__(self) -> None:
        self._model: Model = NoModel()

    def lend(self, model: Model) -> None:
        self._model = model

    @property
    def there(self) -> bool:
        """Is anybody there to be asked? False where no model is configured."""
        return not isinstance(self._model, NoModel)

    def ask(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], *, who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        return self._model.ask(prompt, inputs, schema, who=who, now=now)

    def tell(
        self,
        prompt: Prompt,
        inputs: Mapping[str, str],
        *,
        who: Asker,
        now: datetime,
        check: Callable[[str], bool],
    ) -> Telling:
        return self._model.tell(prompt, inputs, who=who, now=now, check=check)

    def close(self) -> None:
        """The lender closes it."""
