"""Speaking with one endpoint, in the best way it understands. Gives texts and usage, or raises Fault; nothing else.

Three ways, tried in this order until one has worked; that one is kept for good:
`responses` (POST /responses, strict JSON Schema), `chat_schema` (POST /chat/completions with `response_format`
json_schema), `chat_json` (the same with json_object, and the schema in words).
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from shared.clock import Clock
from shared.models.fault import Fault, Usage
from shared.models.prompt import Rendered
from shared.models.reading import Read, chat_chunk, chat_text, response_event, response_text
from shared.models.schema import schema_of, sendable
from shared.models.translating import deadline, translated

if TYPE_CHECKING:
    from openai import AsyncOpenAI

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Way = Literal["responses", "chat_schema", "chat_json"]
Effort = Literal["none", "minimal", "low", "medium", "high"]
WAYS: tuple[Way, ...] = ("responses", "chat_schema", "chat_json")

IDLE_SECONDS = 6.0
"""The longest silence within a stream."""
_BLOCK = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` None: the provider's own, as the SDK knows it. The key's repr hides it. `effort`, `thinking` (tokens
    besides an answer's text): of models that think before they answer."""

    model: str
    key: SecretStr
    url: str | None = None
    effort: Effort | None = None
    thinking: int = 0


class Wire:
    """All coroutines of one Wire run on one event loop."""

    def __init__(self, endpoint: Endpoint, now: Clock) -> None:
        self.endpoint = endpoint
        self._now = now
        self._client: AsyncOpenAI | None = None
        self._way = 0
        self._settled = False

    @property
    def way(self) -> Way:
        return WAYS[self._way]

    @staticmethod
    def prepare() -> None:
        """Imports what takes a second, before any question's time begins."""
        import openai  # noqa: F401

    async def ask(self, question: Rendered, schema: type[M], tokens: int, seconds: float) -> tuple[M, Usage | None]:
        """One answer that fits, within `seconds`. Raises Fault."""
        async with deadline(seconds):
            return await self._by_some_way(lambda way: self._asked(way, question, schema, tokens))

    async def tell(self, question: Rendered, tokens: int, seconds: float) -> AsyncGenerator[str | Usage, None]:
        """Text as it comes, and the usage at its end where it is told. Raises Fault; `cut` where it just stops."""
        from shared.models.bounded import run_out

        async with deadline(seconds):
            way, stream = await self._by_some_way(
                lambda way: self._opened(way, question, tokens), proves=("responses",)
            )
            read = response_event if way == "responses" else chat_chunk
            ended = False
            try:
                async with aclosing(aiter(stream)) as events:
                    async for event in events:
                        found = read(event.to_dict())
                        if found.text:
                            yield found.text
                        if found.usage is not None:
                            yield found.usage
                        ended = ended or found.ended
            except Fault:
                raise
            except Exception as error:  # noqa: BLE001  a server may make the SDK raise anything
                raise translated(error, self._now()) from None
            finally:
                await stream.close()
                await run_out(stream)
            if not ended:
                raise Fault("cut", "the stream stopped before its end", again=True, billed=True)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _by_some_way(self, call: Callable[[Way], Awaitable[T]], *, proves: tuple[Way, ...] = WAYS) -> T:
        """Goes down the ways while none has worked yet. `proves`: the ways that are settled by this call's success."""
        first: Fault | None = None
        for place in range(self._way, len(WAYS)):
            try:
                found = await call(WAYS[place])
            except Fault as fault:
                first = first or fault
                if self._settled or not fault.mute or place == len(WAYS) - 1:
                    raise first if fault.mute else fault from None
            else:
                if not self._settled:
                    self._way, self._settled = place, WAYS[place] in proves
                return found
        raise AssertionError("the last way returns or raises")

    async def _asked(self, way: Way, question: Rendered, schema: type[M], tokens: int) -> tuple[M, Usage | None]:
        try:
            raw = await self._sent(way, question, schema, tokens)
            read = response_text if way == "responses" else chat_text
            found = read(raw.http_response.json())
        except Fault:
            raise
        except Exception as error:  # noqa: BLE001  as above
            raise translated(error, self._now()) from None
        return _fitting(found, schema), found.usage

    async def _sent(self, way: Way, question: Rendered, schema: type[M], tokens: int) -> Any:
        from openai import omit

        client = self._connected()
        if way == "responses":
            return await client.responses.with_raw_response.parse(
                model=self.endpoint.model,
                instructions=question.system,
                input=question.request,
                text_format=sendable(schema),
                max_output_tokens=tokens + self.endpoint.thinking,
                reasoning={"effort": self.endpoint.effort} if self.endpoint.effort else omit,
                store=False,
            )
        if way == "chat_schema":
            return await client.chat.completions.with_raw_response.parse(
                model=self.endpoint.model,
                messages=_messages(question),
                response_format=sendable(schema),
                max_tokens=tokens + self.endpoint.thinking,
                reasoning_effort=self.endpoint.effort or omit,
            )
        words, _ = schema_of(schema)
        asked = Rendered(
            f"{question.system}\n\nAnswer with one JSON object that fits this schema:\n{words}", question.request
        )
        return await client.chat.completions.with_raw_response.create(
            model=self.endpoint.model,
            messages=_messages(asked),
            response_format={"type": "json_object"},
            max_tokens=tokens + self.endpoint.thinking,
            reasoning_effort=self.endpoint.effort or omit,
        )

    async def _opened(self, way: Way, question: Rendered, tokens: int) -> tuple[Way, Any]:
        from openai import omit

        client = self._connected()
        try:
            if way == "responses":
                return way, await client.responses.create(
                    model=self.endpoint.model,
                    instructions=question.system,
                    input=question.request,
                    max_output_tokens=tokens + self.endpoint.thinking,
                    reasoning={"effort": self.endpoint.effort} if self.endpoint.effort else omit,
                    store=False,
                    stream=True,
                    timeout=IDLE_SECONDS,
                )
            return way, await client.chat.completions.create(
                model=self.endpoint.model,
                messages=_messages(question),
                max_tokens=tokens + self.endpoint.thinking,
                reasoning_effort=self.endpoint.effort or omit,
                stream=True,
                stream_options={"include_usage": True},
                timeout=IDLE_SECONDS,
            )
        except Exception as error:  # noqa: BLE001  as above
            raise translated(error, self._now()) from None

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            from shared.models.bounded import client

            self._client = AsyncOpenAI(
                api_key=self.endpoint.key.get_secret_value(),
                base_url=self.endpoint.url,
                max_retries=0,  # repeats are counted, budgeted and broken off by asking.py
                http_client=client(),
            )
        return self._client


def _messages(question: Rendered) -> Any:
    return [{"role": "system", "content": question.system}, {"role": "user", "content": question.request}]


def _fitting(found: Read, schema: type[M]) -> M:
    """The text as the schema's model. Servers without a JSON mode like to wrap it in a code block."""
    block = _BLOCK.match(found.text)
    try:
        return schema.model_validate_json(block[1] if block else found.text)
    except (ValidationError, RecursionError) as error:
        count = error.error_count() if isinstance(error, ValidationError) else 1
        detail = f"the answer does not fit {schema.__name__} ({count} errors)"
        raise Fault("invalid", detail, again=True, billed=True, usage=found.usage) from None
