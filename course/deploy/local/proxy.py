"""The Python proxy of the local hub, with limits for a class instead of its library's.

PyPI's ``configurable-http-proxy`` forwards each request through tornado's HTTP client, whose defaults are those of a
client: ten requests at a time for everybody together, and 20 s for each. Command line and behaviour are otherwise the
proxy's own; the limit of time is its option ``--proxy-timeout``, which `COMMAND` sets.
"""

import sys
from pathlib import Path

__all__ = ["COMMAND"]

REQUESTS_AT_ONCE = 2000
"""Long polls of thirty JupyterLabs are a few hundred; the bound is there for the memory."""
LARGEST_BYTES = 512 * 2**20
"""A file that is downloaded, a notebook that is saved."""
PATIENCE_MILLISECONDS = 60 * 60 * 1000
"""An hour: no request of a class takes longer, and one that hangs ends at last."""

COMMAND = [sys.executable, "-P", str(Path(__file__).resolve()), f"--proxy-timeout={PATIENCE_MILLISECONDS}"]


def main() -> None:
    """Run the proxy until a signal ends it."""
    from configurable_http_proxy.cli import main as proxy
    from tornado.httpclient import AsyncHTTPClient

    AsyncHTTPClient.configure(
        None, max_clients=REQUESTS_AT_ONCE, max_buffer_size=LARGEST_BYTES, max_body_size=LARGEST_BYTES
    )
    proxy(prog_name="configurable-http-proxy")


if __name__ == "__main__":
    main()
