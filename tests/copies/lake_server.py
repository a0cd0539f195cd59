"""A server of files with the faults that real ones have, and the manifest of what it holds."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from goals.copies.snapshot import File, Snapshot


@dataclass
class Lake:
    """Parts as the server's manifest has them. `faults`: what the next requests meet, one each: `cut` (half of what was
    asked for), `expired`, `gone`, `altered`, `broken` (500), `more` (bytes too many)."""

    url: str = ""
    change: int = 0
    parts: dict[tuple[str, str], tuple[int, str, bytes]] = field(default_factory=dict)
    ended: dict[tuple[str, str], int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def put(self, dataset: str, part: str, body: bytes) -> None:
        self.change += 1
        path = f"{dataset}/{part}-{self.change:06d}-{hashlib.sha256(body).hexdigest()[:12]}.parquet"
        self.parts[dataset, part] = (self.change, path, body)
        self.ended.pop((dataset, part), None)

    def end(self, dataset: str, part: str) -> None:
        self.change += 1
        del self.parts[dataset, part]
        self.ended[dataset, part] = self.change

    def ask(self, after: int, etag: str) -> tuple[dict[str, Any], str] | None:
        """As `Api.lake_manifest`."""
        self.asked.append(after)
        tag = f'W/"{self.change}"'
        if tag == etag:
            return None
        whole = after == 0 or after > self.change
        files = [
            {"dataset": d, "part": p, "path": path, "rows": 1, "bytes": len(body), "url": f"{self.url}/{path}?signed",
             "sha256": hashlib.sha256(body).hexdigest()}
            for (d, p), (change, path, body) in self.parts.items()
            if whole or change > after
        ]  # fmt: skip
        gone = [] if whole else [{"dataset": d, "part": p} for (d, p), c in self.ended.items() if c > after]
        held = tuple(
            File(d, p, path, 1, len(body), hashlib.sha256(body).hexdigest())
            for (d, p), (_, path, body) in self.parts.items()
        )
        told = {
            "schema": 1, "learner": "ada", "timezone": "UTC", "change": self.change, "position": self.change * 10,
            "whole": whole, "files": files, "gone": gone, "expires": "2026-11-29T00:00:00Z",
            "digest": Snapshot("", "", "", 0, 0, "", held).digest,
        }  # fmt: skip
        return told, tag


@contextmanager
def served() -> Iterator[Lake]:
    lake = Lake()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path.lstrip("/")
            wanted = self.headers.get("Range")
            assert self.headers.get("Authorization") is None, "a token was sent to the object store"
            lake.requests.append((path, wanted))
            fault = lake.faults.pop(0) if lake.faults else ""
            body = next((b for _, p, b in lake.parts.values() if p == path), None)
            status = {"expired": 403, "gone": 404, "broken": 500}.get(fault, 404 if body is None else 200)
            if status != 200 or body is None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if fault == "altered":
                body = bytes([body[0] ^ 1]) + body[1:]
            if fault == "more":
                body += b"more"
            begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            rest = body[begin:]
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: len(rest) // 2] if fault == "cut" else rest)
            self.close_connection = fault == "cut"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    lake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield lake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
