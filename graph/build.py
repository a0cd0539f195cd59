"""Builds the graph: an ordinary LangGraph `StateGraph`. The same object runs whole in one process, or split.

A function's image has the body of its own node only; the others are there by name, so that routing is the same
everywhere, and raise if they are ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, RetryPolicy

from graph import edges
from graph.decision import NODES
from graph.node import Body, Hands
from graph.state import State
from shared.errors import Unavailable

VERSION = "1"
"""Of the graph's shape. It stands in each node's command, so that two versions may run side by side."""

RETRY = RetryPolicy(initial_interval=0.05, max_attempts=3, retry_on=Unavailable)

Graph = CompiledStateGraph[Any, Any, Any, Any]
TRIGGERED = ["feedback", "evaluation", "mood", "planner", "process"]


class NodeNotHere(Exception):
    """This process does not carry the body of that node: its command was sent to the wrong queue."""


def _absent(name: str) -> Body:
    def body(*_: object) -> Any:
        raise NodeNotHere(f"node {name!r} has no body in this process: check the queue bindings")

    return body


def _node(name: str, body: Body, *, asynchronous: bool) -> Callable[[State, Runtime[Hands]], Any]:
    def run(state: State, runtime: Runtime[Hands]) -> Any:
        hands = runtime.context
        decision = body(state, hands.view, hands.now())
        hands.record(decision.events)
        update = dict(decision.update)
        if name != "challenges":
            return update
        return Command(update=update, goto=edges.after_challenge(state, update["made"][-1]))

    async def run_alone(state: State, runtime: Runtime[Hands]) -> Any:
        return run(state, runtime)

    return run_alone if asynchronous else run


def build(bodies: Mapping[str, Body], *, checkpointer: Any = None, interrupt: bool = True) -> Graph:
    """The compiled graph. `interrupt`: stop before each superstep: how it is split, one `tick` at a time (its nodes are
    then coroutines, for the reason `tick.py` gives); False runs it whole."""
    graph = StateGraph(State, context_schema=Hands)
    for name in NODES:
        destinations = ("courses", "challenges", "process") if name == "challenges" else None
        node: Any = _node(name, bodies.get(name) or _absent(name), asynchronous=interrupt)
        graph.add_node(name, node, retry_policy=RETRY, destinations=destinations)
    after_granted = ["contract", *TRIGGERED]
    graph.add_conditional_edges(START, edges.after_start, ["access", *after_granted])
    graph.add_conditional_edges("access", edges.after_access, after_granted)
    graph.add_conditional_edges("contract", edges.after_contract, TRIGGERED)
    graph.add_edge("feedback", "process")
    graph.add_conditional_edges("evaluation", edges.after_evaluation, ["planner", "process"])
    graph.add_conditional_edges("mood", edges.after_mood, ["planner", "evaluation", "process"])
    graph.add_conditional_edges("process", edges.after_process, ["planner", END])
    graph.add_conditional_edges("planner", edges.after_planner, ["challenges", "courses", "process", END])
    graph.add_edge("courses", "process")
    return graph.compile(checkpointer=checkpointer, interrupt_before="*" if interrupt else None, name="goals")
