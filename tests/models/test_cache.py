"""Asked the same again, nothing is sent; what is a learner's is kept for them alone, and erased with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.models import Answer, Asker, Model, NoAnswer, Prompt
from shared.models.budget import private
from shared.models.cache import LARGEST, OURS, Cache, MemoryCache
from shared.models.opening import open_cache
from shared.models.redis import PREFIX, RedisCache, connect
from shared.settings import Settings
from tests.models.conftest import Make
from tests.models.questions import ANA, INPUTS, NOW, Said, ours, prompt
from tests.models.server import ModelServer, refuses

TEN = timedelta(minutes=10)
BEN = Asker("ben", "trial-ana", "school")
Opened = Callable[..., Cache]


@pytest.fixture(params=["memory", "valkey", "redis"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    made: list[Cache] = []

    def open_(entries: int = 10, ttl: timedelta = TEN) -> Cache:
        if request.param == "memory":
            made.append(MemoryCache(entries, ttl))
        else:
            servers = request.getfixturevalue("redis_servers")
            client = connect(servers[request.param].start(request.getfixturevalue("run_owner")).url)
            client.flushall()
            made.append(RedisCache(client, entries, ttl))
        return made[-1]

    yield open_
    for cache in made:
        cache.close()


def test_what_is_put_is_got_by_its_owner_only(opened: Opened) -> None:
    cache = opened()
    cache.put("a", "k", "text ñ", NOW)
    assert cache.get("a", "k", NOW) == "text ñ"
    assert cache.get("b", "k", NOW) is None
    assert cache.get("a", "other", NOW) is None


def test_there_are_never_more_than_its_bound_and_the_oldest_go(opened: Opened) -> None:
    cache = opened(entries=5)
    for n in range(12):
        cache.put("a", f"k{n}", "text", NOW + timedelta(seconds=n))
    kept = [n for n in range(12) if cache.get("a", f"k{n}", NOW + timedelta(seconds=12)) is not None]
    assert kept == [7, 8, 9, 10, 11]


def test_a_text_over_the_limit_is_not_kept(opened: Opened) -> None:
    cache = opened()
    cache.put("a", "k", "x" * (LARGEST + 1), NOW)
    assert cache.get("a", "k", NOW) is None


def test_forgetting_a_learner_erases_theirs_alone_and_keeps_late_answers_out(opened: Opened) -> None:
    cache = opened()
    cache.put(private("ana"), "k", "hers", NOW)
    cache.put(private("ben"), "k", "his", NOW)
    cache.put(OURS, "k", "ours", NOW)
    cache.forget("ana")
    cache.forget("ana")
    cache.put(private("ana"), "late", "hers", NOW)
    assert cache.get(private("ana"), "k", NOW) is None
    assert cache.get(private("ana"), "late", NOW) is None
    assert cache.get(private("ben"), "k", NOW) == "his"
    assert cache.get(OURS, "k", NOW) == "ours"


def test_a_process_forgets_when_its_time_is_up() -> None:
    cache = MemoryCache(5, TEN)
    cache.put("a", "k", "text", NOW)
    assert cache.get("a", "k", NOW + TEN - timedelta(seconds=1)) == "text"
    assert cache.get("a", "k", NOW + TEN) is None


@pytest.mark.parametrize("redis_url", ["valkey", "redis"], indirect=True)
def test_redis_forgets_when_its_time_is_up_and_leaves_nothing(redis_url: str) -> None:
    with connect(redis_url) as client:
        cache = RedisCache(client, 3, TEN)
        for n in range(6):
            cache.put(private("ana"), f"k{n}", "text", NOW)
        assert client.zcard(f"{PREFIX}answers") == 3
        assert client.scard(f"{PREFIX}owned:{private('ana')}") == 3
        assert all(0 < client.ttl(key) <= 600 for key in client.keys(f"{PREFIX}answer:*"))
        cache.put(private("ben"), "k", "text", NOW + 2 * TEN)
        assert client.zcard(f"{PREFIX}answers") == 1
        cache.forget("ana")
        left = sorted(key.decode() for key in client.keys("*"))
        assert [key for key in left if private("ana") in key] == [f"{PREFIX}erased:{private('ana')}"]


def test_a_redis_that_is_away_is_an_empty_cache_but_erases_nothing_silently() -> None:
    cache = RedisCache(connect("redis://127.0.0.1:9/0"))
    cache.put("a", "k", "text", NOW)
    assert cache.get("a", "k", NOW) is None
    with pytest.raises(Unavailable):
        cache.forget("ana")


def asked(model: Model, who: Asker = ANA, **more: str) -> Answer[Said]:
    found = model.ask(prompt(), INPUTS | more, Said, who=who, now=NOW)
    assert isinstance(found, Answer), found
    return found


def test_the_same_question_is_answered_from_memory_for_nothing(server: ModelServer, make: Make, redis_url: str) -> None:
    asked(make(redis_url=redis_url))
    again = asked(make(redis_url=redis_url))
    assert again.value.text == "Look at line 3."
    assert (again.called.outcome, again.called.attempts, again.called.cost) == ("cached", 0, 0)
    assert len(server.received) == 1


def test_another_input_learner_version_schema_or_model_is_another_question(
    server: ModelServer, make: Make, redis_url: str
) -> None:
    class Longer(Said):
        """The same, but another schema."""

        why: str = ""

    model = make(redis_url=redis_url)
    asked(model)
    asked(model, code="other")
    asked(model, BEN)
    model.ask(prompt(more="Be kind."), INPUTS, Said, who=ANA, now=NOW)
    model.ask(prompt(), INPUTS, Longer, who=ANA, now=NOW)
    asked(make(redis_url=redis_url, model_name="gpt-4.1"))
    assert len(server.received) == 6


def test_an_answer_to_words_of_ours_alone_is_shared(server: ModelServer, model: Model) -> None:
    for who in (ANA, BEN):
        found = model.ask(ours(), {"language": "en"}, Said, who=who, now=NOW)
        assert isinstance(found, Answer)
    assert len(server.received) == 1


def test_what_failed_is_not_kept(server: ModelServer, model: Model) -> None:
    server.plan(refuses)
    assert isinstance(model.ask(prompt(), INPUTS, Said, who=ANA, now=NOW), NoAnswer)
    asked(model)


def test_who_erases_a_learner_reaches_the_answers(server: ModelServer, make: Make, redis_url: str) -> None:
    model = make(redis_url=redis_url)
    asked(model)
    cache = open_cache(Settings(database_url="postgresql://nowhere", redis_url=redis_url))
    cache.forget("ana")
    cache.close()
    assert asked(model).called.outcome == "answered"
    with connect(redis_url) as client:
        assert client.keys(f"{PREFIX}answer:*") == []


def test_a_kept_text_that_no_longer_fits_is_asked_anew(server: ModelServer, make: Make, redis_url: str) -> None:
    model = make(redis_url=redis_url)
    asked(model)
    with connect(redis_url) as client:
        (key,) = client.keys(f"{PREFIX}answer:*")
        client.set(key, "rubbish")
    assert asked(model).called.outcome == "answered"


def test_a_prompt_is_loaded_from_its_file_with_its_digest(tmp_path: Path) -> None:
    from shared.models import load_prompt

    text = '+++\nname = "x"\nversion = 1\n[inputs.a]\nlimit = 5\n+++\n# System\nS\n# Request\n{{a}}\n'
    (tmp_path / "x.v1.md").write_text(text)
    (tmp_path / "x.v2.md").write_text(text.replace("version = 1", "version = 2"))
    (tmp_path / "x.v10.md").write_text(text.replace("version = 1", "version = 10"))
    newest, first = load_prompt(tmp_path, "x"), load_prompt(tmp_path, "x", 1)
    assert (newest.version, first.version) == (10, 1)
    assert newest.digest != first.digest
    assert isinstance(newest, Prompt)
