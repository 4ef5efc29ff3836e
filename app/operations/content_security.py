"""What a page may load and run: itself, and the scripts and styles that stand in it, by their digests."""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

CONTENT_SECURITY: Final = "Content-Security-Policy"
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
"""Of an answer that is no page."""
_INLINE: Final = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def policy_of(page: str) -> str:
    """The policy of a page of ours."""
    found: dict[str, list[str]] = {"script": ["'self'"], "style": ["'self'"]}
    for kind, text in _INLINE.findall(page):
        found[kind].append(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'")
    return (
        f"{NOTHING}; base-uri 'none'; form-action 'self'; connect-src 'self'; font-src 'self' data:; "
        f"img-src 'self' data:; script-src {' '.join(found['script'])}; style-src {' '.join(found['style'])}"
    )
