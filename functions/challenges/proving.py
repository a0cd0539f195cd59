"""Proves a draft on the spot, in the sandbox: for what nobody could prove before, since it was written just now."""

from __future__ import annotations

from functions.challenges.writing import REASONS, WORDS, Proven, Refused
from shared.curriculum import Challenge
from shared.curriculum.document import CASES
from shared.proof.strengthen import strengthen
from shared.sandbox import Sandbox

SEED = 1
ROUNDS = 3
"""Proofs of one draft: after the first, with the cases that the one before found missing."""


class InSandbox:
    """Takes seconds, not milliseconds. `sandbox`: one with `shared.proof.prove.LIMITS`."""

    def __init__(self, sandbox: Sandbox, seed: int = SEED) -> None:
        self._sandbox, self._seed = sandbox, seed

    def judge(self, challenge: Challenge) -> Proven | Refused:
        """Cases that are only missing are found and added (hidden ones), as `goals verify --strengthen` would.

        Raises SandboxUnavailable where the sandbox itself fails, and Unavailable where the challenge's language
        cannot be read here: both are ours, and say nothing about the draft."""
        proof = strengthen(challenge, self._sandbox, seed=self._seed, rounds=ROUNDS)
        if proof.proven and len(proof.challenge.cases) <= CASES:
            return Proven(proof.evidence, proof.challenge)
        reasons = proof.reasons or (f"weak_cases: more than {CASES} cases would be needed",)
        return Refused(tuple(str(reason)[:WORDS] for reason in reasons[:REASONS]))
