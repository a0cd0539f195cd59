"""The server that speaks a model's wire protocol, and models of ours that ask it."""

from tests.models.conftest import make, model, server

__all__ = ["make", "model", "server"]
