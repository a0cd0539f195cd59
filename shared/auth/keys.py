"""The keys that sign access tokens: a folder of PEM files, several at once so that they can be rotated.

`NAME.pem` is a private key (Ed25519, or EC P-256); the one whose name sorts last signs, all verify. `NAME.pub.pem` is
a public key that only verifies: an old key on its way out, or another issuer's instance. To rotate: add a file with a
later name, wait until the last token of the old key has expired, remove the old file.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from shared.errors import InvalidInput

GENERATED = "0001.pem"


@dataclass(frozen=True, slots=True)
class Key:
    """`private` is None for a key that only verifies. `kid`: JWK thumbprint (RFC 7638). `alg`: EdDSA or ES256."""

    kid: str
    alg: str
    private: Any
    public: Any
    jwk: dict[str, str]


class Keys(Protocol):
    """What tokens are checked with."""

    def find(self, kid: str) -> Key | None:
        """Raises Unavailable where no key can be had at the moment."""
        ...


@dataclass(frozen=True, slots=True)
class KeyRing:
    signing: Key
    keys: dict[str, Key]

    def find(self, kid: str) -> Key | None:
        return self.keys.get(kid)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys (RFC 7517)."""
        return {"keys": [key.jwk for key in self.keys.values()]}


def load(folder: Path, *, create: bool = False) -> KeyRing:
    """Reads the folder; with `create` an empty one gets a first key. Raises InvalidInput."""
    if create and not any(folder.glob("*.pem")):
        _generate(folder)
    keys = [_key(file) for file in sorted(folder.glob("*.pem"))]
    signing = [key for key in keys if key.private is not None]
    if not signing:
        raise InvalidInput(
            f"{folder} holds no private key to sign tokens with",
            hint="openssl genpkey -algorithm ed25519 -out 0001.pem",
        )
    return KeyRing(signing[-1], {key.kid: key for key in keys})


def _generate(folder: Path) -> None:
    """Written aside and linked into place: two processes that start at once end up with one key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle, name = tempfile.mkstemp(dir=folder, suffix=".new")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        Path(folder / GENERATED).hardlink_to(name)
    except FileExistsError:
        pass  # the other process was first: its key is as good
    finally:
        Path(name).unlink()


def _key(file: Path) -> Key:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
    from jwt.algorithms import ECAlgorithm, OKPAlgorithm

    pem = file.read_bytes()
    private: Any = None
    try:
        if file.name.endswith(".pub.pem"):
            public: Any = load_pem_public_key(pem)
        else:
            private = load_pem_private_key(pem, None)
            public = private.public_key()
    except (ValueError, TypeError) as error:
        raise InvalidInput(f"{file} is not a key in PEM: {error}") from error
    if isinstance(public, Ed25519PublicKey) and isinstance(private, Ed25519PrivateKey | None):
        alg, jwk = "EdDSA", OKPAlgorithm.to_jwk(public, as_dict=True)
    elif (
        isinstance(public, EllipticCurvePublicKey)
        and isinstance(private, EllipticCurvePrivateKey | None)
        and public.curve.name == "secp256r1"
    ):
        alg, jwk = "ES256", ECAlgorithm.to_jwk(public, as_dict=True)
    else:
        raise InvalidInput(f"{file} is neither Ed25519 nor EC P-256: other keys do not sign our tokens")
    jwk = {k: v for k, v in jwk.items() if k in {"kty", "crv", "x", "y"}}
    kid = _thumbprint(jwk)
    return Key(kid, alg, private, public, {**jwk, "kid": kid, "alg": alg, "use": "sig"})


def _thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638: SHA-256 of the required members, in lexical order, without spaces; base64url."""
    import base64
    import json

    digest = sha256(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
