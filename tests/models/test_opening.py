"""The settings say which model there is; without a key there is none; the key is shown nowhere."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.decision import Decision
from graph.host import NodeFunction
from shared.errors import InvalidInput
from shared.function.parts import Parts
from shared.models import Answer, LentModel, NoAnswer, NoModel
from shared.models.fault import LONGEST_REST, Usage, retry_after
from shared.models.opening import open_model
from shared.models.prices import BUILT_IN, price_of
from shared.settings import Settings
from tests.models.conftest import KEY, Make
from tests.models.questions import ANA, INPUTS, NOW, Said, prompt
from tests.models.server import ModelServer, fails


def settings(**facts: object) -> Settings:
    return Settings.model_validate({"database_url": "postgresql://nowhere"} | facts)


def test_without_key_and_address_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "KEY_FILE", "URL"):
        monkeypatch.delenv(f"GOALS_MODEL_{name}", raising=False)
    model = open_model(settings())
    assert isinstance(model, NoModel)
    found = model.ask(prompt(), INPUTS, Said, who=ANA, now=NOW)
    assert isinstance(found, NoAnswer)
    assert (found.reason, found.called) == ("no_model", None)
    with pytest.raises(InvalidInput):
        model.ask(prompt(), {}, Said, who=ANA, now=NOW)


def test_a_server_of_one_s_own_needs_no_key(server: ModelServer, make: Make) -> None:
    server.key = None
    found = make(model_key=None).ask(prompt(), INPUTS, Said, who=ANA, now=NOW)
    assert isinstance(found, Answer)


def test_a_key_in_a_file_goes_before_one_in_the_environment(server: ModelServer, make: Make, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    found = make(model_key="sk-wrong", model_key_file=file).ask(prompt(), INPUTS, Said, who=ANA, now=NOW)
    assert isinstance(found, Answer)


def test_what_cannot_work_is_told_at_the_start(tmp_path: Path) -> None:
    bad = tmp_path / "prices.toml"
    bad.write_text("[x]\ninput = -1\ncached = 0\noutput = 0\n")
    with pytest.raises(InvalidInput, match="KEY_FILE"):
        open_model(settings(model_key_file=tmp_path / "nothing"))
    with pytest.raises(InvalidInput, match="price table"):
        open_model(settings(model_key="k", model_prices=bad))
    with pytest.raises(InvalidInput, match="no web address"):
        open_model(settings(model_url="localhost:8000/v1"))
    with pytest.raises(InvalidInput, match="no HTTP header") as raised:
        open_model(settings(model_key="sk-ñ secret"))
    assert "secret" not in str(raised.value)


def test_the_key_is_in_no_repr_no_event_and_no_log(
    server: ModelServer, make: Make, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    model = make()
    server.plan(fails(500), fails(401), fails(401))
    found = [model.ask(prompt(), INPUTS | {"code": str(n)}, Said, who=ANA, now=NOW) for n in range(2)]
    remote = model._opened()  # type: ignore[attr-defined]
    shown = [
        repr(x)
        for x in (settings(model_key=KEY), model, vars(model), remote, vars(remote), remote._wire.endpoint, found)
    ]
    shown += [caplog.text, *capsys.readouterr()]
    assert all(KEY not in text for text in shown)


def test_a_lent_model_answers_nothing_before_its_function_starts(server: ModelServer, make: Make) -> None:
    lent = LentModel()
    assert isinstance(lent.ask(prompt(), INPUTS, Said, who=ANA, now=NOW), NoAnswer)
    lent.lend(make())
    assert isinstance(lent.ask(prompt(), INPUTS, Said, who=ANA, now=NOW), Answer)


def test_a_function_lends_its_body_the_model_of_its_settings(server: ModelServer, database: str) -> None:
    server.key = None
    lent = LentModel()
    function = NodeFunction("feedback", lambda *_: Decision(), model=lent)
    parts = Parts.open(settings(database_url=database, model_url=server.url), "test")
    function.start(parts)
    assert isinstance(lent.ask(prompt(), INPUTS, Said, who=ANA, now=NOW), Answer)
    function.stop()
    parts.close()


def test_the_sdk_is_not_imported_before_the_first_question() -> None:
    code = (
        "import sys; from shared.settings import Settings; from shared.models.opening import open_model; "
        "m = open_model(Settings(database_url='x', model_key='k')); "
        "sys.exit('openai' in sys.modules or 'redis' in sys.modules or 'httpx2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_longest_name_that_begins_a_model_s_name_is_its_price() -> None:
    assert price_of("gpt-4.1-mini").row.output == 1.60
    assert price_of("gpt-4.1-mini-2025-04-14").row.output == 1.60
    assert price_of("gpt-4.1").row.output == 8.00
    assert price_of("gpt-4.10").known is False


def test_an_unknown_model_costs_as_much_as_the_dearest() -> None:
    unknown = price_of("somebody-s-model")
    assert not unknown.known
    assert unknown.of(Usage(1_000_000, 0, 1_000_000)) == 135_000_000


def test_cost_is_in_millionths_of_a_dollar_rounded_up_and_cached_input_costs_less() -> None:
    price = price_of("gpt-4.1-mini")
    assert price.of(Usage(1, 0, 0)) == 1
    assert price.of(Usage(1_000_000, 0, 0)) == 400_000
    assert price.of(Usage(1_000_000, 1_000_000, 0)) == 100_000
    assert price.of(Usage()) == 0


def test_an_operator_s_table_replaces_ours(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text("[local]\ninput = 0\ncached = 0\noutput = 0\n")
    assert price_of("local", own).of(Usage(10, 0, 10)) == 0
    assert price_of("gpt-4.1", own).known is False
    assert price_of("gpt-4.1", BUILT_IN).known


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:10 GMT"}, 10.0),
        ({"retry-after": "Mon, 23 Nov 2026 08:00:00 GMT"}, 0.0),
        ({"retry-after": "1e30"}, LONGEST_REST),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "nan"}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms_and_bounded(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_the_account_of_a_call_names_its_model_in_at_most_its_length(server: ModelServer, make: Make) -> None:
    found = make(model_name="m" * 100).ask(prompt(), INPUTS, Said, who=ANA, now=datetime.now(UTC) + timedelta(days=1))
    assert found.called is not None and found.called.model == "m" * 100
    assert not found.called.priced
