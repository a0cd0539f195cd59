"""The account of one question: may it be sent, what did each attempt cost, how did it end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from shared.events.catalogue.models import ModelCalled, Reason
from shared.models.answer import Asker, NoAnswer
from shared.models.breaker import Breaker
from shared.models.budget import Amount, Budget
from shared.models.fault import Fault, Usage
from shared.models.prices import Price
from shared.models.prompt import Prompt, Rendered
from shared.telemetry import meter

log = structlog.get_logger(__name__)

BYTES_A_TOKEN = 3
"""Few texts have fewer; only for the estimate that is reserved, and counted where a server tells no usage."""
AROUND = 64
"""Tokens that a server adds around the texts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which an endpoint is asked. `clock`: monotonic seconds. `thinking`: tokens besides an answer's text."""

    model: str
    price: Price
    budget: Budget
    breaker: Breaker
    clock: Callable[[], float]
    thinking: int = 0


class Account:
    """`digest`: of the prompt and of what is asked for."""

    def __init__(self, terms: Terms, prompt: Prompt, digest: str, who: Asker, now: datetime) -> None:
        self._terms, self._prompt, self._digest, self._who, self._now = terms, prompt, digest, who, now
        self.start()
        self._usage, self._cost, self._attempts, self._estimated = Usage(), 0, 0, False
        self.first_ms: float | None = None

    def start(self) -> None:
        """The question's time begins now."""
        self._began = self._terms.clock()

    @property
    def left(self) -> float:
        """Seconds until the whole question has taken as long as it may."""
        return self._began + self._prompt.seconds - self._terms.clock()

    @contextmanager
    def attempt(self, question: Rendered, besides: int = 0) -> Iterator[Bill]:
        """One request: reserved before, settled after. `besides`: bytes sent with the question. Raises Fault where it
        may not be sent."""
        if self.left <= 0:
            raise Fault("timeout", "no time was left to ask")
        if not self._terms.breaker.admit():
            raise Fault("resting", "the model failed too often and is left alone for a while")
        sent = len((question.system + question.request).encode("utf-8", "replace")) + besides
        bill = Bill(Usage(sent // BYTES_A_TOKEN + AROUND, 0, self._prompt.output_tokens + self._terms.thinking))
        reserved = self._amount(bill.estimate)
        verdict = self._terms.budget.reserve(self._who, reserved, self._now)
        if verdict != "reserved":
            self._terms.breaker.abandoned()
            why = "today's budget is used up" if verdict == "used_up" else "budgets cannot be read: Redis is away"
            raise Fault("budget", why)
        self._attempts += 1
        ended: Fault | Literal["well", "early"] = "early"
        try:
            yield bill
            ended = "well"
        except Fault as fault:
            ended = fault
            bill.usage = bill.usage or fault.usage
            bill.due = fault.billed
            raise
        finally:
            self._close(bill, reserved)
            self._judge(ended)

    def _close(self, bill: Bill, reserved: Amount) -> None:
        usage = (bill.usage or bill.estimate) if bill.due else Usage()
        self._estimated = self._estimated or (bill.due and bill.usage is None)
        amount = self._amount(usage)
        self._usage += usage
        self._cost += amount.cost
        self._terms.budget.settle(self._who, amount - reserved, self._now)

    def _judge(self, ended: Fault | Literal["well", "early"]) -> None:
        """What this attempt says about the endpoint."""
        breaker = self._terms.breaker
        match ended:
            case "well" | Fault(reason="refused" | "objected"):
                breaker.went_well()
            case "early" | Fault(reason="not_accepted", rest=None):
                breaker.abandoned()
            case Fault(reason="cut", again=False):  # its tokens were up: the endpoint is well
                breaker.went_well()
            case Fault(reason="rate_limited"):
                breaker.failed(ended.after)
            case _:
                breaker.failed(ended.rest)

    def _amount(self, usage: Usage) -> Amount:
        return Amount(usage.input + usage.output, self._terms.price.of(usage))

    def none(self, fault: Fault) -> NoAnswer:
        """What the asker gets; and the log, louder where somebody has to mend something."""
        tell = log.warning if fault.reason == "not_accepted" else log.info
        tell("models.no_answer", prompt=self._prompt.name, reason=fault.reason, detail=fault.detail)
        return NoAnswer(fault.reason, fault.detail, self.event(fault.reason))

    def event(self, outcome: Reason | str) -> ModelCalled:
        seconds = self._terms.clock() - self._began
        tokens = self._usage.input + self._usage.output
        meter().asked(self._prompt.name, outcome, seconds, tokens, self._cost)
        return ModelCalled.model_validate(
            {
                "prompt": self._prompt.name,
                "prompt_version": self._prompt.version,
                "digest": self._digest,
                "model": self._terms.model[:100],
                "outcome": outcome,
                "attempts": self._attempts,
                "input_tokens": self._usage.input,
                "cached_tokens": self._usage.cached,
                "output_tokens": self._usage.output,
                "cost": self._cost,
                "estimated": self._estimated,
                "priced": self._terms.price.known,
                "ms": round(seconds * 1_000, 1),
                "first_ms": self.first_ms,
                "contract": self._who.contract,
            }
        )

    def shown_first(self) -> None:
        """The first words of a stream are shown now."""
        if self.first_ms is None:
            self.first_ms = round((self._terms.clock() - self._began) * 1_000, 1)


@dataclass
class Bill:
    """Of one attempt. `usage`: as told, if it was; `due`: whether it has to be paid at all."""

    estimate: Usage
    usage: Usage | None = None
    due: bool = True
