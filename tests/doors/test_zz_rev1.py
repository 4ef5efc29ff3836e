import asyncio, json
import pytest
from uuid import uuid4
from app.domain.actor import Role, Permission
from tests.api.samples import create, create_each
from tests.doors.test_support import two, Two, ledger_of, offer_in  # noqa
from tests.doors.test_readings import bare, trust, client, send, month, id_of  # noqa


async def test_past_year(two: Two):
    t = two.avocet
    print()
    got = await ledger_of(t, "REEDBED", **{"from": "2022-09-01", "to": "2023-08-31"})
    print("PAST", got["startsOn"], got["endsOn"], got["since"])
    print([(o["code"], o["why"], o["periods"], [ (x["times"],x["atLeast"],x["delivered"],x["why"]) for x in o["totals"]]) for o in got["offers"]][:5])
    got = await ledger_of(t, "SANDSPIT", **{"from": "2023-09-01", "to": "2023-12-31"})
    print("SANDSPIT", got["since"], [(o["code"], o["why"], len(o["periods"]), [ (x["times"],x["atLeast"],x["delivered"],x["why"]) for x in o["totals"]]) for o in got["offers"]][:5])


async def test_fuzz(two: Two):
    t = two.avocet
    ac = t.academies["REEDBED"]
    async with t.client() as c:
        plan = (await c.get("/v1/plans")).json()["items"]
        fw = (await c.get("/v1/frameworks")).json()["items"]
        metrics = (await c.get("/v1/metrics")).json()["items"]
        paths = [f"academies/{ac}/support", "support-owed", "reviews-due", "support-proposal?team=x&unit=days&available=3",
                 "support-and-movement?metric=x&from=2020-01-01&to=2020-02-02", "load-map", "budget-totals", "data-quality-totals"]
        if plan: paths += [f"plans/{plan[0]['id']}/{x}" for x in ("progress","checks","coverage","golden-thread")]
        if metrics: paths += [f"metrics/{metrics[0]['id']}/spread"]
        for p in paths:
            for q in ("on=1900-01-01","on=2100-12-31","asKnownAt=0001-01-01T00:00:00Z","asKnownAt=9999-12-31T23:59:59Z","asKnownAt=0001-01-01T00:00:00%2B14:00","asKnownAt=9999-12-31T23:59:59-14:00",
                      "from=2100-12-31","from=1900-01-01&to=2100-12-31","metric=%00","team=%00","until=1900-01-01","limit=1000","available=1e-400","available=NaN","available=0.00001"):
                a = await c.get(f"/v1/{p}{'&' if '?' in p else '?'}{q}")
                if a.status_code >= 500: print("!!!", p, q, a.status_code, a.text[:300])
        a = await c.get("/v1/support-and-movement?metric=%00&from=2020-01-01&to=2020-02-02"); print("NUL metric", a.status_code, a.text[:200])
        a = await c.get(f"/v1/academies/{ac}/series?metric=%00"); print("NUL series", a.status_code)
        a = await c.get(f"/v1/readings?metric=%00"); print("NUL readings", a.status_code)
        a = await c.get(f"/v1/released-figures?metric=%00"); print("NUL rf", a.status_code)
        a = await c.get(f"/v1/support-allocations?team=%00"); print("NUL alloc", a.status_code)


async def test_withdrawn_draft(two: Two):
    t = two.avocet
    async with t.client() as c:
        f = await create(c, "frameworks", {"code": "DR", "edition": 1, "title": "draft"})
        r = await create(c, "cadence-rules", {"frameworkId": f["id"], "code": "X", "no": 1, "activity": "a", "everyMin": 1, "unit": "week"})
        h = await c.post("/v1/reviews-held", json={"academyId": str(t.academies["REEDBED"]), "frameworkId": f["id"], "cadenceRuleId": r["id"], "on": "2024-01-01"})
        print("held on draft", h.status_code, h.text[:200])
        w = await c.request("DELETE", f"/v1/frameworks/{f['id']}", headers={"If-Match": '"v1"'})
        if w.status_code >= 400:
            w = await c.post(f"/v1/frameworks/{f['id']}/withdrawal", json={"reason": "x"}, headers={"If-Match": '"v1"'})
        print("withdrawn", w.status_code, w.text[:200])
        for p in ("reviews-due", "support-owed", f"reviews-due?academyId={t.academies['REEDBED']}"):
            a = await c.get(f"/v1/{p}")
            print(p, a.status_code, a.text[:200])


async def test_leaks(trust, client):
    oak, elm = await id_of(client, "academies", "OAK"), await id_of(client, "academies", "ELM")
    await send(client, month(1, 93.21, numerator=97, denominator=98), month(1, 88.8, academy="ELM"), month(1, 12.3, official="national", academy=None) if False else month(2, 88.1, academy="ELM"))
    async with trust.client(await trust.key("kestrel", Role.READER)) as reader, trust.client(await trust.key("kestrel", Role.ACADEMY_HEAD, academy_ids=[oak])) as head:
        for who, c in (("reader", reader), ("head", head)):
            for p in ("readings", "reading-batches", "events?limit=100", f"academies/{oak}/series?metric=attendance", f"academies/{oak}/history", "metrics"):
                a = await c.get(f"/v1/{p}")
                print(who, p, a.status_code, a.text[:600] if "batches" in p else (("93.21" in a.text), "88.8" in a.text, elm in a.text))
        b = {"id": str(uuid4()), "source": "x", "readings": [month(1, 50)]}
        print((await client.post("/v1/reading-batches", json=b)).status_code)
        b["readings"] = [month(2, 50)]
        a = await client.post("/v1/reading-batches", json=b); print("same id", a.status_code, a.text[:200])
        got = await asyncio.gather(*(client.post("/v1/reading-batches", json={"source": "mis", "readings": [month(3, v)]}) for v in (1,2,3,4)))
        print([g.status_code for g in got], [g.text[:150] for g in got if g.status_code != 201])
        got = await asyncio.gather(*(client.post("/v1/reading-batches", json={"source": "mis", "readings": [month(3, v)]}) for v in (11,12,13,14)))
        print([g.status_code for g in got], [g.text[:150] for g in got if g.status_code != 201])
        # bad ratio row
        print("==== releases")
        await send(client, month(4, 96.9, numerator=970, denominator=1001), month(4, 98.98, academy="ELM", numerator=97, denominator=98), month(4, 96, academy="ASH", numerator=960, denominator=1000))
        o = {"code": "R1", "label": "r", "metrics": ["attendance"], "grain": "month", "startsOn": "2026-04-01", "endsOn": "2026-04-30"}
        got = await asyncio.gather(client.post("/v1/releases", json=o), client.post("/v1/releases", json=o), client.post("/v1/releases", json={**o, "code": "R2"}))
        print([(g.status_code, g.text[:200]) for g in got])
        f = (await reader.get("/v1/released-figures?limit=100")).json()["items"]
        print([(x["academyCode"], x["groupCode"], x["value"], x["numerator"], x["denominator"], x["symbol"]) for x in f])
        await send(client, month(2, 98.98, numerator=97, denominator=98), month(2, 100, academy="ELM", numerator=5, denominator=3))
        g = await client.post("/v1/releases", json={**o, "code": "R3", "startsOn": "2026-02-01", "endsOn": "2026-02-28"})
        f = (await reader.get(f"/v1/released-figures?limit=100&releaseId={g.json()['id']}")).json()["items"]
        print("RATIO", [(x["academyCode"], x["groupCode"], x["value"], x["numerator"], x["denominator"], x["symbol"]) for x in f])
        for key in (reader, head):
            g = await key.post("/v1/releases", json={**o, "code": "R9", "startsOn": "2026-03-01", "endsOn": "2026-03-31"}); print(g.status_code, g.text[:200])
            g = await key.post("/v1/releases", json={**o, "code": "R9", "startsOn": "2025-03-01", "endsOn": "2025-03-31"}); print(g.status_code, g.text[:200])
    async with trust.client(await trust.key("kestrel", Role.TRUST_EXECUTIVE, academy_ids=[oak])) as ex:
        g = await ex.post("/v1/releases", json={**o, "code": "R9", "startsOn": "2025-03-01", "endsOn": "2025-03-31"}); print("limited exec", g.status_code, g.text[:300])
        g = await ex.post("/v1/releases", json={**o, "code": "R9", "startsOn": "2026-04-01"}); print("limited exec", g.status_code, g.text[:300])


async def test_all_group(trust, client):
    """A group that is everybody, beside all pupils."""
    for code in ("ALL", "BIS"):
        await create(client, "pupil-groups", {"code": code, "label": code})
    rows = []
    for a, (n, d) in {"OAK": (3, 40), "ELM": (10, 50), "ASH": (12, 50)}.items():
        for g in (None, "ALL", "BIS"):
            rows.append(month(1, round(100*n/d, 3), academy=a, numerator=n, denominator=d, **({"group": g} if g else {})))
    await send(client, *rows)
    o = {"code": "R1", "label": "r", "metrics": ["attendance"], "grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}
    g = await client.post("/v1/releases", json=o)
    print(g.status_code, g.json().get("withheld"))
    f = (await client.get("/v1/released-figures?limit=100")).json()["items"]
    print()
    for x in f: print((x["academyCode"], x["groupCode"], x["value"], x["numerator"], x["denominator"], x["symbol"]))
    # separately released, one group at a time
    await send(client, *[{**r, "startsOn": "2026-02-01", "endsOn": "2026-02-28"} for r in rows])
    for no, groups in enumerate(([], ["ALL"], ["BIS"])):
        g = await client.post("/v1/releases", json={**o, "code": f"S{no}", "groups": groups, "startsOn": "2026-02-01", "endsOn": "2026-02-28"})
        print(g.status_code, groups, [(x["academyCode"], x["groupCode"], x["numerator"], x["symbol"]) for x in (await client.get(f"/v1/released-figures?limit=100&releaseId={g.json()['id']}")).json()["items"]])
    g = await client.post("/v1/releases", json={**o, "code": "Q1"}, headers={"Idempotency-Key": "k1"}); print(g.status_code)
    g = await client.post("/v1/releases", json={**o, "code": "Q1"}, headers={"Idempotency-Key": "k1"}); print("replay", g.status_code)
    m = (await client.get("/v1/metrics")).json()["items"][0]
    g = await client.post(f"/v1/metrics/{m['id']}/redefinition", json={"reason": "x", "unit": "points"}, headers={"If-Match": '"v1"'}); print(g.status_code, g.text[:200])
    for r in ([month(3, 97.0)],):
        await send(client, *r)
    g = await client.post("/v1/releases", json={**o, "code": "P1", "startsOn": "2026-03-01", "endsOn": "2026-03-31"})
    print(g.status_code, [(x["academyCode"], x["value"], x["symbol"]) for x in (await client.get(f"/v1/released-figures?limit=100&releaseId={g.json()['id']}")).json()["items"]])
    # withdrawn academy
    oak = await id_of(client, "academies", "OAK")
    w = await client.post(f"/v1/academies/{oak}/withdrawal", json={"reason": "left"}, headers={"If-Match": '"v1"'}); print("withdraw OAK", w.status_code, w.text[:150])
    g = await client.post("/v1/releases", json={**o, "code": "P2"}); print(g.status_code, g.text[:300])
    print((await client.get(f"/v1/metrics/{m['id']}/spread?on=2026-05-01")).text[:1500])
