"""The server that speaks the models' wire protocol, for the agents that ask one."""

from tests.models.conftest import make, model, server

__all__ = ["make", "model", "server"]
