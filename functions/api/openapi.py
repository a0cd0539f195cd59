"""The OpenAPI document: what FastAPI makes of the routes, with the interactions' own schemas added."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from functions.api.models.goals import SeenCase
from functions.api.models.learning import Explained, Words
from functions.api.routes.goals import FRAMES
from shared.events.codec import SCHEMA
from shared.events.data import LATEST, Data
from shared.http import CONTENT_TYPE, Problem

TITLE = "AI Goals Tracker"
VERSION = "1"
DESCRIPTION = """Learn to program inside your own editor.

Sign up with POST /v1/auth/register (or in with /v1/auth/token) and send the access token as `Authorization: Bearer`.
State a profile with POST /v1/interactions (goals.profile.stated); goals appear under GET /v1/goals a moment later.
POST /v1/goals/{goal}/runs runs code and streams the results.

Live: a websocket at /v1/ws, subprotocol `goals.v1`, with the token as a second subprotocol `bearer.<token>` or in the
first message {"token": …}. It carries CloudEvents in JSON both ways. Each stored event has a `sequence`; after a cut
connect again with ?after=<last sequence> (or send goals.resume with data.after) and nothing is missed. Every
interaction is answered with goals.ack by its id; so is goals.run.cancel with data.run, which ends a run. Close codes:
4001 sign in (or refresh) and resume, 4008 too slow, resume; 1009 a message over 256 KiB; 1013 try again.

Every error is a problem (RFC 9457)."""
TAGS = [
    {"name": "sign-in", "description": "Accounts, tokens and the keys that verify them."},
    {"name": "me", "description": "The learner: profile, export, erasure."},
    {"name": "interactions", "description": "What learners do, as CloudEvents."},
    {"name": "goals", "description": "Goals and their runs."},
    {"name": "learning", "description": "Plan, progress, mastery, courses, pages, the day."},
    {"name": "lake", "description": "The learner's own copy of their data, as Parquet."},
    {"name": "contract", "description": "Its terms, what is left of them, their acceptance."},
    {"name": "why", "description": "Why something was decided; what is wrong about it."},
    {"name": "events", "description": "The learner's own history."},
    {"name": "operating", "description": "For operators."},
    {"name": "health", "description": "Probes."},
]
_REF = "#/components/schemas/{model}"


def interactions() -> dict[str, type[Data]]:
    """The newest model of every type clients may send."""
    return {name: model for name, model in sorted(LATEST.items()) if model.from_clients}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once, then kept."""
    if app.openapi_schema is None:
        made = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes, tags=TAGS)
        extra: list[type[BaseModel]] = [*interactions().values(), *FRAMES, Words, Explained, SeenCase, Problem]
        _, definitions = models_json_schema([(model, "serialization") for model in extra], ref_template=_REF)
        schemas = made["components"]["schemas"]
        for name, schema in definitions["$defs"].items():
            schemas.setdefault(name, schema)
        schemas.update(_interaction())
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        _only_problems(made)
        app.openapi_schema = made
    return app.openapi_schema


def _interaction() -> dict[str, Any]:
    """One schema for each type, told apart by `type`."""
    schemas: dict[str, Any] = {}
    mapping = {}
    for name, model in interactions().items():
        title = f"{model.__name__}Event"
        mapping[name] = _REF.format(model=title)
        schemas[title] = {
            "type": "object",
            "title": title,
            "description": (model.__doc__ or "").strip(),
            "required": ["specversion", "id", "type", "data"],
            "properties": {
                "specversion": {"type": "string", "const": "1.0"},
                "id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": r"^[A-Za-z0-9._:/-]+$"},
                "type": {"type": "string", "const": name},
                "source": {"type": "string", "description": "Replaced by the learner."},
                "time": {"type": "string", "format": "date-time"},
                "dataschema": {"type": "string", "enum": [f"{SCHEMA}{name}:{model.event_version}"]},
                "datacontenttype": {"type": "string", "const": "application/json"},
                "traceparent": {"type": "string", "maxLength": 128},
                "data": {"$ref": _REF.format(model=model.__name__)},
            },
        }
    schemas["Interaction"] = {
        "title": "Interaction",
        "description": "A CloudEvent (1.0) of what a learner did.",
        "oneOf": [{"$ref": ref} for ref in mapping.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
        "example": {
            "specversion": "1.0",
            "id": "0193a5c8-8a00-7b11-9c2d-1f2e3d4c5b6a",
            "type": "goals.profile.stated",
            "time": "2026-11-23T06:00:00Z",
            "data": {"level": "beginner", "minutes": 30, "timezone": "Europe/Madrid", "language": "en"},
        },
    }
    return schemas


def _only_problems(made: dict[str, Any]) -> None:
    """FastAPI lists a problem under the route's own content type too; ours are problem+json and nothing else."""
    for item in made["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if status[0] in "45":
                    content = answer["content"]
                    answer["content"] = {kind: content[kind] for kind in content if kind == CONTENT_TYPE}
