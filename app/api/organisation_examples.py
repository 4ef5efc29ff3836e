"""One record of each noun of a trust's organisation, most of them as the packs load them."""

from collections.abc import Mapping
from typing import Any, Final

ORGANISATION: Final[Mapping[str, Mapping[str, Any]]] = {
    "trusts": {
        "id": "fb2079ce-4725-55d2-86fe-591dedbbe85d", "code": "kestrel", "name": "Kestrel Learning Trust",
        "kind": "multi_academy_trust", "reviewerMustDiffer": False, "dueSoonDays": 14, "overdueGraceDays": 0,
        "sourceDocument": "S0", "sourceLine": 154,
    },
    "academies": {
        "id": "ae634f2c-fae3-5046-bdf4-79b80044dc80", "code": "KHS", "sourceDocument": "S0", "sourceLine": 703,
        "name": "Kestrel High School", "type": "sponsor_led", "phaseOfEducation": "secondary",
    },
    "academy-identifiers": {
        "id": "019a8c1e-66e1-7cd0-a4f8-3b72d95e1c06", "academyId": "ae634f2c-fae3-5046-bdf4-79b80044dc80",
        "kind": "urn", "value": "900001", "validFrom": "2015-09-01",
    },
    "academic-years": {
        "id": "019a8c1e-6a10-7f22-8d41-0c5be3a9d7f4", "code": "2026/27", "startsOn": "2026-09-01",
        "endsOn": "2027-08-31",
    },
    "terms": {
        "id": "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385", "academicYearId": "019a8c1e-6a10-7f22-8d41-0c5be3a9d7f4",
        "no": 1, "name": "autumn", "startsOn": "2026-09-02", "endsOn": "2026-12-18",
    },
    "half-terms": {
        "id": "019a8c1e-6c97-7e03-8b15-d84a2f70c9be", "termId": "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385", "no": 1,
        "startsOn": "2026-09-02", "endsOn": "2026-10-23",
    },
    "people": {
        "id": "9a7da900-eec1-5b0a-90f4-24cdb04668f6", "code": "JWe", "sourceDocument": "S0", "sourceLine": 415,
        "kind": "person", "status": "active", "aliases": ["JWE"],
    },
    "bodies": {
        "id": "fc689cac-ba1c-5cf2-8115-fa391d34a27d", "code": "LGB", "sourceDocument": "S0", "sourceLine": 484,
        "label": "local governing body", "kind": "governing_body",
    },
    "pupil-groups": {
        "id": "5d1cbe08-b458-5f3a-9c2e-f51dba4725b2", "code": "all", "sourceDocument": "S0", "sourceLine": 48,
        "label": "all pupils", "aliases": [],
    },
    "api-keys": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18", "code": "h3kq7w2n", "label": "Night run of the MIS",
        "roles": ["mis_integration"], "integration": "mis", "documentsOnly": False, "createdAt": "2026-09-01T08:00:00.000000Z",
        "expiresOn": "2027-08-31",
    },
    "memberships": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c1a", "issuer": "https://login.example.org/v2.0",
        "subject": "5f0c6a3e-7d58-4a0e-9a53-3f3f0d9f6a11", "label": "Head of Kestrel Park", "kind": "person",
        "roles": ["academy_head"], "academyIds": ["ae634f2c-fae3-5046-bdf4-79b80044dc80"], "status": "active",
        "sessionsFrom": "2026-09-01T08:00:00.000000Z",
    },
    "trusted-documents": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c19", "name": "Plans",
        "digest": "d70c5e073c6df85eff6e088666cf92f7ef0a1fb65bfb2dd8eb1aad93e80ae8ad",
        "text": "query Plans { plans(first: 20) { nodes { uuid title } } }",
    },
}  # fmt: skip
