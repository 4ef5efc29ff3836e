#!/bin/sh
# ./dev lock [--upgrade]: refresh the locks of the project, and those of the tools that stand apart from it. They hold names, versions, markers and hashes, and no address.
set -eu
cd "$(dirname "$0")/.."
if [ ! -x .venv-lock/bin/uv ]; then
  "${PYTHON:-$(command -v python3.11 || command -v python3)}" -m venv .venv-lock
  .venv-lock/bin/python -m pip install -q --disable-pip-version-check uv
fi
# uv does not read pip's configuration, so the index that pip uses is handed over; no lock names it.
index=$(.venv-lock/bin/python -m pip config get global.index-url 2>/dev/null || true)
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
compile() {
  .venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml --extra embedded -o requirements.lock "$@"
compile pyproject.toml --extra embedded --group dev -c requirements.lock -o requirements-dev.lock "$@"
compile pyproject.toml -c requirements.lock -o requirements-prod.lock "$@"
compile tests/clients/python.in -o tests/clients/python.lock "$@"
compile contracts/semgrep.in -o contracts/semgrep.lock "$@"
compile contracts/audit.in -o contracts/audit.lock "$@"
