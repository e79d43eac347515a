"""JSON over one kept connection to a server on loopback."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any, NamedTuple

from engines.processes import EngineError

_TIMEOUT_SECONDS = 90.0


class Answer(NamedTuple):
    """What a server said: the status, the body read as JSON, and the texts of its warnings."""

    status: int
    body: Any
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        return str(self.body.get("message", self.body)) if isinstance(self.body, Mapping) else str(self.body)


class Client:
    """A connection that is opened again when the server closed it; certificates are not looked at."""

    def __init__(self, port: int, token: str = "", *, tls: bool) -> None:
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._open: http.client.HTTPConnection
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self._open = http.client.HTTPSConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            self._open = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)

    def ask(self, method: str, path: str, body: Any = None, content: str = "application/json") -> Answer:
        """Send a request once more if the kept connection had gone; raises OSError where nobody listens."""
        data = None if body is None else json.dumps(body)
        headers = {**self._headers, **({} if data is None else {"Content-Type": content})}
        try:
            return self._ask(method, path, data, headers)
        except (http.client.HTTPException, ConnectionError, ssl.SSLEOFError):
            self._open.close()
            return self._ask(method, path, data, headers)

    def get(self, path: str) -> Any:
        """The body of an answer that has to be good."""
        answer = self.ask("GET", path)
        if not answer.ok:
            raise EngineError(f"GET {path}: {answer.status} {answer.message}")
        return answer.body

    def close(self) -> None:
        self._open.close()

    def _ask(self, method: str, path: str, data: str | None, headers: dict[str, str]) -> Answer:
        self._open.request(method, path, data, headers)
        response = self._open.getresponse()
        text = response.read().decode()
        warnings = tuple(line.split('"', 1)[-1].rstrip('"') for line in response.headers.get_all("Warning") or ())
        try:
            return Answer(response.status, json.loads(text), warnings)
        except json.JSONDecodeError:
            return Answer(response.status, text, warnings)
