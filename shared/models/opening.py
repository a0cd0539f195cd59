"""Makes the model that the settings name. Nothing is imported and nothing connected before the first call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

from pydantic import BaseModel, SecretStr

from shared.clock import utc_now
from shared.errors import InvalidInput
from shared.models.answer import Answer, Asker, NoAnswer
from shared.models.cache import Cache, MemoryCache
from shared.models.port import Model, NoModel, Telling
from shared.models.prompt import Prompt
from shared.settings import Settings

M = TypeVar("M", bound=BaseModel)


def open_model(settings: Settings) -> Model:
    """NoModel where neither a key nor an address is set. Raises InvalidInput, at the start and not at the first call,
    where the address is none, or the key's file or the price table cannot be read."""
    key = key_of(settings.model_key, settings.model_key_file)
    if key is None and settings.model_url is None:
        return NoModel()
    if settings.model_url is not None and not settings.model_url.startswith(("http://", "https://")):
        raise InvalidInput("GOALS_MODEL_URL is no web address", hint="http://127.0.0.1:8000/v1")
    from shared.models.prices import price_of

    price_of(settings.model_name, settings.model_prices)
    return OpenedLater(settings, key or SecretStr("none"))


def open_cache(settings: Settings) -> Cache:
    """Where answers are kept: for who erases a learner."""
    if settings.redis_url is None:
        return MemoryCache()
    from shared.models.redis import RedisCache, connect

    return RedisCache(connect(settings.redis_url))


def key_of(key: SecretStr | None, file: Path | None) -> SecretStr | None:
    """The key, from the settings or from its file. Raises InvalidInput, which does not quote it."""
    if file is not None:
        try:
            text = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"GOALS_MODEL_KEY_FILE {file} cannot be read ({type(error).__name__})") from None
        key = SecretStr(text) if text else None
    if key is None or not key.get_secret_value():
        return None
    if not key.get_secret_value().isascii() or any(c.isspace() for c in key.get_secret_value()):
        raise InvalidInput("the model's key has characters that no HTTP header can carry", hint="copy it again")
    return key


class OpenedLater:
    """Makes the real one at the first question."""

    def __init__(self, settings: Settings, key: SecretStr) -> None:
        self._settings, self._key = settings, key
        self._lock = Lock()
        self._model: Model | None = None

    def ask(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], *, who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        return self._opened().ask(prompt, inputs, schema, who=who, now=now)

    def tell(
        self,
        prompt: Prompt,
        inputs: Mapping[str, str],
        *,
        who: Asker,
        now: datetime,
        check: Callable[[str], bool],
    ) -> Telling:
        return self._opened().tell(prompt, inputs, who=who, now=now, check=check)

    def close(self) -> None:
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.close()

    def _opened(self) -> Model:
        with self._lock:
            if self._model is None:
                self._model = _remote(self._settings, self._key)
            return self._model


def _remote(settings: Settings, key: SecretStr) -> Model:
    from shared.models.account import Terms
    from shared.models.asking import RemoteModel
    from shared.models.breaker import Breaker
    from shared.models.budget import Budget, MemoryBudget
    from shared.models.prices import price_of
    from shared.models.wire import Endpoint, Wire

    budget: Budget
    if settings.redis_url is None:
        budget = MemoryBudget(settings.model_budgets)
    else:
        from shared.models.redis import RedisBudget, connect

        budget = RedisBudget(connect(settings.redis_url), settings.model_budgets)
    price = price_of(settings.model_name, settings.model_prices)
    thinking = settings.model_thinking
    terms = Terms(settings.model_name, price, budget, Breaker(time.monotonic), time.monotonic, thinking)
    endpoint = Endpoint(settings.model_name, key, settings.model_url, settings.model_effort, thinking)
    return RemoteModel(Wire(endpoint, utc_now), terms, open_cache(settings), at_once=settings.model_calls)
