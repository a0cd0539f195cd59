"""What a learner reads when what they chose cannot be."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

SWAPPED: Words = {
    "en": "{swaps} goals were swapped today, and no more may be.",
    "es": "Hoy ya se han cambiado {swaps} retos, y no se puede cambiar ninguno más.",
}
SWAP_LATER: Words = {
    "en": "Lay this one aside instead, or swap it tomorrow.",
    "es": "Deja este a un lado, o cámbialo mañana.",
}
