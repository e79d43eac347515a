"""A registry on loopback (OCI distribution 1.1) in which every repository has one chart, under every tag."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_CONFIG = "application/vnd.cncf.helm.config.v1+json"


def _described(media_type: str, content: bytes) -> dict[str, str | int]:
    return {"mediaType": media_type, "size": len(content), "digest": _digest(content)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


# Nobody here unpacks what source-controller stores: helm-controller would.
_LAYER, _ABOUT = gzip.compress(bytes(1024), mtime=0), b"{}"
_IMAGE = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _described(_CONFIG, _ABOUT),
        "layers": [_described(_CHART, _LAYER)],
    }
).encode()
_BLOBS = {_digest(content): content for content in (_LAYER, _ABOUT)}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.wfile.write(self._head())

    def do_HEAD(self) -> None:
        self._head()

    def log_message(self, *_: object) -> None:
        return

    def _head(self) -> bytes:
        """Answer with everything but the content, which is returned."""
        *_, kind, name = self.path.split("/")
        content = _IMAGE if kind == "manifests" else _BLOBS.get(name, b"{}")
        self.send_response(200)
        self.send_header("Content-Type", _MANIFEST if kind == "manifests" else "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", _digest(content))
        self.end_headers()
        return content


@contextmanager
def charts() -> Iterator[str]:
    """Serve it; gives its host and port, which clients of registries reach without TLS because it is loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
