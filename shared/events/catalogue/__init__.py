"""The models, by family. Importing this registers all of them."""

from shared.events.catalogue import agents, contracts, explaining, interactions, learners, models, teaching

__all__ = ["agents", "contracts", "explaining", "interactions", "learners", "models", "teaching"]
