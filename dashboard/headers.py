"""What the dashboard tells every browser: load nothing from elsewhere, and be shown in nobody else's frame."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = {
    "default-src": "'self'",
    # Streamlit's own page has a script in line, let in by its digest; our components arrive as modules in blobs.
    # WebAssembly is Streamlit's own too; no text can become a script by way of it.
    "script-src": "'self' 'wasm-unsafe-eval' blob: {digests}",
    # Streamlit and plotly write styles while they draw.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}

HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@cache
def headers() -> dict[str, str]:
    """All of them; the policy knows the installed Streamlit's own script."""
    policy = "; ".join(f"{what} {where}" for what, where in POLICY.items())
    return HEADERS | {"content-security-policy": policy.format(digests=" ".join(_digests()))}


def _digests() -> list[str]:
    page = files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]


class Headers:
    """Adds them to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = [(name.encode(), value.encode()) for name, value in headers().items()]
                kept = [pair for pair in message["headers"] if pair[0].lower().decode() not in headers()]
                message = {**message, "headers": [*kept, *ours]}
            await send(message)

        await self._app(scope, receive, told)
