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


_PREFLIGHT = {"prefix": "/", "headers": [{"name": ":method", "string_match": {"exact": "OPTIONS"}}]}
"""A browser sends no token along when it asks whether it may; the API answers it (`GOALS_CORS_ORIGINS`)."""

_CALLER = {
    "header": {"key": "x-forwarded-for", "value": "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"},
    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
}
"""This gateway is the first: what a caller claims of earlier hops is replaced, not appended to. With callers on
loopback, as the gateway itself is, the API could not tell their claim from a hop."""


def token_check(issuer: str, audience: str, keys: dict[str, Any]) -> dict[str, Any]:
    """The filter `jwt_authn`: a token for everything but the doors and preflights. `keys`: where the public keys come
    from, as `local_jwks` or `remote_jwks`."""
    check = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": {
            "goals": {
                "issuer": issuer,
                "audiences": [audience],
                **keys,
                "forward": True,
                "clock_skew_seconds": 60,
                "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
            }
        },
        "rules": [
            {"match": _PREFLIGHT},
            *({"match": {"prefix": prefix}} for prefix in OPEN),
            {"match": {"prefix": "/"}, "requires": {"provider_name": "goals"}},
        ],
    }
    return {"name": "envoy.filters.http.jwt_authn", "typed_config": check}


def remote_keys(uri: str, cluster: str) -> dict[str, Any]:
    """Fetched from the API, again every five minutes: a new key is known before its first token is, if its file has
    been there that long (docs/deploy.md)."""
    return {
        "remote_jwks": {
            "http_uri": {"uri": uri, "cluster": cluster, "timeout": "5s"},
            "cache_duration": "300s",
            "async_fetch": {"fast_listener": True},
        }
    }


ROUTER = {
    "name": "envoy.filters.http.router",
    "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
}


def render(
    port: int,
    admin: int,
    *,
    api_port: int,
    mcp_port: int,
    issuer: str,
    audience: str,
    jwks: dict[str, Any] | None,
    hosts: tuple[str, str] = ("127.0.0.1", "127.0.0.1"),
    listen: str = "127.0.0.1",
) -> str:
    """Envoy's bootstrap as JSON (which is YAML). `jwks`: the public keys of the API's tokens; None fetches them from
    the API. `hosts`: of API and tools. The administration listens on loopback in any case."""
    api, mcp = hosts
    if jwks is not None:
        keys = {"local_jwks": {"inline_string": json.dumps(jwks)}}
    else:
        keys = remote_keys(f"http://{api}:{api_port}/.well-known/jwks.json", "api")
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
            token_check(issuer, audience, keys),
            ROUTER,
        ],
    }
    clusters = [cluster("api", api, api_port), cluster("mcp", mcp, mcp_port)]
    return json.dumps(bootstrap(manager, clusters, port=port, admin=admin, listen=listen), indent=1)


def bootstrap(
    manager: dict[str, Any], clusters: list[dict[str, Any]], *, port: int, admin: int, listen: str = "127.0.0.1"
) -> dict[str, Any]:
    """One listener with this `http_connection_manager`."""
    connection = {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
    listener = {"name": "door", "address": _address(listen, port), "filter_chains": [{"filters": [connection]}]}
    return {
        "admin": {"address": _address("127.0.0.1", admin)},
        "static_resources": {"listeners": [listener], "clusters": clusters},
    }


def cluster(name: str, host: str, port: int) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": _address(host, port)}}
    return {
        "name": name,
        "connect_timeout": "1s",
        "type": "STATIC" if host.replace(".", "").isdigit() else "STRICT_DNS",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def _address(host: str, port: int) -> dict[str, Any]:
    return {"socket_address": {"address": host, "port_value": port}}
