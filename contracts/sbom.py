"""The bill of materials: what a production installation consists of, as CycloneDX, made from the lock and nothing else."""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from contracts.locks import Locked, read_python

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "contracts/sbom.cdx.json"
LOCK: Final = "requirements-prod.lock"
_LICENCE: Final = "License :: "
_SHORT: Final = re.compile(r"[A-Za-z0-9.+-]+")
_SPDX: Final = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
}


def write() -> None:
    (ROOT / NAME).write_text(text())


def check() -> str | None:
    file = ROOT / NAME
    if file.is_file() and file.read_text() == text():
        return None
    return f"{NAME} is not what {LOCK} says. `./dev check --fix` makes it again."


def text() -> str:
    """The document: no time of making and no random number, so the same lock makes the same bytes."""
    bom = of((ROOT / LOCK).read_text(), (ROOT / "pyproject.toml").read_text(), _known())
    told: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    del told["metadata"]["timestamp"]
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def of(lock: str, project: str, known: dict[str, str]) -> Bom:
    """The parts of a lock, and who needs whom. `known` are licences by package and version that are not installed here."""
    about = tomllib.loads(project)["project"]
    packages = read_python(LOCK, lock)
    parts = {_ref(one): _component(one, known) for one in packages}
    root = Component(
        name=about["name"], version=about["version"], type=ComponentType.APPLICATION, bom_ref=about["name"],
        description=about["description"], licenses=[LicenseExpression(about["license"])],
    )  # fmt: skip
    bom = Bom(components=parts.values(), serial_number=uuid5(NAMESPACE_URL, f"{root.name} {root.version}\n{lock}"))
    bom.metadata.component = root
    bom.dependencies = [
        Dependency(root.bom_ref, _needed_by(about["name"], packages, parts)),
        *(Dependency(parts[_ref(one)].bom_ref, _needed_by(one.name, packages, parts)) for one in packages),
    ]
    return bom


def _needed_by(name: str, packages: Iterable[Locked], parts: dict[str, Component]) -> list[Dependency]:
    return [Dependency(parts[_ref(one)].bom_ref) for one in packages if name in one.asked_by]


def _component(one: Locked, known: dict[str, str]) -> Component:
    address = PackageURL("pypi", name=one.name, version=one.version)
    files = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.digests]
    licence = _installed(one) or known.get(_ref(one))
    return Component(
        name=one.name, version=one.version, type=ComponentType.LIBRARY, bom_ref=_ref(one), purl=address,
        licenses=[_told(licence)] if licence else [],
        external_references=[
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(address)), hashes=files)
        ],
        properties=[Property(name="python:marker", value=one.when)] if one.when else [],
    )  # fmt: skip


def _ref(one: Locked) -> str:
    return f"{one.name}=={one.version}"


def _installed(one: Locked) -> str | None:
    """The licence that the installed package states, if it is this very version that is installed."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        told = metadata.metadata(one.name)
        if told["Version"] == one.version:
            classes = [line for line in told.get_all("Classifier") or [] if line.startswith(_LICENCE)]
            named = next((_SPDX.get(line, line.rpartition(" :: ")[2]) for line in reversed(classes)), None)
            stated = told["License"] or ""
            return told["License-Expression"] or (stated if _SHORT.fullmatch(stated) else named)
    return None


def _told(licence: str) -> DisjunctiveLicense | LicenseExpression:
    return DisjunctiveLicense(name=licence) if " License" in licence else LicenseExpression(licence)


def _known() -> dict[str, str]:
    """The licences in the document as it stands: of packages for other machines than this one."""
    file = ROOT / NAME
    if not file.is_file():
        return {}
    return {
        part["bom-ref"]: licence["expression"] if "expression" in licence else licence["license"]["name"]
        for part in json.loads(file.read_text())["components"]
        for licence in part.get("licenses", [])
    }
