"""Proves a draft on the spot, in the sandbox: for what nobody could prove before, since it was written just now."""

from __future__ import annotations

from functions.challenges.writing import REASONS, WORDS, Proven, Refused
from shared.curriculum import Challenge
from shared.proof.prove import prove
from shared.sandbox import Sandbox

SEED = 1


class InSandbox:
    """Takes seconds, not milliseconds. `sandbox`: one with `shared.proof.prove.LIMITS`."""

    def __init__(self, sandbox: Sandbox, seed: int = SEED) -> None:
        self._sandbox, self._seed = sandbox, seed

    def judge(self, challenge: Challenge) -> Proven | Refused:
        """Raises SandboxUnavailable where the sandbox itself fails, and Unavailable where the challenge's language
        cannot be read here: both are ours, and say nothing about the draft."""
        proof = prove(challenge, self._sandbox, seed=self._seed)
        if proof.proven:
            return Proven(proof.evidence)
        return Refused(tuple(str(reason)[:WORDS] for reason in proof.reasons[:REASONS]))
