"""The step that advances the one graph, one task at a time, from whichever function was sent the task.

Capture, then commit (docs/decisions/0003): read the head; run only our task, as a real Pregel task, outside any
transaction; then in one transaction under the thread's lock check that nobody was first, record what the node said,
and either leave our writes or, if all tasks of the superstep have theirs, move the graph on and send the next commands.
A crash anywhere repeats a task and never a result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata
from psycopg.types.json import Jsonb

from graph.build import VERSION, Graph
from graph.capture import Head
from graph.decision import Said
from graph.entries import next_input, take
from graph.node import Hands
from graph.saver import checkpoint_row, head_of, write_rows
from graph.threads import SQL, lock
from graph.tick import Advance, Task, tick
from graph.topology import NODE
from shared.bus.port import Message
from shared.errors import InvalidInput, NotFound
from shared.events.codec import command
from shared.events.record import Event, NewEvent, new_event
from shared.ids import derived_id
from shared.readmodel import View
from shared.store.append import Outgoing, Store
from shared.store.connect import Connection, transaction
from shared.store.log import event_of
from shared.store.queries import SQL as STORE

Outcome = Literal["done", "duplicate", "idle"]
Saved = tuple[Checkpoint, CheckpointMetadata]

AT_ONCE = 200
"""Inputs that one run takes at most; the rest is the next run's."""
BUDGET = 60
"""Supersteps of one run. More means a cycle that does not end."""


@dataclass(frozen=True, slots=True)
class NodeCommand:
    """The data of `goals.node.<name>`: run this task of this checkpoint."""

    thread: str
    checkpoint: str
    task: str
    name: str
    traceparent: str | None = None


@dataclass
class _Said:
    events: list[Said] = field(default_factory=list)

    def record(self, events: Sequence[Said]) -> None:
        self.events.extend(events)


@dataclass(frozen=True)
class Step:
    """`points` is called with a name at each point between run and commit: tests crash there."""

    graph: Graph
    store: Store
    now: Callable[[], datetime]
    points: Callable[[str], None] = lambda _: None

    def run(self, conn: Connection, cmd: NodeCommand) -> tuple[Outcome, Outgoing]:
        """Runs one task and commits. Raises NotFound (no such thread), WrongVersion (decided on old facts: run again),
        Unavailable, or whatever the body raised; then nothing has happened."""
        row = conn.execute(SQL["head"], [cmd.thread]).fetchone()
        if row is None:
            raise NotFound(f"thread {cmd.thread!r} does not exist")
        head, pending = head_of(cmd.thread, row)
        if head.id != cmd.checkpoint or cmd.task in head.finished():
            return "duplicate", Outgoing()
        if {"task": cmd.task, "name": cmd.name} not in pending:
            raise InvalidInput(f"task {cmd.task!r} is not a {cmd.name!r} task of thread {cmd.thread!r}")
        others = {t["task"] for t in pending} - {cmd.task}
        masked = sorted(others - head.finished())
        said = _Said()
        advance = tick(self.graph, cmd.thread, head, None, masked, Hands(View(conn), self.now, said.record))
        writes = advance.captured.writes.get(cmd.task)
        if writes is None:
            raise InvalidInput(f"task {cmd.task!r} did not run: thread {cmd.thread!r} is not where its command says")
        self.points("ran")
        with transaction(conn):
            found = conn.execute(SQL["enter_thread"], [cmd.thread]).fetchone()
            if found is None or found[0] != head.id or cmd.task in found[1]:
                return "duplicate", Outgoing()
            finished = set(found[1])
            if others <= finished:
                if masked:  # a sibling finished while we ran: what we captured was without its writes
                    advance = self._all_written(conn, head, cmd, writes)
                messages = self._move(conn, head, advance, cmd)
            else:
                path = advance.captured.paths.get(cmd.task, "")
                conn.cursor().executemany(SQL["put_write"], write_rows(cmd.thread, head.id, cmd.task, path, writes))
                messages = []
            outgoing = self._say(conn, self._events(cmd, head, said.events), messages)
            self.points("before commit")
        self.points("committed")
        return "done", outgoing

    def wake(self, conn: Connection, thread: str) -> tuple[Outcome, Outgoing]:
        """Starts a run on what waits for an idle thread. A busy one takes it at its run's end: nothing to do here."""
        with transaction(conn):
            lock(conn, thread)
            found = conn.execute(SQL["head"], [thread])
            row = found.fetchone()
            waiting = self._waiting(conn, thread)
            head, pending = head_of(thread, row) if row else (None, [])
            if pending or not waiting:
                return "idle", Outgoing()
            messages = self._begin(conn, thread, head, waiting)
            outgoing = self._say(conn, [], messages)
            self.points("before commit")
        self.points("committed")
        return "done", outgoing

    def _all_written(
        self, conn: Connection, head: Head, cmd: NodeCommand, writes: Sequence[tuple[str, Any]]
    ) -> Advance:
        row = conn.execute(SQL["head"], [cmd.thread]).fetchone()
        if row is None:
            raise NotFound(f"thread {cmd.thread!r} vanished")
        fresh, _ = head_of(cmd.thread, row)
        complete = [*fresh.writes, *((cmd.task, channel, value) for channel, value in writes)]
        whole = Head(head.thread, fresh.checkpoint, fresh.metadata, complete, head.first_step)
        return tick(self.graph, cmd.thread, whole, None, (), None)

    def _move(self, conn: Connection, head: Head, advance: Advance, cmd: NodeCommand) -> list[Message]:
        """To the next superstep; at the run's end, to the next run if something waits; else to rest."""
        checkpoint, metadata = advance.captured.checkpoints[-1]
        over = int(metadata.get("step", 0)) - head.first_step > BUDGET
        if advance.tasks and not over:
            return self._send(conn, head.thread, (checkpoint, metadata), advance.tasks, head.first_step, head.id)
        if over:
            reason = f"the run went over its budget of {BUDGET} supersteps; its tasks were dropped"
            conn.execute(STORE["reject"], [cmd.task, cmd.name, NODE + cmd.name, reason, b""])
        waiting = self._waiting(conn, head.thread)
        if waiting:
            return self._begin(conn, head.thread, Head(head.thread, checkpoint, metadata), waiting)
        self._send(conn, head.thread, (checkpoint, metadata), [], int(metadata.get("step", 0)), None)
        conn.execute(SQL["prune"], {"thread": head.thread, "keep": checkpoint["id"]})
        return []

    def _waiting(self, conn: Connection, thread: str) -> list[Event]:
        return [event_of(row) for row in conn.execute(SQL["waiting_of"], [thread, AT_ONCE]).fetchall()]

    def _begin(self, conn: Connection, thread: str, head: Head | None, waiting: Sequence[Event]) -> list[Message]:
        """A new run on one input made of what waits. History lives in the event store: only the new head is kept."""
        taken = take(waiting)
        state: Any = head.checkpoint["channel_values"] if head else {}
        advance = tick(self.graph, thread, head, next_input(state, thread, taken, self.now()), (), None)
        checkpoint, metadata = advance.captured.checkpoints[-1]
        conn.execute(SQL["take_waiting"], [thread, [e.position for e in taken]])
        first_step = int(metadata.get("step", 0))
        messages = self._send(conn, thread, (checkpoint, metadata), advance.tasks, first_step, None)
        conn.execute(SQL["prune"], {"thread": thread, "keep": checkpoint["id"]})
        return messages

    def _send(
        self, conn: Connection, thread: str, saved: Saved, tasks: Sequence[Task], first_step: int, parent: str | None
    ) -> list[Message]:
        """Saves a checkpoint as the thread's head; gives the commands to run its tasks."""
        checkpoint, metadata = saved
        row = checkpoint_row(thread, checkpoint, metadata, parent)
        conn.execute(SQL["move_thread"], (*row, Jsonb(list(tasks)), first_step))
        values = checkpoint["channel_values"]
        correlation = values["inputs"][-1]["correlation"] if values.get("inputs") else thread
        subject = str(values.get("learner", "")) or thread
        return [node_message(thread, checkpoint["id"], task, subject, self.now(), correlation) for task in tasks]

    def _say(self, conn: Connection, events: Sequence[NewEvent], messages: Sequence[Message]) -> Outgoing:
        if not events and not messages:
            return Outgoing()
        return self.store.append_one(conn, events, messages).outgoing

    def _events(self, cmd: NodeCommand, head: Head, said: Sequence[Said]) -> list[NewEvent]:
        """What a node said, as events. Ids follow from the task, so that a repeated task repeats them."""
        values = head.checkpoint["channel_values"]
        inputs = values.get("inputs") or []
        correlations = {i["id"]: i["correlation"] for i in inputs}
        newest = inputs[-1] if inputs else {"id": None, "correlation": cmd.thread}
        time = self.now()
        return [
            new_event(
                s.body,
                id=derived_id("said", cmd.thread, cmd.checkpoint, cmd.task, n),
                source=f"/functions/{cmd.name}",
                subject=values["learner"],
                time=time,
                correlation=str(correlations.get(s.causation, newest["correlation"])),
                causation=s.causation or newest["id"],
                traceparent=cmd.traceparent,
                tenant=values.get("tenant", "public"),
                expected=s.expected,
            )
            for n, s in enumerate(said)
        ]


def task_key(checkpoint: str, task: str) -> str:
    """The id of a task's first command, and the one under which a refusal of any of its commands is kept."""
    return derived_id("node", checkpoint, task, "")


def node_message(
    thread: str, checkpoint: str, task: Task, subject: str, time: datetime, correlation: str, again: str = ""
) -> Message:
    """The command to run one task. `again` makes a repeat's id its own."""
    id_ = derived_id("node", checkpoint, task["task"], again)
    body = command(
        NODE + task["name"],
        id=id_,
        source="/graph",
        subject=subject,
        time=time,
        data={"thread": thread, "checkpoint": checkpoint, "task": task["task"], "graph": VERSION},
        correlation=correlation,
    )
    return Message(key=NODE + task["name"], body=body, id=id_, mandatory=True)
