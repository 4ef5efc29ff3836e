from hypothesis import given, settings, HealthCheck, Phase
from tests.packs.test_exporting import *
from tests.packs.test_exporting import elsewhere, origin
import pytest
from tests.packs.test_exporting import _trusts
collected = [n for n in dir() if n.startswith("test_")]
for n in collected: del globals()[n]
@settings(deadline=None, database=None, max_examples=6, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(pack=packs())
async def test_trip(origin, elsewhere, pack):
    try:
        pack.trust.code = f"any-{next(_trusts)}"
        await loaded(origin, pack)
        first = await exported(origin, pack.trust.code)
        again = await loaded(origin, reread(first.pack))
        await loaded(elsewhere, reread(first.pack))
        was, became = said(pack), said(first.pack)
        for one, values in was.items():
            for name in values:
                if one not in became or became[one].get(name, "?") != values[name]:
                    print("DIFF", values["noun"], name, values[name], became.get(one, {}).get(name, "gone"))
        print("EXTRA", [became[x]["noun"] for x in became.keys() - was.keys()], first.left_out, [str(c) for c in again.changes][:5])
        d = differences(*[await likeness(one, pack.trust.code) for one in (origin, elsewhere)])
        if d: print("LIKE", str(d)[:1500])
        a,b = files((await exported(elsewhere, pack.trust.code)).pack), files(first.pack)
        if a!=b: print("FILES", [(x,y) for n in b for x,y in zip(a.get(n,"").split("\n"), b[n].split("\n")) if x!=y][:6])
    except Exception as e:
        print("EXC", type(e), str(e)[:700])
