"""The benchmark of the reading side, with the peer it is measured against. `docs/benchmarks.md` says what it shows."""
