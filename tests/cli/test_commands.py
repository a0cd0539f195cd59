"""The command line on a whole system, as a learner and an operator use it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

from goals.client import Accounts, Api, Fixed, Transport
from goals.demo.knowledge import Knowledge
from goals.demo.system import System
from tests.cli.conftest import PASSWORD, Person, plain

HALF = "def {entry}(*things):\n    return None\n"


def opened(person: Person, number: str = "1") -> tuple[Path, dict[str, str]]:
    person.goals("open", number)
    folder = next(path.parent for path in person.folder.glob("*/.goal.json"))
    return folder, json.loads((folder / ".goal.json").read_text())


def right(person: Person, goal: str) -> str:
    events = person.goals("events", "--json").json
    assigned = next(e["data"] for e in events if e["type"] == "goals.goal.assigned" and e["data"]["goal"] == goal)
    return Knowledge().right(assigned["challenge"], assigned["variant"])


HEAVY = {"cloudevents", "duckdb", "fastapi", "httpx", "langgraph", "numpy", "openai", "psycopg", "pyarrow", "pydantic"}


def test_help_waits_for_none_of_the_heavy_libraries(person: Person) -> None:
    show = "import sys; from goals.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{show}print(*sys.modules, file=sys.stderr)"],
        capture_output=True, text=True, env=person.environment, timeout=60, check=True,
    )  # fmt: skip
    assert "today" in plain(done.stdout)
    assert not HEAVY & set(done.stderr.split())


def test_tokens_are_kept_for_their_owner_alone(person: Person) -> None:
    person.goals("register", "--email", person.email, "--name", "Ada", GOALS_PASSWORD=PASSWORD)
    file = person.home / "config" / "goals" / "accounts.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD not in file.read_text()


def test_a_day_of_work(learner: Person) -> None:
    today = learner.goals("today")
    assert "goals open 1" in today.out
    folder, record = opened(learner)
    assert {"statement.md", "README.md"} <= {path.name for path in folder.iterdir()}
    file = folder / record["file"]
    starter = file.read_text()

    wrong = learner.goals("run", str(folder), status=1)
    assert "✗" in wrong.out
    assert " pass " in wrong.out
    hint = learner.goals("hint", str(folder))
    assert "Hint 1 of 5; 4 left" in hint.out

    file.write_text(right(learner, record["goal"]))
    solved = learner.goals("submit", str(file))
    assert "✗" not in solved.out
    assert "mastery" in solved.out
    assert file.read_text() != starter

    progress = learner.goals("progress")
    assert "1 day in a row" in progress.out
    concept = learner.goals("progress", "--json").json["mastery"][0]["concept"]
    why = learner.goals("progress", "--why", concept)
    assert "run.finished" in why.out or "evaluation.recorded" in why.out
    assert learner.goals("plan").out
    assert "#" in learner.goals("lesson", concept, "--raw").out
    assert "Noted" in learner.goals("mood", "stuck").out

    submitted = next(e for e in learner.goals("events", "--json").json if e["type"] == "goals.run.requested")
    way = learner.goals("events", submitted["id"])
    for function in ("learner", "api", "access", "feedback", "evaluation"):
        assert function in way.out
    learner.goals("export", "mine.json")
    exported = json.loads((learner.folder / "mine.json").read_text())
    assert any(e["data"].get("code") == file.read_text() for e in exported["events"])
    assert stat.S_IMODE((learner.folder / "mine.json").stat().st_mode) == 0o600
    assert "is there already" in learner.goals("export", "mine.json", status=1).errors


def test_run_streams_json_for_programs(learner: Person) -> None:
    folder, _ = opened(learner)
    frames = [json.loads(line) for line in learner.goals("run", str(folder), "--json").out.splitlines()]
    assert frames[0]["type"] == "accepted"
    assert frames[-1]["type"] == "finished"
    assert sum(frame["type"] == "case" for frame in frames) == frames[-1]["total"]


def test_opening_again_leaves_the_learners_work_alone(learner: Person) -> None:
    folder, record = opened(learner)
    (folder / record["file"]).write_text("# mine\n")
    (folder / "statement.md").write_text("my notes\n")
    again = learner.goals("open", record["goal"][:8])
    assert "left as you have it" in again.out
    assert (folder / record["file"]).read_text() == "# mine\n"
    assert (folder / "statement.md").read_text() == "my notes\n"


def test_on_another_machine_the_last_code_is_there(learner: Person, tmp_path: Path) -> None:
    folder, record = opened(learner)
    mine = (folder / record["file"]).read_text() + "# tried at home\n"
    (folder / record["file"]).write_text(mine)
    learner.goals("run", str(folder), status=1)
    learner.folder = tmp_path / "elsewhere"
    learner.folder.mkdir()
    said = learner.goals("open", folder.name)
    assert "your last code is in it" in said.out
    assert (learner.folder / folder.name / record["file"]).read_text() == mine


def test_several_accounts_are_signed_in_at_once(learner: Person) -> None:
    other = f"other-{learner.email}"
    learner.goals("register", "--email", other, "--name", "Bob", GOALS_PASSWORD=PASSWORD)
    assert learner.goals("today", "--json").json["plan"] is None
    assert learner.goals("today", "--json", "--account", learner.email).json["plan"] is not None
    learner.goals("logout", "--account", other)
    assert learner.goals("today", "--json").json["plan"] is not None
    assert "not signed in" in learner.goals("today", "--account", other, status=1).errors


def test_errors_are_a_sentence_that_says_what_to_do(learner: Person) -> None:
    taken = learner.goals("register", "--email", learner.email, "--name", "X", GOALS_PASSWORD=PASSWORD, status=1)
    assert taken.errors.startswith("There is an account with this e-mail already.")
    wrong = learner.goals("login", "--email", learner.email, GOALS_PASSWORD="not the password", status=1)
    assert wrong.errors.startswith("E-mail or password is wrong.")
    short = learner.goals("register", "--email", "a@b.c", "--name", "X", GOALS_PASSWORD="x", status=1)
    assert "password" in short.errors
    assert "`goals open GOAL`" in learner.goals("run", status=1).errors
    assert "`goals today`" in learner.goals("open", "nothing-like-it", status=1).errors
    assert "none of the answers" in learner.goals("mood", "splendid", status=1).errors
    away = learner.goals("today", status=1, GOALS_SERVER="http://127.0.0.1:9")
    assert "not signed in at http://127.0.0.1:9" in away.errors
    nobody = learner.goals("login", "--email", "a@b.c", GOALS_PASSWORD="x" * 12, GOALS_SERVER="127.0.0.1:9", status=3)
    assert "No answer from http://127.0.0.1:9" in nobody.errors
    assert "goals up" in nobody.errors


def test_where_nobody_can_answer_what_is_given_is_enough(person: Person) -> None:
    lost = person.goals("register", "--email", person.email, status=1)
    assert lost.errors.strip().endswith("Give --name.")
    asked = person.goals("register", "--email", person.email, stdin="Ada\n", GOALS_PASSWORD=PASSWORD)
    assert "Welcome, Ada" in asked.out
    said = person.goals("profile", "--level", "beginner", "--minutes", "45")
    assert "Noted" in said.out
    events = person.goals("events", "--json").json
    stated = next(event["data"] for event in events if event["type"] == "goals.profile.stated")
    assert (stated["target"], stated["level"], stated["minutes"], stated["consent_mood"]) == ("", "beginner", 45, False)
    (person.folder / "main.py").touch()
    assert "Give --yes" in person.goals("workspace", status=1).errors


def test_the_operator_of_this_machine(learner: Person, system: System) -> None:
    data = str(system.data)
    token = learner.goals("token", "--role", "operator", "--data", data).out.strip()
    assert token.count(".") == 2
    assert "--organisation" in learner.goals("token", "--role", "organisation", "--data", data, status=1).errors
    assert "No dead letters" in learner.goals("replay", "mood", "--data", data).out
    assert "There are access" in learner.goals("replay", "nonsense", "--data", data, status=1).errors
    assert "no system runs" in learner.goals("replay", "--data", str(learner.folder), status=3).errors.lower()
    report = learner.goals("doctor", "--data", data, status=None)
    assert "answers" in report.out
    assert "sandbox" in report.out
    assert re.search(r"data lake .*/lake: [\d,]+ events in \d+ files", report.out)
    assert re.search(r"learner model .*learnt from [\d,]+ attempts; \d+ events to come", report.out)


def test_the_learner_model_is_made_anew_while_the_system_runs(learner: Person, system: System) -> None:
    from goals.cli.local import parts
    from shared.learning import standing
    from shared.store.connect import connect

    with connect(parts(system.data).database_url) as conn:
        conn.execute("UPDATE model_part SET part = '{}' WHERE name LIKE 'learner:%'")
        said = learner.goals("relearn", "--yes", "--data", str(system.data)).out
        assert re.search(r"learnt from [\d,]+ attempts: [\d,]+ parts", said)
        assert conn.execute("SELECT FROM model_part WHERE part = '{}'").rowcount == 0
        assert standing.lag(conn).ready


def test_a_dead_letter_is_shown_with_its_reason_and_replayed(learner: Person, system: System) -> None:
    from goals.cli.local import parts
    from shared.bus.opening import open_bus
    from shared.bus.port import Message
    from shared.clock import utc_now
    from shared.events.codec import command
    from shared.ids import new_id

    bus, id_ = open_bus(parts(system.data)), new_id()
    try:
        wire = command(
            "goals.clock.ticked", id=id_, source="/tests", subject="clock", time=utc_now(), data={"at": "soon"},
            correlation=id_,
        )  # fmt: skip
        bus.publish([Message("goals.clock.ticked", wire, id_, mandatory=True)])
        for _ in range(200):
            if bus.dead_letters("daily"):
                break
            time.sleep(0.05)
        said = learner.goals("replay", "daily", "--yes", "--data", str(system.data))
        assert id_ in said.out
        assert "`at` is 'soon'" in said.out
        assert "1 back in their queues" in said.out
    finally:
        bus.close()


def test_events_follow_the_stream(learner: Person) -> None:
    import signal
    import subprocess
    import sys

    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(learner.home),
        "XDG_CONFIG_HOME": str(learner.home / "config"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUNBUFFERED": "1",
    }
    follower = subprocess.Popen(
        [sys.executable, "-m", "goals.cli", "events", "--follow"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=learner.folder, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs inherit "ignore"
    )  # fmt: skip
    assert follower.stdout is not None
    learner.goals("mood", "great")
    for line in follower.stdout:
        if "mood.answered" in line:
            break
    follower.send_signal(signal.SIGINT)
    _, errors = follower.communicate(timeout=10)
    assert "Traceback" not in errors
    assert follower.returncode == 130


def test_why_is_a_tree_of_what_it_rests_on_and_a_doubt_is_answered(learner: Person) -> None:
    folder, record = opened(learner)
    file = folder / record["file"]
    learner.goals("submit", str(folder), status=1)
    file.write_text(right(learner, record["goal"]))
    learner.goals("submit", str(file))
    change = next(e for e in reversed(learner.goals("events", "--json").json) if e["type"] == "goals.mastery.changed")
    told = learner.goals("why", change["id"])
    assert "measured: Attempt" in told.out
    assert "the attempt: Your run" in told.out
    tree = learner.goals("why", change["data"]["concept"], "--json").json
    assert tree["type"] == "goals.mastery.changed"
    assert tree["reasons"][0]["role"] == "measured"
    assert learner.goals("why").out
    assert "no mastery" in learner.goals("why", "nothing-like-it", status=1).errors

    contract = learner.goals("contract")
    assert "runs" in contract.out
    assert "contract.signed" in learner.goals("contract", "--history").out
    version = learner.goals("contract", "--json").json["terms"]["version"]
    learner.goals("contract", "--accept", version)
    assert "contract.accepted" in learner.goals("contract", "--history").out
    assert "not in force" in learner.goals("contract", "--accept", "other", status=1).errors

    answered = learner.goals("doubt", change["data"]["concept"])
    assert "goals why " in answered.out
    answer = answered.out.rsplit("goals why ", 1)[1].strip()
    assert "your doubt: You said the figure" in learner.goals("why", answer).out


def test_ctrl_c_ends_the_run_on_the_server_and_it_counts_nowhere(learner: Person) -> None:
    folder, record = opened(learner)
    entry = json.loads(learner.goals("open", "1", "--json").out)["entry"]
    (folder / record["file"]).write_text(f"import time\ndef {entry}(*things):\n    time.sleep(3.5)\n")
    account = Accounts(learner.home / "config" / "goals").choose()
    with contextlib.closing(Transport(account.server)) as transport:
        api = Api(transport, Fixed(account.access))
        for attempt in range(4):  # a busy machine may be slower than the run, which then counts
            running = learner.begin("submit", str(folder))
            deadline = time.monotonic() + 60
            while sum(e.type == "goals.run.requested" for e in api.events()) <= attempt:
                assert time.monotonic() < deadline, "the run was not asked for"
                time.sleep(0.02)
            running.send_signal(signal.SIGINT)
            out, _ = running.communicate(timeout=60)
            if "Cancelled after" in plain(out):
                break
        assert "Cancelled after" in plain(out)
        assert running.returncode == 1
        ends = [e.type for e in api.events() if e.type in ("goals.run.finished", "goals.run.cancelled")]
        assert ends == ["goals.run.finished"] * attempt + ["goals.run.cancelled"]
        assert api.contract()["runs_today"] == attempt


def test_a_learner_takes_their_data_as_parquet_and_asks_it(learner: Person) -> None:
    folder, record = opened(learner)
    (folder / record["file"]).write_text(HALF.format(entry="f"))
    learner.goals("run", str(folder), status=1)
    for _ in range(60):  # the lake sweeps every ten seconds
        said = learner.goals("lake", "sync", "--json").json
        if said["files"] and "attempts" in str(learner.goals("lake", "query", "--format", "json").json):
            asked = learner.goals("lake", "query", "SELECT goal FROM attempts", "--format", "json").json
            if asked:
                break
        time.sleep(0.5)
    assert asked == [{"goal": record["goal"]}]
    assert str(learner.home / ".local/share/goals/copies") in said["folder"]
    assert "hardest_challenges" in learner.goals("lake", "query").out
    assert "goal" in learner.goals("lake", "query", "SELECT goal FROM attempts", "--format", "csv").out
    assert "Parser Error" in learner.goals("lake", "query", "selec", status=1).errors
    learner.goals("lake", "forget")
    assert "goals lake sync" in learner.goals("lake", "query", status=1).errors


def test_a_teacher_s_page_comes_from_the_lake_of_this_machine(learner: Person, system: System) -> None:
    said = learner.goals("report", "--out", "page.html", "--data", str(system.data), "--least", "1")
    assert "learners" in said.out
    page = (learner.folder / "page.html").read_text()
    assert "<svg" in page or "Nothing to show" in page  # others may have submitted something here before
    asked = learner.goals("lake", "query", "--lake", "SELECT count(*) AS n FROM learner", "--format", "json",
                          "--data", str(system.data))  # fmt: skip
    assert asked.json[0]["n"] >= 0
    assert "no day" in learner.goals("report", "--since", "yesterday", "--data", str(system.data), status=1).errors
