"""What one learner, one contract and one tenant may spend in a day: the same for a process and for Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.models import Answer, Asker, NoAnswer
from shared.models.budget import Amount, Budget, MemoryBudget
from shared.models.redis import PAUSE, Away, Link, RedisBudget, connect
from shared.settings import Allowance, Allowances
from tests.models.conftest import Make
from tests.models.questions import ANA, INPUTS, NOW, Said, prompt
from tests.models.server import ModelServer, fails, says

BOUNDS = Allowances(
    learner=Allowance(tokens=1_000, money=0.001),
    contract=Allowance(tokens=1_500),
    tenant=Allowance(money=0.002),
)
BEN = Asker("ben", "trial-ana", "school")
EVA = Asker("eva", None, "school")
AWAY = "redis://127.0.0.1:9/0"

Opened = Callable[[Allowances], Budget]


@pytest.fixture(params=["memory", "valkey", "redis"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    made: list[Budget] = []

    def open_(bounds: Allowances) -> Budget:
        if request.param == "memory":
            made.append(MemoryBudget(bounds))
        else:
            servers = request.getfixturevalue("redis_servers")
            url = servers[request.param].start(request.getfixturevalue("run_owner")).url
            client = connect(url)
            client.flushall()
            made.append(RedisBudget(client, bounds))
        return made[-1]

    yield open_
    for budget in made:
        budget.close()


def test_it_is_reserved_until_it_is_used_up_and_the_rest_is_given_back(opened: Opened) -> None:
    budget = opened(BOUNDS)
    assert budget.reserve(ANA, Amount(600, 100), NOW) == "reserved"
    assert budget.reserve(ANA, Amount(600, 100), NOW) == "used_up"
    budget.settle(ANA, Amount(-500, -90), NOW)
    assert budget.spent(ANA, "learner", NOW) == Amount(100, 10)
    assert budget.reserve(ANA, Amount(600, 100), NOW) == "reserved"


def test_money_is_bounded_as_tokens_are(opened: Opened) -> None:
    budget = opened(BOUNDS)
    assert budget.reserve(ANA, Amount(1, 1_001), NOW) == "used_up"
    assert budget.reserve(ANA, Amount(1, 1_000), NOW) == "reserved"


def test_a_contract_s_learners_share_its_bound_and_a_refusal_counts_nowhere(opened: Opened) -> None:
    budget = opened(BOUNDS)
    assert budget.reserve(ANA, Amount(900, 1), NOW) == "reserved"
    assert budget.reserve(BEN, Amount(700, 1), NOW) == "used_up"
    assert budget.spent(BEN, "learner", NOW) == Amount(0, 0)
    assert budget.reserve(BEN, Amount(600, 1), NOW) == "reserved"


def test_without_a_contract_the_tenant_s_bound_holds(opened: Opened) -> None:
    budget = opened(BOUNDS)
    assert budget.spent(EVA, "contract", NOW) is None
    assert budget.reserve(ANA, Amount(1, 1_000), NOW) == "reserved"
    assert budget.reserve(EVA, Amount(1, 1_000), NOW) == "reserved"
    assert budget.reserve(Asker("leo", None, "school"), Amount(1, 1), NOW) == "used_up"
    assert budget.reserve(Asker("leo", None, "other school"), Amount(1, 1), NOW) == "reserved"


def test_a_new_utc_day_begins_at_zero(opened: Opened) -> None:
    budget = opened(BOUNDS)
    late = NOW.replace(hour=23, minute=59)
    assert budget.reserve(ANA, Amount(1_000, 0), late) == "reserved"
    assert budget.reserve(ANA, Amount(1, 0), late) == "used_up"
    assert budget.reserve(ANA, Amount(1_000, 0), late + timedelta(minutes=2)) == "reserved"


def test_many_at_once_cannot_go_over_together(opened: Opened) -> None:
    budget = opened(BOUNDS)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: budget.reserve(ANA, Amount(100, 1), NOW), range(40)))
    assert found.count("reserved") == 10


def test_no_bound_is_no_bound_and_zero_is_nothing(opened: Opened) -> None:
    budget = opened(Allowances(learner=Allowance(), contract=Allowance(), tenant=Allowance(tokens=0)))
    assert budget.reserve(ANA, Amount(0, 10_000_000), NOW) == "reserved"
    assert budget.reserve(ANA, Amount(1, 0), NOW) == "used_up"


@pytest.mark.parametrize("redis_url", ["valkey", "redis"], indirect=True)
def test_redis_holds_no_names_and_lets_sums_expire(redis_url: str) -> None:
    with connect(redis_url) as client:
        budget = RedisBudget(client, BOUNDS)
        budget.reserve(ANA, Amount(5, 5), NOW)
        keys = [key.decode() for key in client.keys("*")]
        assert len(keys) == 3
        assert not any(name in key for key in keys for name in ("ana", "trial", "school"))
        assert all(0 < client.ttl(key) <= 2 * 86_400 for key in keys)


def test_a_redis_that_is_away_closes_the_purse(server: ModelServer, make: Make) -> None:
    model = make(redis_url=AWAY)
    found = model.ask(prompt(), INPUTS, Said, who=ANA, now=NOW)
    assert isinstance(found, NoAnswer) and found.reason == "budget"
    assert "Redis" in found.detail
    assert server.received == []


def test_nobody_waits_for_a_redis_that_was_away_a_moment_ago() -> None:
    at = [100.0]
    tries = []

    def work() -> None:
        tries.append(at[0])
        raise OSError("no route")

    with connect(AWAY) as client:
        link = Link(client, lambda: at[0])
        for seconds in (0, 1, PAUSE - 1.1, 0.2):
            at[0] += seconds
            with pytest.raises(Away):
                link.get(work, "try")
        with pytest.raises(Away):
            link.must(work)
    assert len(tries) == 3


def test_a_question_is_counted_at_what_it_used(server: ModelServer, make: Make, redis_url: str) -> None:
    model = make(redis_url=redis_url)
    assert isinstance(model.ask(prompt(), INPUTS, Said, who=ANA, now=NOW), Answer)
    with connect(redis_url) as client:
        assert RedisBudget(client, BOUNDS).spent(ANA, "learner", NOW) == Amount(130, 82)


def test_what_never_reached_a_model_costs_nothing_and_what_may_have_costs_the_estimate(
    server: ModelServer, make: Make, redis_url: str
) -> None:
    model = make(redis_url=redis_url)
    with connect(redis_url) as client:
        budget = RedisBudget(client, BOUNDS)
        server.always(fails(500))
        model.ask(prompt(), INPUTS, Said, who=ANA, now=NOW)
        assert budget.spent(ANA, "contract", NOW) == Amount(0, 0)
        server.always(lambda exchange: exchange.cut())
        found = model.ask(prompt(), INPUTS, Said, who=BEN, now=NOW)
        assert found.called is not None and found.called.estimated
        spent = budget.spent(BEN, "learner", NOW)
        assert spent is not None and spent.cost == found.called.cost > 0


def test_when_the_day_s_money_is_gone_nothing_is_sent(server: ModelServer, make: Make) -> None:
    model = make(model_budgets=Allowances(learner=Allowance(money=0.0006)))
    server.always(says({"text": "Look at line 3."}))
    outcomes = []
    for n in range(8):
        found = model.ask(prompt(), INPUTS | {"code": f"code {n}"}, Said, who=ANA, now=NOW)
        outcomes.append(found.reason if isinstance(found, NoAnswer) else "answered")
    assert outcomes[0] == "answered"
    assert outcomes[-1] == "budget"
    assert len(server.received) == outcomes.count("answered")
