"""What a learner reads about their contract."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, Mapping[str, str]] = {
    "expiring": {
        "en": "Your contract ends on {ends}; days left: {days}. Days of grace after that: {grace}.",
        "es": "Tu contrato termina el {ends}; días restantes: {days}. Días de gracia después: {grace}.",
    },
    "grace": {
        "en": "Your contract ended on {ends}. You can go on until {cut_off}; days left: {days}.",
        "es": "Tu contrato terminó el {ends}. Puedes seguir hasta el {cut_off}; días restantes: {days}.",
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

CHANGED: Mapping[str, str] = {
    "en": "Version {version} of your contract's terms is in force; fields that changed: {count}.",
    "es": "La versión {version} de las condiciones de tu contrato está en vigor; campos cambiados: {count}.",
}

ACCEPT: Mapping[str, str] = {
    "en": "Accept it by {date} to go on.",
    "es": "Acéptala antes del {date} para seguir.",
}
