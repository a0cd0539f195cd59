"""A TCP proxy that counts how often a connection turns from sending to receiving: the round trips, as they happen."""

from __future__ import annotations

import select
import socket
import threading
from typing import Self


class CountingProxy:
    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.turns = 0
        self._closed = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pump, args=(client,), daemon=True).start()

    def _pump(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target)
        for s in (client, server):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sending = False
        with client, server:
            while True:
                ready, _, _ = select.select([client, server], [], [], 60)
                for source in ready:
                    data = source.recv(65_536)
                    if not data:
                        return
                    if source is client:
                        sending = True
                        server.sendall(data)
                    else:
                        self.turns += sending
                        sending = False
                        client.sendall(data)
