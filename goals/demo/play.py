"""`goals demo`: which system, which walks, and the verdict."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from goals.client import Fixed, Session
from goals.demo.crashes import Crashes, Moment, moments
from goals.demo.journey import Journey, Missing
from goals.demo.system import System, copied
from goals.demo.telling import Teller
from goals.demo.walk import Walked, walk
from shared.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import Console

ORGANISATION = "trial"
"""Who signs every newcomer's contract."""


@dataclass(frozen=True, slots=True)
class Options:
    """`data`: kept; None is a fresh temporary folder. To attach to a system elsewhere takes its `data`, or
    the folder `keys` with the key that signs its tokens, or tokens."""

    seed: str
    split: bool = False
    attach: str | None = None
    interrupt: int = 0
    data: Path | None = None
    keys: Path | None = None
    operator_token: str | None = None
    organisation_token: str | None = None


@dataclass
class Minted:
    """Tokens signed with the key of the system's own data folder, a new one whenever one is refused."""

    mint: Callable[[], str]
    token: str = field(default="")

    def access(self) -> str:
        self.token = self.token or self.mint()
        return self.token

    def renew(self, used: str) -> None:
        if used == self.token:
            self.token = self.mint()


def play(options: Options, console: Console) -> bool:
    """Whether the whole journey came about."""
    teller = Teller(console)
    try:
        if options.attach is not None:
            if options.interrupt:
                raise InvalidInput("only a system of its own is killed", hint="leave --attach or --interrupt out")
            _attached(options, options.attach, teller)
        else:
            folder = Path(tempfile.mkdtemp(prefix="goals-demo-")) if options.data is None else options.data.absolute()
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)  # PostgreSQL may run as another user
            try:
                (_rehearsed if options.interrupt else _alone)(options, folder, teller)
            finally:
                if options.data is None:
                    shutil.rmtree(folder, ignore_errors=True)
    except Missing as error:
        teller.missing("The journey is not complete", error.detail)
        return False
    teller.note("\nEvery step came about.")
    return True


def _journey(options: Options, server: str, keys: Path | None) -> Journey:
    return Journey(
        server,
        options.seed,
        operator=_session(options.operator_token, server, keys, "operator"),
        organisation=_session(options.organisation_token, server, keys, "organisation"),
    )


def _session(token: str | None, server: str, keys: Path | None, role: str) -> Session:
    from goals.cli.local import signed

    if token:
        return Fixed(token)
    if keys is None:
        raise InvalidInput(
            f"the demo needs a token with the role {role}",
            hint=f"GOALS_{role.upper()}_TOKEN, --keys, or --data with the folder of the system",
        )
    organisation = ORGANISATION if role == "organisation" else None
    return Minted(lambda: signed(keys, server, role, organisation=organisation))


def _attached(options: Options, server: str, teller: Teller) -> None:
    from goals.client.accounts import normal

    keys = options.keys or (options.data / "keys" if options.data else None)
    teller.summary(walk(_journey(options, normal(server), keys), teller, alone=False))


def _alone(options: Options, folder: Path, teller: Teller) -> None:
    system = _started(System(folder / "data", split=options.split), teller)
    try:
        teller.summary(walk(_journey(options, system.url, system.data / "keys"), teller, alone=True))
    finally:
        system.stop()


def _started(system: System, teller: Teller) -> System:
    with teller.console.status("starting the system…"):
        info = system.start()
    teller.note(f"{info.url} is up after {info.seconds:.1f} s, data in {system.data}")
    return system


def _rehearsed(options: Options, folder: Path, teller: Teller) -> None:
    """The same learner walks twice, from one copied beginning: undisturbed, and through crashes. Their ids must be
    the same, because some choices (a variant, the order of daily practice) are each learner's own."""
    beginning = System(folder / "data", split=options.split)
    _started(beginning, teller)
    try:
        _journey(options, beginning.url, beginning.data / "keys").sign_up()
    finally:
        beginning.stop()
    kept = copied(folder / "data", folder / "beginning")
    teller.headline("The walk without a crash")
    calm = _walked(options, beginning, teller)
    copied(kept, folder / "data")
    teller.headline(f"The same walk through {options.interrupt} crashes")
    system = System(folder / "data", split=options.split)
    planned = moments(options.seed, options.interrupt, [ms / 1_000 for ms in calm.steps.values()])
    crashed = _walked(options, system, Teller(teller.console, brief=True), planned)
    teller.summary(crashed)
    differences = sorted(set(calm.facts) ^ set(crashed.facts))
    if differences:
        for line in differences:
            teller.note(f"{'without' if line in calm.facts else 'with   '} crashes: {line}")
        raise Missing(f"{len(differences)} facts differ from the walk without crashes")
    teller.note(f"{options.interrupt} crashes; the same fingerprint {calm.fingerprint}, no event twice, no gap.")


def _walked(options: Options, system: System, teller: Teller, planned: Sequence[Moment] = ()) -> Walked:
    _started(system, teller)
    crashes = Crashes(system, planned, teller.crash)
    try:
        journey = _journey(options, system.url, system.data / "keys")
        return walk(journey, teller, alone=True, began=crashes.began, ended=crashes.finish)
    except Missing as error:
        if crashes.error is not None:
            raise Missing(f"the system did not come up again: {crashes.error.detail}") from error
        raise
    finally:
        system.stop()
