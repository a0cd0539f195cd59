"""The steps of docs/deploy.md, "Secrets that change": at no moment does anybody who accepted a token refuse one."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from shared.auth.keys import load
from shared.auth.tokens import Tokens
from shared.clock import utc_now

ISSUER = "https://goals.example.org"


def instance(folder: Path) -> Tokens:
    """An API, or whoever else checks, started now: keys are read at the start."""
    return Tokens(load(folder), issuer=ISSUER, clock=utc_now, life=timedelta(minutes=10))


def test_each_step_has_old_and_new_instances_beside_each_other_and_every_token_holds_at_both(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    load(tmp_path / "keys", create=True)
    load(tmp_path / "other", create=True)
    keys, private = tmp_path / "keys", tmp_path / "other" / "0001.pem"
    first = instance(keys)

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = load(tmp_path / "other").signing.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "0002.pub.pem").write_bytes(public)
    second = instance(keys)
    hold(first, second)

    (keys / "0002.pub.pem").unlink()
    shutil.copy(private, keys / "0002.pem")
    third = instance(keys)
    hold(second, third)
    assert third.issue("ada", ["learner"], tenant="public") != second.issue("ada", ["learner"], tenant="public")
    assert load(keys).signing.kid == load(tmp_path / "other").signing.kid, "the new key signs"
    assert len(load(keys).jwks()["keys"]) == 2, "and doors know both"

    (keys / "0001.pem").unlink()
    hold(third, instance(keys))


def hold(*instances: Tokens) -> None:
    """Whoever of them makes a token, all of them take it."""
    for maker in instances:
        token = maker.issue("ada", ["learner"], tenant="public")
        for checker in instances:
            assert checker.verify(token).learner == "ada"
