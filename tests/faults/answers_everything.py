"""The service with a planted defect: it runs what costs too much, or reads documents of any size. For G1's teeth."""

import os

from app import cli
from app.graphql import limits, running

UNLIMITED = 1 << 40

if __name__ == "__main__":
    if os.environ["MILEPOST_TEST_DEFECT"] == "too-costly":
        running.check = lambda *_: None  # type: ignore[attr-defined]  # the defect itself
    else:
        for name in ("TOKENS", "DEPTH", "ALIASES", "ALIAS", "DIRECTIVES", "COMPARISONS", "TEXT"):
            setattr(limits, f"MAX_{name}", UNLIMITED)
    cli.main()
