"""Behind API Gateway: events in the shapes it really sends (REST: payload 1.0, HTTP API: payload 2.0)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher

from functions.api.function import Api
from functions.api.mangum_handler import gateway
from shared.auth.passwords import Passwords
from shared.settings import Settings
from tests.api.conftest import PASSWORD, ScriptedRunner, event, prepare


class Context:
    """What Lambda hands over; the handler needs nothing of it."""

    function_name = "api"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:api"
    aws_request_id = "0193a5c8-0000-7000-8000-000000000000"


@pytest.fixture
def handler(database: str, tmp_path: Any) -> Iterator[Any]:
    import asyncio

    prepare(database)
    api = Api(
        Settings(database_url=database, data_dir=tmp_path),
        runner=ScriptedRunner(),
        passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
    )
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    mangum = gateway(api)
    context: Any = Context()
    yield lambda message: mangum(message, context)
    api.close()
    loop.close()
    asyncio.set_event_loop(None)


def http_api(method: str, path: str, body: Any = None, token: str = "", *, encoded: bool = False) -> dict[str, Any]:
    """Payload format 2.0."""
    text = None if body is None else json.dumps(body)
    headers = {
        "accept": "*/*",
        "content-type": "application/json",
        "host": "r3pmxmplak.execute-api.eu-west-1.amazonaws.com",
        "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
        "x-forwarded-for": "192.0.2.7",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    if token:
        headers["authorization"] = f"Bearer {token}"
    message: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "r3pmxmplak",
            "domainName": "r3pmxmplak.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "r3pmxmplak",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.7",
                "userAgent": "curl/8",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "23/Nov/2026:06:00:00 +0000",
            "timeEpoch": 1795413600000,
        },
        "isBase64Encoded": encoded,
    }
    if text is not None:
        message["body"] = base64.b64encode(text.encode()).decode() if encoded else text
    return message


def rest_api(method: str, path: str, token: str = "", query: dict[str, str] | None = None) -> dict[str, Any]:
    """Payload format 1.0."""
    headers = {
        "Accept": "*/*",
        "Host": "70ixmpl4fl.execute-api.eu-west-1.amazonaws.com",
        "X-Forwarded-For": "192.0.2.7",
    }
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} if query else None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "resourceId": "2gxmpl",
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "extendedRequestId": "JJbxmplHYosFVYQ=",
            "requestTime": "23/Nov/2026:06:00:00 +0000",
            "path": f"/prod{path}",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "prod",
            "domainPrefix": "70ixmpl4fl",
            "requestTimeEpoch": 1795413600000,
            "requestId": "77375676-xmpl-4b79-853a-f982474efe18",
            "identity": {"sourceIp": "192.0.2.7", "userAgent": "curl/8"},
            "domainName": "70ixmpl4fl.execute-api.eu-west-1.amazonaws.com",
            "apiId": "70ixmpl4fl",
        },
        "body": None,
        "isBase64Encoded": False,
    }


def test_a_learner_signs_up_and_works_through_both_gateways(handler: Any) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}
    created = handler(http_api("POST", "/v1/auth/register", body))
    assert created["statusCode"] == 201, created
    token = json.loads(created["body"])["access_token"]
    for encoded in (False, True):
        sent = handler(
            http_api("POST", "/v1/interactions", [event("mood.answered", {"answer": "good"})], token, encoded=encoded)
        )
        assert json.loads(sent["body"])["results"][0]["status"] == "recorded"
    listed = handler(rest_api("GET", "/v1/events", token, {"limit": "2"}))
    assert (listed["statusCode"], len(json.loads(listed["body"])["events"])) == (200, 2)
    export = handler(http_api("GET", "/v1/me/export", token=token))
    assert json.loads(export["body"])["account"]["email"] == "ada@example.org"


def test_errors_are_problems_through_a_gateway_too(handler: Any) -> None:
    for message, status in (
        (rest_api("GET", "/v1/me"), 401),
        (http_api("GET", "/v1/nowhere"), 404),
        (http_api("PUT", "/v1/goals"), 405),
        (http_api("POST", "/v1/auth/token", {"email": 7}), 422),
        (http_api("POST", "/v1/auth/token", {"email": "x" * 1_100_000}), 413),
    ):
        answer = handler(message)
        assert answer["statusCode"] == status
        headers = {k.lower(): v for k, v in answer.get("headers", {}).items()}
        headers |= {k.lower(): v[0] for k, v in answer.get("multiValueHeaders", {}).items()}
        assert headers["content-type"] == "application/problem+json"
