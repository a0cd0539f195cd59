"""The learner model's parts: what is remembered, the figures made of it, the layers that judge them, and their blend.

numpy is needed here and nowhere else in `shared.learner`: import `LearnerModel` from there, it loads when asked for.
"""
