"""Access tokens: what gets through, and what never may."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.auth.keys import KeyRing, load
from shared.auth.tokens import AUDIENCE, Claims, Tokens
from shared.errors import InvalidInput, NotAuthenticated

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ISSUER = "https://goals.example.org"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return load(tmp_path / "keys", create=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(ring: KeyRing, clock: Clock) -> Tokens:
    return Tokens(ring, issuer=ISSUER, clock=clock)


def claims(**told: Any) -> dict[str, Any]:
    seconds = int(NOW.timestamp())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": seconds, "exp": seconds + 600, "jti": "1",
            "roles": ["learner"], "tenant": "public", **told}  # fmt: skip


def signed(ring: KeyRing, body: dict[str, Any], **header: Any) -> str:
    key = ring.signing
    return jwt.encode(body, key.private, algorithm=key.alg, headers={"kid": key.kid, **header})


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_says_who_it_is_of(tokens: Tokens) -> None:
    found = tokens.verify(tokens.issue("ada", ["learner", "organisation"], tenant="public", organisation="acme"))
    assert (found.learner, found.tenant, found.organisation) == ("ada", "public", "acme")
    assert found.roles == {"learner", "organisation"}


def test_a_token_ends_after_its_life_and_a_minute_of_leeway(tokens: Tokens, clock: Clock) -> None:
    token = tokens.issue("ada", ["learner"], tenant="public")
    clock.now = NOW + timedelta(minutes=10, seconds=59)
    assert tokens.verify(token).learner == "ada"
    clock.now = NOW + timedelta(minutes=11)
    with pytest.raises(NotAuthenticated, match="expired"):
        tokens.verify(token)


def test_a_clock_a_minute_behind_is_forgiven_and_more_is_not(tokens: Tokens, clock: Clock) -> None:
    token = tokens.issue("ada", ["learner"], tenant="public")
    clock.now = NOW - timedelta(seconds=59)
    assert tokens.verify(token).learner == "ada"
    clock.now = NOW - timedelta(seconds=90)
    with pytest.raises(NotAuthenticated, match="future"):
        tokens.verify(token)


def test_a_token_without_signature_is_refused(tokens: Tokens, ring: KeyRing) -> None:
    for alg in ("none", "None", "NONE"):
        header = segment({"alg": alg, "typ": "JWT", "kid": ring.signing.kid})
        with pytest.raises(NotAuthenticated):
            tokens.verify(f"{header}.{segment(claims())}.")


def test_an_hmac_made_with_the_public_key_is_refused(tokens: Tokens, ring: KeyRing) -> None:
    import hashlib
    import hmac

    public = ring.signing.public
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (raw, pem, json.dumps(ring.signing.jwk).encode()):
        text = f"{segment({'alg': 'HS256', 'typ': 'JWT', 'kid': ring.signing.kid})}.{segment(claims())}"
        mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        with pytest.raises(NotAuthenticated):
            tokens.verify(f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


def test_a_key_brought_along_in_the_header_is_not_believed(tokens: Tokens) -> None:
    stranger = Ed25519PrivateKey.generate()
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    token = jwt.encode(claims(), stranger, algorithm="EdDSA", headers={"jwk": jwk, "kid": "mine"})
    with pytest.raises(NotAuthenticated, match="do not know"):
        tokens.verify(token)


def test_a_strangers_signature_under_our_key_id_is_refused(tokens: Tokens, ring: KeyRing) -> None:
    token = jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": ring.signing.kid})
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "https://evil.example"}, {"aud": "other"}, {"sub": 7}, {"roles": "operator"}, {"roles": [1]},
     {"tenant": None}, {"org": 3}, {"exp": "soon"}, {"exp": 10**400}, {"iat": None}],
)  # fmt: skip
def test_wrong_claims_are_refused(tokens: Tokens, ring: KeyRing, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify(signed(ring, claims(**wrong)))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "iat", "jti", "roles", "tenant"])
def test_missing_claims_are_refused(tokens: Tokens, ring: KeyRing, missing: str) -> None:
    body = claims()
    del body[missing]
    with pytest.raises(NotAuthenticated):
        tokens.verify(signed(ring, body))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.ü.ñ", "x" * 5_000, "e30.e30.e30", "\x00", "null.null."])
def test_what_is_no_token_is_refused(tokens: Tokens, text: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify(text)


def test_roles_nobody_knows_give_nothing(tokens: Tokens, ring: KeyRing) -> None:
    assert tokens.verify(signed(ring, claims(roles=["root", "learner"]))).roles == {"learner"}


def test_keys_are_rotated_without_a_token_lost(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "keys"
    old = Tokens(load(folder, create=True), issuer=ISSUER, clock=clock).issue("ada", ["learner"], tenant="public")
    key = generate_private_key(SECP256R1())
    (folder / "0002.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    ring = load(folder)
    both = Tokens(ring, issuer=ISSUER, clock=clock)
    new = both.issue("ada", ["learner"], tenant="public")
    assert jwt.get_unverified_header(new)["alg"] == "ES256"
    assert both.verify(old).learner == both.verify(new).learner == "ada"
    assert {k["alg"] for k in ring.jwks()["keys"]} == {"EdDSA", "ES256"}
    (folder / "0001.pem").unlink()
    with pytest.raises(NotAuthenticated):
        Tokens(load(folder), issuer=ISSUER, clock=clock).verify(old)


def test_a_public_key_only_verifies(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "keys"
    ring = load(folder, create=True)
    token = Tokens(ring, issuer=ISSUER, clock=clock).issue("ada", ["learner"], tenant="public")
    other = tmp_path / "other"
    load(other, create=True)
    pem = ring.signing.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (other / "9999.pub.pem").write_bytes(pem)
    assert Tokens(load(other), issuer=ISSUER, clock=clock).verify(token).learner == "ada"
    assert load(other).signing.kid != ring.signing.kid


def test_a_generated_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    load(tmp_path / "keys", create=True)
    [file] = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_jwks_shows_no_private_part(ring: KeyRing) -> None:
    [key] = ring.jwks()["keys"]
    assert key.keys() == {"kty", "crv", "x", "kid", "alg", "use"}


def test_a_folder_without_a_private_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no private key"):
        load(tmp_path)
    (tmp_path / "a.pem").write_text("nonsense")
    with pytest.raises(InvalidInput, match="not a key"):
        load(tmp_path)


def test_a_signature_is_checked_once_and_the_tokens_used_last_are_remembered(
    ring: KeyRing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Tokens(ring, issuer=ISSUER, clock=clock, remember=2)
    real, read = tokens._read, list[str]()

    def counted(token: str) -> Claims:
        read.append(token)
        return real(token)

    monkeypatch.setattr(tokens, "_read", counted)
    a, b, c = (tokens.issue(name, ["learner"], tenant="public") for name in ("a", "b", "c"))
    for token in (a, b, a, c, a):
        assert tokens.verify(token).learner
    assert read == [a, b, c]
    tokens.verify(b)
    assert read == [a, b, c, b]


def test_a_remembered_token_expires_all_the_same(tokens: Tokens, clock: Clock) -> None:
    token = tokens.issue("ada", ["learner"], tenant="public")
    tokens.verify(token)
    clock.now += timedelta(minutes=11, seconds=1)
    with pytest.raises(NotAuthenticated, match="expired"):
        tokens.verify(token)
    with pytest.raises(NotAuthenticated, match="not valid"):
        tokens.verify("\ud800")
