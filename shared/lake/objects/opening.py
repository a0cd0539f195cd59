"""The object store that the settings name."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from shared.clock import Clock, utc_now
from shared.errors import InvalidInput
from shared.lake.errors import LakeAway, LakeRefused
from shared.lake.objects.port import ObjectStore
from shared.settings import Settings


def open_objects(settings: Settings, *, clock: Clock = utc_now) -> ObjectStore:
    """No `lake_url`: the folder `lake` in the data folder. `s3://bucket?endpoint=http://host:port[&public=…][&region=…]`
    with `lake_access_key` and `lake_secret_key` (or its file). Raises InvalidInput, saying which setting to mend."""
    if settings.lake_url is None:
        from shared.lake.objects.local import LocalObjects

        return LocalObjects(settings.data_dir / "lake", public_url=settings.public_url, clock=clock)
    from shared.lake.objects.s3 import S3Address, S3Objects

    url = urlsplit(settings.lake_url)
    told = {name: values[-1] for name, values in parse_qs(url.query).items()}
    endpoint = told.pop("endpoint", "")
    unknown = told.keys() - {"public", "region"}
    if url.scheme != "s3" or not url.netloc or not endpoint.startswith(("http://", "https://")) or unknown:
        raise InvalidInput(
            f"GOALS_LAKE_URL {settings.lake_url!r} names no bucket",
            hint="s3://bucket?endpoint=http://host:9000, optionally &public= and &region=",
        )
    secret = settings.lake_secret_key_file.read_text("utf-8").strip() if settings.lake_secret_key_file else None
    if secret is None and settings.lake_secret_key is not None:
        secret = settings.lake_secret_key.get_secret_value()
    if not settings.lake_access_key or not secret:
        raise InvalidInput(
            "the lake's bucket needs credentials", hint="GOALS_LAKE_ACCESS_KEY and GOALS_LAKE_SECRET_KEY_FILE"
        )
    return S3Objects(
        S3Address(
            endpoint,
            url.netloc,
            settings.lake_access_key,
            secret,
            region=told.get("region", "us-east-1"),
            public=told.get("public"),
        )
    )


class Opening:
    """Opens the store when it is first asked for, once: one that is away keeps nothing from starting."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self._settings, self._clock = settings, clock
        self._found: ObjectStore | None = None

    def __call__(self) -> ObjectStore:
        """Raises Unavailable: to whoever asks, wrong settings are a store that is not there."""
        if self._found is None:
            try:
                self._found = open_objects(self._settings, clock=self._clock)
            except InvalidInput as error:
                raise LakeRefused(error.detail, hint=error.hint) from error
            except OSError as error:
                raise LakeAway(f"the lake cannot be opened: {error}", hint="look at GOALS_LAKE_URL") from error
        return self._found
