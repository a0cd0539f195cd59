"""The models, by family. Importing this registers all of them."""

from shared.events.catalogue import agents, attention, contracts, explaining, interactions, learners, models, teaching

__all__ = ["agents", "attention", "contracts", "explaining", "interactions", "learners", "models", "teaching"]
