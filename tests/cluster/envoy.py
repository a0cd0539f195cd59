"""Our HTTPRoutes and Envoy Gateway's policies as the configuration of an Envoy: the filters that Envoy Gateway makes of
them (jwt_authn, cors, local_ratelimit, router), with every upstream on this machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from goals.launch.gateway import NETWORK, ROUTER, bootstrap, cluster

Object = dict[str, Any]
HTTP = "type.googleapis.com/envoy.extensions.filters.http."


def configuration(objects: list[Object], *, port: int, admin: int, upstream: int) -> Object:
    leading = [each for each in _of(objects, "HTTPRoute") if "backendRefs" in each["spec"]["rules"][0]]
    routes = [route for each in leading for route in _routes(objects, each)]
    routes.sort(key=lambda route: ("path" not in route["match"], -len(next(iter(route["match"].values())))))
    manager = {
        "@type": NETWORK + "http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "door",
        "use_remote_address": True,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "route_config": {"virtual_hosts": [{"name": "goals", "domains": ["*"], "routes": routes}]},
        "http_filters": [
            {"name": "envoy.filters.http.cors", "typed_config": {"@type": HTTP + "cors.v3.Cors"}},
            _tokens(objects, upstream),
            {
                "name": "envoy.filters.http.local_ratelimit",
                "typed_config": {"@type": HTTP + "local_ratelimit.v3.LocalRateLimit", "stat_prefix": "door"},
            },
            ROUTER,
        ],
    }
    return bootstrap(manager, [cluster("upstream", "127.0.0.1", upstream)], port=port, admin=admin)


def _of(objects: list[Object], kind: str) -> list[Object]:
    return [each for each in objects if each["kind"] == kind]


def _policy(objects: list[Object], kind: str, route: str) -> Object:
    for each in _of(objects, kind):
        if route in [target["name"] for target in each["spec"]["targetRefs"]]:
            found: Object = each["spec"]
            return found
    return {}


def _routes(objects: list[Object], route: Object) -> list[Object]:
    name = route["metadata"]["name"]
    filters = _per_route(objects, name)
    found: list[Object] = []
    for rule in route["spec"]["rules"]:
        (rewrite,) = [f["urlRewrite"]["hostname"] for f in rule["filters"]]
        action = {"cluster": "upstream", "host_rewrite_literal": rewrite, "timeout": rule["timeouts"]["request"]}
        found += [
            {"match": _match(match["path"]), "route": action, "typed_per_filter_config": filters}
            for match in rule["matches"]
        ]
    return found


def _match(path: Object) -> Object:
    """`PathPrefix` goes by whole segments (Gateway API)."""
    if path["type"] == "Exact":
        return {"path": path["value"]}
    return {"prefix": "/"} if path["value"] == "/" else {"path_separated_prefix": path["value"]}


def _per_route(objects: list[Object], name: str) -> Object:
    security = _policy(objects, "SecurityPolicy", name)
    (rule,) = _policy(objects, "BackendTrafficPolicy", name)["rateLimit"]["local"]["rules"]
    assert rule["limit"]["unit"] == "Second"
    cors = security["cors"]
    found: Object = {
        "envoy.filters.http.cors": {
            "@type": HTTP + "cors.v3.CorsPolicy",
            "allow_origin_string_match": [{"exact": origin} for origin in cors["allowOrigins"]],
            "allow_methods": ", ".join(cors["allowMethods"]),
            "allow_headers": ", ".join(cors["allowHeaders"]),
            "expose_headers": ", ".join(cors["exposeHeaders"]),
        },
        "envoy.filters.http.local_ratelimit": {
            "@type": HTTP + "local_ratelimit.v3.LocalRateLimit",
            "stat_prefix": name,
            "token_bucket": {
                "max_tokens": rule["limit"]["requests"],
                "tokens_per_fill": rule["limit"]["requests"],
                "fill_interval": "1s",
            },
            "filter_enabled": {"default_value": {"numerator": 100}},
            "filter_enforced": {"default_value": {"numerator": 100}},
        },
    }
    if "jwt" in security:
        found["envoy.filters.http.jwt_authn"] = {
            "@type": HTTP + "jwt_authn.v3.PerRouteConfig",
            "requirement_name": "token",
        }
    return found


def _tokens(objects: list[Object], upstream: int) -> Object:
    (policy,) = [each for each in _of(objects, "SecurityPolicy") if "jwt" in each["spec"]]
    (provider,) = policy["spec"]["jwt"]["providers"]
    path = urlsplit(provider["remoteJWKS"]["uri"]).path
    return {
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": HTTP + "jwt_authn.v3.JwtAuthentication",
            "providers": {
                provider["name"]: {
                    "issuer": provider["issuer"],
                    "audiences": provider["audiences"],
                    "forward": True,
                    "remote_jwks": {
                        "http_uri": {
                            "uri": f"http://127.0.0.1:{upstream}{path}",
                            "cluster": "upstream",
                            "timeout": "5s",
                        },
                        "async_fetch": {},
                    },
                }
            },
            "requirement_map": {"token": {"provider_name": provider["name"]}},
        },
    }
