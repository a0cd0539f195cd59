"""What servers answer, read defensively from plain JSON: the SDK's models are built without checks.

Sources: OpenAI's API reference, "Responses" (object, streaming events) and "Chat completions" (object, chunk object).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.models.fault import Fault, Usage


@dataclass(frozen=True, slots=True)
class Read:
    """`ended`: of a stream, whether this was its proper end."""

    text: str = ""
    usage: Usage | None = None
    ended: bool = False


def response_text(body: Any) -> Read:
    """Of a Response object. Raises Fault: `refused`, `cut`, `invalid`, `server_error`."""
    if not isinstance(body, Mapping) or not isinstance(body.get("output"), list):
        raise Fault("invalid", "the answer is no Response object", again=True, billed=True, mute=True)
    usage = _usage(body.get("usage"), "input_tokens", "output_tokens", "input_tokens_details")
    texts = []
    for item in body["output"]:
        if not isinstance(item, Mapping) or item.get("type") != "message" or item.get("phase") == "commentary":
            continue
        for part in item.get("content") or []:
            if isinstance(part, Mapping) and part.get("type") == "refusal":
                raise _refused(usage)
            if isinstance(part, Mapping) and part.get("type") == "output_text":
                texts.append(_text(part.get("text"), usage))
    _status(body, usage)
    return Read("".join(texts), usage, ended=True)


def chat_text(body: Any) -> Read:
    """Of a chat completion. Raises Fault, as above."""
    try:
        choice = body["choices"][0]
        message, ending = choice["message"], choice.get("finish_reason")
        refusal, text = message.get("refusal"), message.get("content")
    except (TypeError, KeyError, IndexError, AttributeError):
        raise Fault("invalid", "the answer is no chat completion", again=True, billed=True, mute=True) from None
    usage = _usage(body.get("usage"), "prompt_tokens", "completion_tokens", "prompt_tokens_details")
    if refusal or ending == "content_filter":
        raise _refused(usage)
    if ending == "length":
        raise _cut(usage)
    return Read(_text(text, usage), usage, ended=True)


def response_event(event: Mapping[str, Any]) -> Read:
    """Of one event of a Response's stream. Raises Fault where it says that the answer failed."""
    match event.get("type"):
        case "response.output_text.delta":
            return Read(_text(event.get("delta"), None))
        case "response.refusal.delta" | "response.refusal.done":
            raise _refused(None)
        case "response.completed" | "response.incomplete" | "response.failed":
            body = event.get("response")
            body = body if isinstance(body, Mapping) else {}
            usage = _usage(body.get("usage"), "input_tokens", "output_tokens", "input_tokens_details")
            _status({**body, "status": str(event["type"]).removeprefix("response.")}, usage)
            return Read(usage=usage, ended=True)
        case "error":
            raise Fault("server_error", "the server reported an error within the stream", again=True, billed=True)
        case _:
            return Read()


def chat_chunk(chunk: Mapping[str, Any]) -> Read:
    """Of one chunk of a chat completion's stream; the last one may hold no choice, only the usage."""
    usage = _usage(chunk.get("usage"), "prompt_tokens", "completion_tokens", "prompt_tokens_details")
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], Mapping) else {}
    delta = choice.get("delta")
    delta = delta if isinstance(delta, Mapping) else {}
    ending = choice.get("finish_reason")
    if delta.get("refusal") or ending == "content_filter":
        raise _refused(usage)
    if ending == "length":
        raise _cut(usage)
    text = delta.get("content")
    return Read(_text(text, usage) if text is not None else "", usage, ended=ending is not None)


def _status(body: Mapping[str, Any], usage: Usage | None) -> None:
    match body.get("status"):
        case "incomplete":
            details = body.get("incomplete_details")
            why = details.get("reason") if isinstance(details, Mapping) else None
            raise _refused(usage) if why == "content_filter" else _cut(usage)
        case "failed" | "cancelled":
            raise Fault("server_error", "the server says that the answer failed", again=True, billed=True, usage=usage)


def _refused(usage: Usage | None) -> Fault:
    return Fault("refused", "the model refused", billed=True, usage=usage)


def _cut(usage: Usage | None) -> Fault:
    return Fault("cut", "the answer reached its limit of tokens before its end", billed=True, usage=usage)


def _text(given: Any, usage: Usage | None) -> str:
    if not isinstance(given, str):
        raise Fault("invalid", "the answer's text is no text", again=True, billed=True, usage=usage)
    return given


def _usage(given: Any, in_name: str, out_name: str, details_name: str) -> Usage | None:
    """None where it is missing or makes no sense: then the upper bound is counted."""
    if not isinstance(given, Mapping):
        return None
    details = given.get(details_name)
    cached = _count(details.get("cached_tokens") or 0) if isinstance(details, Mapping) else 0
    sent, written = _count(given.get(in_name)), _count(given.get(out_name))
    if sent is None or written is None or cached is None:
        return None
    return Usage(sent, min(cached, sent), written)


def _count(given: Any) -> int | None:
    whole = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 100_000_000
    return given if whole else None
