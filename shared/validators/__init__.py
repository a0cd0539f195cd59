"""What may be said to a learner: pure rules over a text and the facts it must agree with.

Whatever a model writes passes here before anybody sees it; what fails is replaced by the rule-made answer, and the
event names the rules that refused it. Code found in a text, and a change told in words, is run in the sandbox, through
`Passes`, by whoever has one.
Nothing here knows a function, a model or a store.
"""

from shared.validators.check import RULES, RUN, Fault, broken, faults, refused
from shared.validators.ground import Ground, Kind, Passes
from shared.validators.harm import writes_of_harm

__all__ = ["RULES", "RUN", "Fault", "Ground", "Kind", "Passes", "broken", "faults", "refused", "writes_of_harm"]
