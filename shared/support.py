"""Words for somebody who writes of harm: they point to a person. No diagnosis, no advice, no country's numbers.

`GOALS_SUPPORT_CONTACT`: whom the organisation names, as text ("the counsellor, room 12, or call …"); shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.catalogue.attention import Seen, SupportPointed
from shared.readmodel.rows import Attention
from shared.spoken import Words, words

AGAIN = timedelta(hours=12)
"""The same comment stands in every run's code: it is answered once in this time."""

POINTS: Mapping[Words, tuple[str, str]] = {
    "en": (
        "You wrote something that sounds heavy. This is a program and cannot judge what you meant. If any of it is "
        "true, please talk to a person now: somebody close to you, a doctor or a helpline where you live. If there is "
        "danger, call the emergency number. Your work is saved and can wait.",
        " You can also turn to: {contact}",
    ),
    "es": (
        "Escribiste algo que suena difícil. Esto es un programa y no puede juzgar qué querías decir. Si algo de eso es "
        "cierto, habla ahora con una persona: alguien cercano, un médico o una línea de ayuda de donde vives. Si hay "
        "peligro, llama a emergencias. Tu trabajo está guardado y puede esperar.",
        " También puedes acudir a: {contact}",
    ),
}


class SupportSettings(BaseSettings):
    """From the environment, as all settings."""

    model_config = SettingsConfigDict(env_prefix="GOALS_", extra="ignore", frozen=True)

    support_contact: str = Field(default="", max_length=200, description="whom to turn to, shown to who writes of harm")


def point(language: str, seen: Seen, contact: str = "") -> SupportPointed:
    """The event that points to a person."""
    said = words(language)
    text, also = POINTS[said]
    contact = " ".join(contact.split())[:120]
    return SupportPointed(text=text + (also.format(contact=contact) if contact else ""), seen=seen, language=said)


def pointed_lately(attention: Attention, now: datetime) -> bool:
    return attention.supported is not None and now - attention.supported < AGAIN
