"""How much one learner may send: token buckets in this process, one account for all their requests, one for all their
sockets. Generous: an editor that empties the outbox of a day offline should hardly notice."""

from __future__ import annotations

from collections import OrderedDict
from math import ceil

from shared.errors import TooManyRequests
from shared.refusals import say

WINDOW = 10.0
"""Seconds in which a bucket fills from empty: its size is what may come at once."""


class Bucket:
    """`burst` at once, refilled by `rate` a second."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, 0.0

    def take(self, now: float, amount: int = 1) -> float:
        """Takes `amount`, or nothing where there is less; then gives the seconds until there is enough. 0: taken."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < amount:
            return (amount - self._left) / self._rate
        self._left -= amount
        return 0.0


class Buckets:
    """A bucket for each learner; those of the `most` who came last are remembered."""

    def __init__(self, rate: float, burst: float, *, most: int = 10_000) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, learner: str, now: float, amount: int = 1) -> float:
        bucket = self._buckets.pop(learner, None) or Bucket(self._rate, self._burst)
        self._buckets[learner] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket.take(now, amount)


class Pace:
    """Of `POST /v1/interactions`: requests and events in any ten seconds, for each learner."""

    def __init__(self, requests: int, events: int) -> None:
        self._requests = Buckets(requests / WINDOW, requests)
        self._events = Buckets(events / WINDOW, events)

    def request(self, learner: str, now: float) -> None:
        """Counts one. Raises TooManyRequests."""
        _refuse("requests", self._requests.take(learner, now))

    def events(self, learner: str, now: float, count: int) -> None:
        """Counts all of a batch, or none. Raises TooManyRequests."""
        _refuse("events", self._events.take(learner, now, count))


def _refuse(what: str, wait: float) -> None:
    if wait:
        seconds = ceil(wait)
        raise TooManyRequests(say("too_many_at_once", what=what, seconds=seconds), retry_after=seconds)
