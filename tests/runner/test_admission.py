"""Admission: whatever the order in which learners come, go and end, nobody is starved and nobody is told wrong."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from functions.runner.admission import Admission, Ticket
from shared.errors import TooManyRequests

LEARNERS = st.sampled_from("ABCDEFG")


class Line(RuleBasedStateMachine):
    """Any order of arrivals, ends and departures. `since`: for each learner with a run in line, how often each other
    learner's runs started while their next one was waiting."""

    @initialize(at_once=st.integers(1, 3), each=st.integers(1, 5), waiting=st.integers(1, 12))
    def empty(self, at_once: int, each: int, waiting: int) -> None:
        self.at_once, self.each, self.most = at_once, each, waiting
        self.admission = Admission(at_once, each, waiting)
        self.tickets: list[tuple[str, Ticket]] = []
        self.since: dict[str, Counter[str]] = {}

    def waiting(self, learner: str | None = None) -> list[Ticket]:
        return [ticket for who, ticket in self.tickets if ticket.waiting and learner in (None, who)]

    def running(self) -> list[tuple[str, Ticket]]:
        return [(who, ticket) for who, ticket in self.tickets if ticket.started and not ticket.left]

    def changed(self, change: Callable[[], None]) -> None:
        """Makes a change and counts who started meanwhile."""
        before, told = self.waiting(), {ticket: ticket.position for ticket in self.waiting()}
        heads = {who: self.waiting(who)[0] for who in "ABCDEFG" if self.waiting(who)}
        change()
        started = [(who, ticket) for who, ticket in self.tickets if ticket in before and ticket.started]
        for who, head in heads.items():
            if head.waiting:
                self.since.setdefault(who, Counter()).update(other for other, _ in started)
                assert head.position <= told[head], "the position of a learner's next run never rises"
            else:
                self.since.pop(who, None)

    @rule(learner=LEARNERS)
    def comes(self, learner: str) -> None:
        full = len(self.running()) == self.at_once
        room = len(self.waiting(learner)) < self.each and len(self.waiting()) < self.most

        def enter() -> None:
            try:
                self.tickets.append((learner, self.admission.enter(learner)))
            except TooManyRequests as error:
                assert full and not room
                assert error.context["scope"] == ("learner" if len(self.waiting(learner)) >= self.each else "all")
            else:
                assert room or not full

        self.changed(enter)

    @rule(data=st.data())
    def one_ends(self, data: st.DataObject) -> None:
        if running := self.running():
            _, ticket = data.draw(st.sampled_from(running))
            self.changed(ticket.leave)

    @rule(data=st.data())
    def one_leaves_the_line(self, data: st.DataObject) -> None:
        if waiting := self.waiting():
            ticket = data.draw(st.sampled_from(waiting))
            later = [t for t in waiting if t.position > ticket.position]
            before = {t: t.position for t in later}
            ticket.leave()
            assert all(t.position <= before[t] for t in later), "nobody is put back by another's leaving"
            self.since = {who: seen for who, seen in self.since.items() if self.waiting(who)}

    @invariant()
    def the_bounds_hold(self) -> None:
        assert len(self.running()) <= self.at_once
        assert len(self.waiting()) <= self.most
        assert all(len(self.waiting(who)) <= self.each for who in "ABCDEFG")

    @invariant()
    def no_slot_is_idle_while_somebody_waits(self) -> None:
        assert not self.waiting() or len(self.running()) == self.at_once

    @invariant()
    def positions_are_the_order_of_starts(self) -> None:
        order = self.admission.order()
        assert [ticket.position for ticket in order] == list(range(len(order)))
        assert set(order) == set(self.waiting())

    @invariant()
    def nobody_s_next_run_waits_for_two_starts_of_another(self) -> None:
        for who, seen in self.since.items():
            assert max(seen.values(), default=0) <= 1, f"{who} waited while {seen} started"


TestLine = Line.TestCase
TestLine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@given(st.lists(LEARNERS, min_size=1, max_size=40), st.integers(1, 3))
def test_the_position_told_is_how_many_start_before(arrivals: list[str], at_once: int) -> None:
    admission = Admission(at_once, each=40, waiting=40)
    tickets = [admission.enter(who) for who in arrivals]
    told = {ticket: ticket.position for ticket in tickets if ticket.waiting}
    starts: list[Ticket] = []
    while waiting := [ticket for ticket in tickets if ticket.waiting]:
        next(ticket for ticket in tickets if ticket.started and not ticket.left).leave()
        starts += [ticket for ticket in waiting if ticket.started]
    assert [told[ticket] for ticket in starts] == list(range(len(starts)))


def test_one_with_thirty_in_line_delays_another_by_one_start() -> None:
    admission = Admission(at_once=2, each=30, waiting=64)
    greedy = [admission.enter("greedy") for _ in range(32)]
    modest = admission.enter("modest")
    assert modest.position == 1
    greedy[0].leave()
    greedy[1].leave()
    assert greedy[2].started and modest.started and not greedy[3].started


def test_runs_of_nobody_in_particular_share_no_turn_and_no_limit() -> None:
    admission = Admission(at_once=1, each=1, waiting=3)
    tickets = [admission.enter() for _ in range(4)]
    with pytest.raises(TooManyRequests, match="3 runs wait already"):
        admission.enter()
    assert [ticket.position for ticket in tickets[1:]] == [0, 1, 2]


def test_leaving_twice_frees_one_place() -> None:
    admission = Admission(at_once=1, each=4, waiting=4)
    first, second, third = (admission.enter("A") for _ in range(3))
    first.leave()
    first.leave()
    assert second.started and third.waiting


def test_who_waits_is_told_each_new_position_until_they_start() -> None:
    admission = Admission(at_once=1, each=4, waiting=8)
    running, one, two, last = (admission.enter(who) for who in "ABCD")
    told: list[int] = []
    heard = threading.Semaphore(0)

    def listen() -> None:
        for position in last.positions():
            told.append(position)
            heard.release()

    listener = threading.Thread(target=listen)
    listener.start()
    for ticket in (two, running, one):
        assert heard.acquire(timeout=5)
        ticket.leave()
    listener.join(5)
    assert told == [2, 1, 0] and last.started


def test_leaving_the_line_ends_the_wait() -> None:
    admission = Admission(at_once=1)
    admission.enter("A")
    ticket = admission.enter("B")
    threading.Timer(0.05, ticket.leave).start()
    assert list(ticket.positions()) == [0] and not ticket.started
