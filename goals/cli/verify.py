"""`goals verify`: proves challenges before anybody sees them. For authors, and for CI. Needs the sandbox, no server."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goals.cli.screen import console
from shared.errors import NotFound

if TYPE_CHECKING:
    from shared.curriculum import Challenge, Curriculum
    from shared.proof.model import Proof

SEED = 1
"""The seed of the published proofs: the same for all, so that a proof can be repeated."""


def verify(
    path: Annotated[Path, typer.Argument(help="A challenge's folder, a course's, or the folder of all courses.")],
    report: Annotated[Path | None, typer.Option(help="Write everything found as Markdown.")] = None,
    strengthen: Annotated[bool, typer.Option(help="Look for cases that notice what now goes unnoticed.")] = False,
    write: Annotated[bool, typer.Option(help="Keep the proofs in PROOFS.json, for the server.")] = False,
    language: Annotated[str, typer.Option(help="Of reasons and report: en or es.")] = "en",
    seed: Annotated[int, typer.Option(help="For the generated inputs.")] = SEED,
) -> None:
    """Prove challenges: reference, starter, examples, hints, and that the cases notice mistakes."""
    from shared.curriculum import load
    from shared.proof import ledger
    from shared.proof.report import reports

    root, course, slug = _placed(path)
    curriculum = load(root)
    screen = console()
    proofs = _proven(_chosen(curriculum, course, slug), seed)
    _table(proofs, language)
    if report is not None:
        report.write_text(reports(proofs, language), encoding="utf-8")
        screen.print(f"{report} has all of it.")
    if strengthen:
        _additions(proofs, seed)
    good = [(p.challenge, p.evidence) for p in proofs if p.proven]
    bad = len(proofs) - len(good)
    whole = [ledger.named(c) for c in _chosen(curriculum, None, None)]
    kept = ledger.read(root)
    if write:
        names = set(whole) - {p.name for p in proofs if not p.proven}
        kept.with_proofs(good).only(names).write(root)
        screen.print(f"{root / ledger.FILE} is written.")
    elif (root / ledger.FILE).exists() and (behind := [c for c, _ in good if kept.evidence(c) is None]):
        what = ", ".join(map(ledger.named, behind))
        screen.print(f"{ledger.FILE} has no proof of {what} as it is now: `goals verify PATH --write`", style="red")
        bad += len(behind)
    raise typer.Exit(1 if bad else 0)


def _placed(path: Path) -> tuple[Path, str | None, str | None]:
    """(root of the curriculum, course, challenge). Raises NotFound."""
    path = path.resolve()
    if (path / "challenge.toml").is_file():
        return path.parents[2], path.parents[1].name, path.name
    if (path / "course.toml").is_file():
        return path.parent, path.name, None
    if path.is_dir() and any(path.glob("*/course.toml")):
        return path, None, None
    hint = "name a folder with a challenge.toml, a course.toml, or with courses in it"
    raise NotFound(f"there is no challenge in {path.name}", hint=hint)


def _chosen(curriculum: Curriculum, course: str | None, slug: str | None) -> list[Challenge]:
    """Every challenge as a learner may meet it: each variant of a template."""
    return [
        challenge.instantiate(variant.id if variant else None)
        for challenge in curriculum.challenges.values()
        if course in (None, challenge.course) and slug in (None, challenge.slug)
        for variant in challenge.variants or (None,)
    ]


def _proven(challenges: Sequence[Challenge], seed: int) -> list[Proof]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from shared.proof.ledger import named
    from shared.proof.prove import LIMITS, prove
    from shared.sandbox import Sandbox

    sandbox = Sandbox(limits=LIMITS)
    at_once = 1 if sandbox.capability.mode == "landlock" else max(1, os.cpu_count() or 1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(errors=True), transient=True) as progress:
        task = progress.add_task("proving", total=len(challenges))

        def proof(challenge: Challenge) -> Proof:
            progress.update(task, description=named(challenge))
            found = prove(challenge, sandbox, seed=seed)
            progress.advance(task)
            return found

        with ThreadPoolExecutor(at_once) as threads:
            return list(threads.map(proof, challenges))


def _table(proofs: Sequence[Proof], language: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    from shared.curriculum import text

    table = Table(box=None, pad_edge=False)
    for name in ("", "challenge", "cases", "mutants", "noticed", "equivalent", "why not"):
        table.add_column(name, justify="left" if name in ("", "challenge", "why not") else "right", overflow="fold")
    for proof in proofs:
        figures = proof.evidence
        noticed = f"{figures['kill_ratio']:.0%}" if "kill_ratio" in figures else ""
        why = "\n".join(f"{r.code}: {text(r.words, language)}" for r in proof.reasons)
        table.add_row(
            "[green]✓[/]" if proof.proven else "[red]✗[/]",
            proof.name,
            f"{figures['cases']:.0f}",
            f"{figures.get('mutants', 0):.0f}",
            noticed,
            f"{figures.get('equivalent', 0):.0f}",
            escape(why),
        )
    screen = console()
    screen.print(table)
    refused = sum(not proof.proven for proof in proofs)
    screen.print(f"\n{len(proofs) - refused} proven, {refused} refused", style="red" if refused else "green")


def _additions(proofs: Sequence[Proof], seed: int) -> None:
    """The new cases as lines for each challenge.toml, and what they leave."""
    from shared.proof.prove import LIMITS
    from shared.proof.strengthen import added, as_toml, strengthen
    from shared.sandbox import Sandbox

    sandbox = Sandbox(limits=LIMITS)
    for proof in proofs:
        if not proof.proposed:
            continue
        stronger = strengthen(proof.challenge, sandbox, seed=seed)
        left = "proven with them" if stronger.proven else f"with them still refused: {', '.join(stronger.codes)}"
        typer.echo(f"\n# {proof.name}: for `cases` in challenge.toml; {left}")
        for case in added(proof.challenge, stronger.challenge):
            typer.echo(as_toml(case, entry=proof.challenge.entry))
