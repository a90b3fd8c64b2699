"""A reverse proxy that shows one server below a path and nothing else: headers are read, bytes are passed on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEAD = 65_536


class _Proxy:
    """Passes on each request below the prefix, over a connection of its own; websockets stay open."""

    def __init__(self, prefix: str, port: int) -> None:
        self.prefix, self.port = prefix.encode(), port
        self.refused: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            line, *fields = head[:-4].split(b"\r\n")
            path = line.split(b" ")[1]
            if not (path + b"/").startswith(self.prefix + b"/"):
                self.refused.append(path.decode())
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                upgrade = any(field.lower().startswith(b"upgrade:") for field in fields)
                kept = [f for f in fields if upgrade or not f.lower().startswith(b"connection:")]
                closing = [] if upgrade else [b"Connection: close"]
                there_in, there_out = await asyncio.open_connection("127.0.0.1", self.port)
                there_out.write(b"\r\n".join([line, *kept, b"X-Forwarded-For: 192.0.2.1", *closing]) + b"\r\n\r\n")
                await asyncio.gather(_pour(reader, there_out), _pour(there_in, writer))
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(HEAD):
            target.write(data)
            await target.drain()
    with suppress(ConnectionError, RuntimeError):
        target.close()


@contextmanager
def proxied(prefix: str, port: int) -> Iterator[tuple[str, list[str]]]:
    """The proxy's address with the prefix, and the paths outside of it that somebody asked for."""
    loop, proxy = asyncio.new_event_loop(), _Proxy(prefix, port)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=HEAD)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(10)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{prefix}/", proxy.refused
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
