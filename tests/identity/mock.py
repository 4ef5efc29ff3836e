"""The packaged identity provider, in a process of its own: a stranger's reading of the specification."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx


@contextlib.contextmanager
def mock_provider() -> Iterator[str]:
    """Its issuer, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "-H",
        "127.0.0.1",
        "-p",
        str(port),
        "-n",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{issuer}/.well-known/openid-configuration")
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address).status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(address)


async def agree(client: httpx.AsyncClient, address: str, subject: str) -> str:
    """Sign in at the provider as a browser would; where it sends the browser back to."""
    answer = await client.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])
