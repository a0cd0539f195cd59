"""The API's reference as one page, made from its OpenAPI: no scripts, nothing from elsewhere, readable offline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2433}
code,pre{font:14px/1.45 ui-monospace,monospace;background:#f3f5f9;border-radius:4px}code{padding:.1em .3em}
pre{padding:.8em;overflow:auto}h2{margin-top:2.5em;border-bottom:1px solid #d6dbe6}
summary{cursor:pointer;padding:.35em 0}
.method{display:inline-block;min-width:4.2em;font-weight:600;color:#0b5cad}table{border-collapse:collapse}
td{padding:.15em 1em .15em 0;vertical-align:top}@media(prefers-color-scheme:dark){body{background:#14171f;color:#dfe4ee}
code,pre{background:#1f2430}.method{color:#7db7f5}h2{border-color:#39404f}a{color:#7db7f5}}"""
_METHODS = ("get", "post", "put", "patch", "delete")


def page(openapi: dict[str, Any]) -> str:
    """The whole reference as HTML."""
    info = openapi["info"]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
        f"{_prose(info.get('description', ''))}"
        f"<p>Machine-readable: <a href=/openapi.json>/openapi.json</a></p>"
        f"{''.join(_groups(openapi))}<h2>Schemas</h2>{''.join(_schemas(openapi))}</html>"
    )


def _prose(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n") if part)


def _groups(openapi: dict[str, Any]) -> Iterator[str]:
    for tag in openapi.get("tags", []):
        yield f"<h2>{escape(tag['name'])}</h2>{_prose(tag.get('description', ''))}"
        for path, item in openapi["paths"].items():
            for method in _METHODS:
                operation = item.get(method)
                if operation is not None and tag["name"] in operation.get("tags", []):
                    yield _operation(path, method, operation)


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    first = operation.get("description", "").strip().split("\n")[0]
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code><td>{escape(p['in'])}<td>{escape(p.get('description', ''))}"
        for p in operation.get("parameters", [])
    )
    body = "".join(
        f"<p>Body <code>{escape(kind)}</code>: {_named(content.get('schema', {}))}</p>"
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    )
    answers = "".join(
        f"<tr><td>{escape(status)}<td>{escape(answer.get('description', ''))}<td>{_answer(answer)}"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details id='{escape(operation['operationId'])}'><summary><span class=method>{method.upper()}</span>"
        f"<code>{escape(path)}</code> {escape(first)}</summary>{_prose(operation.get('description', ''))}"
        f"<table>{rows}</table>{body}<table>{answers}</table></details>"
    )


def _answer(answer: dict[str, Any]) -> str:
    return " ".join(_named(content.get("schema", {})) for content in answer.get("content", {}).values())


def _named(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"<a href='#schema-{escape(name)}'>{escape(name)}</a>"
    if schema.get("type") == "array":
        return f"list of {_named(schema.get('items', {}))}"
    if "oneOf" in schema:
        return " or ".join(_named(one) for one in schema["oneOf"])
    return escape(str(schema.get("type", "")))


def _schemas(openapi: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(openapi.get("components", {}).get("schemas", {}).items()):
        text = json.dumps(schema, indent=1, ensure_ascii=False)
        yield (
            f"<details id='schema-{escape(name)}'><summary>{escape(name)} {escape(schema.get('description', ''))}"
            f"</summary><pre>{escape(text)}</pre></details>"
        )
