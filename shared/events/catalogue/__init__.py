"""The models, by family. Importing this registers all of them."""

from shared.events.catalogue import agents, contracts, interactions, learners, teaching

__all__ = ["agents", "contracts", "interactions", "learners", "teaching"]
