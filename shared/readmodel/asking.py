"""For whom a language model may be asked."""

from __future__ import annotations

from shared.models.answer import Asker
from shared.readmodel.view import View


def asker_of(view: View, learner: str, tenant: str) -> Asker | None:
    """None where the learner's terms ask for a consent to models that was not given."""
    contract = view.contract_of(learner)
    if contract is not None and "models" in contract.terms.consents and "models" not in contract.consents:
        return None
    return Asker(learner, contract.contract if contract else None, tenant)
