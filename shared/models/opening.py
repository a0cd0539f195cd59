"""Makes the model that the settings name. Nothing is imported and nothing connected before the first call."""

from __future__ import annotations

from shared.models.port import Model, NoModel
from shared.settings import Settings


def open_model(settings: Settings) -> Model:  # noqa: ARG001  until the client is here
    """NoModel where neither a key nor an address is set."""
    return NoModel()
