"""The configuration of `authorisation` (k8s/components/kourier): an Envoy that answers a question about a request with
200, or as the token check does. Kourier asks it about each request, with the request's own host, path and method: about
those within the cluster too, where events and runs come without a token. From outside no request gets there by a name
within: Kourier leads those of its own listener only to names that are public."""

from __future__ import annotations

import json
from typing import Any

from goals.cluster.environment import SETTINGS
from goals.launch.gateway import NETWORK, ROUTER, bootstrap, cluster, remote_keys, token_check
from shared.auth.tokens import AUDIENCE

API = "api.goals.svc.cluster.local"
WITHIN = "*.svc.cluster.local"


def authorisation(
    *,
    issuer: str = SETTINGS["GOALS_PUBLIC_URL"],
    host: str = API,
    port: int = 80,
    listen: tuple[str, int] = ("0.0.0.0", 8080),  # noqa: S104  of a pod
    admin: int = 9901,
) -> dict[str, Any]:
    """`host`, `port`: of the API, whose public keys are fetched."""
    keys = remote_keys(f"http://{host}:{port}/.well-known/jwks.json", "api")
    allowed = [{"match": {"prefix": "/"}, "direct_response": {"status": 200}}]
    unasked = {
        "envoy.filters.http.jwt_authn": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig",
            "disabled": True,
        }
    }
    hosts = [
        {"name": "within", "domains": [WITHIN], "routes": allowed, "typed_per_filter_config": unasked},
        {"name": "authorisation", "domains": ["*"], "routes": allowed},
    ]
    manager = {
        "@type": NETWORK + "http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "authorisation",
        "route_config": {"virtual_hosts": hosts, "ignore_port_in_host_matching": True},
        "http_filters": [token_check(issuer, AUDIENCE, keys), ROUTER],
    }
    return bootstrap(manager, [cluster("api", host, port)], port=listen[1], admin=admin, listen=listen[0])


def text() -> str:
    return json.dumps(authorisation(), indent=1) + "\n"
