"""The gateway's configuration for the local split system: Envoy, with the token check in front of the API.

The filters are those of the cluster's gateway: `jwt_authn` on everything but the doors, the websocket upgrade with its
token in the subprotocol (which Envoy cannot read: the API verifies it, as it verifies all others again).
"""

from __future__ import annotations

import json
from typing import Any

NETWORK = "type.googleapis.com/envoy.extensions.filters.network."

OPEN = (
    "/v1/auth/", "/device", "/.well-known/", "/health/", "/docs", "/openapi.json", "/v1/ws",
    "/v1/lake/files/",  # signed addresses
)  # fmt: skip


_CALLER = {
    "header": {"key": "x-forwarded-for", "value": "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"},
    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
}
"""This gateway is the first: what a caller claims of earlier hops is replaced, not appended to. With callers on
loopback, as the gateway itself is, the API could not tell their claim from a hop."""


def render(
    port: int, admin: int, *, api_port: int, mcp_port: int, issuer: str, audience: str, jwks: dict[str, Any]
) -> str:
    """Envoy's bootstrap as JSON (which is YAML). `jwks`: the public keys of the API's tokens."""
    jwt = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": {
            "goals": {
                "issuer": issuer,
                "audiences": [audience],
                "local_jwks": {"inline_string": json.dumps(jwks)},
                "forward": True,
                "clock_skew_seconds": 60,
                "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
            }
        },
        "rules": [
            *({"match": {"prefix": prefix}} for prefix in OPEN),
            {"match": {"prefix": "/"}, "requires": {"provider_name": "goals"}},
        ],
    }
    manager = {
        "@type": NETWORK + "http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "goals",
        "stream_idle_timeout": "300s",
        "use_remote_address": True,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "route_config": {
            "request_headers_to_add": [_CALLER],
            "virtual_hosts": [
                {
                    "name": "goals",
                    "domains": ["*"],
                    "routes": [
                        {"match": {"prefix": "/v1/ws"}, "route": {"cluster": "api", "timeout": "0s"}},
                        {
                            "match": {"path_separated_prefix": "/mcp"},
                            "route": {"cluster": "mcp", "timeout": "0s"},  # a run reports while it goes on
                        },
                        {"match": {"prefix": "/"}, "route": {"cluster": "api", "timeout": "60s"}},
                    ],
                }
            ],
        },
        "http_filters": [
            {"name": "envoy.filters.http.jwt_authn", "typed_config": jwt},
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
            },
        ],
    }
    return json.dumps(
        {
            "admin": {"address": _address(admin)},
            "static_resources": {
                "listeners": [
                    {
                        "name": "door",
                        "address": _address(port),
                        "filter_chains": [
                            {
                                "filters": [
                                    {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
                                ]
                            }
                        ],
                    }
                ],
                "clusters": [_cluster("api", api_port), _cluster("mcp", mcp_port)],
            },
        },
        indent=1,
    )


def _cluster(name: str, port: int) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": _address(port)}}
    return {
        "name": name,
        "connect_timeout": "1s",
        "type": "STATIC",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
