"""What a learner reads about their contract."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, Mapping[str, str]] = {
    "expiring": {
        "en": "Your contract ends on {ends}, in {days} days. After that you have {grace} days of grace.",
        "es": "Tu contrato termina el {ends}, dentro de {days} días. Después tendrás {grace} días de gracia.",
    },
    "grace": {
        "en": "Your contract ended on {ends}. You can go on for {days} more days, until {cut_off}.",
        "es": "Tu contrato terminó el {ends}. Puedes seguir {days} días más, hasta el {cut_off}.",
    },
    "ended": {
        "en": "Your contract ended on {ends}. Your work is kept; ask your organisation to renew it.",
        "es": "Tu contrato terminó el {ends}. Tu trabajo se conserva; pide a tu organización que lo renueve.",
    },
}

REFUNDED: Mapping[str, str] = {
    "en": "The server failed during this run, not your code: it does not count today.",
    "es": "En esta ejecución falló el servidor, no tu código: hoy no cuenta.",
}
