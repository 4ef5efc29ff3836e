import asyncpg, time
from app.db.selection import one, record
from app.queries.summaries import PLAN_SUMMARIES
from app.queries.reading import _who, Moment
from app.domain.actor import Role
from datetime import datetime,UTC
async def test_try(shared):
    sql=one(record(PLAN_SUMMARIES)); print(len(sql))
    actor=shared.actor("kestrel")
    async with shared.database.reader(actor) as r:
        p=await r.value("select id from plan")
        args=(*_who(actor,Moment(datetime.now(UTC))),p)
        for i in range(12):
            t0=time.perf_counter(); await r.row(sql,*args); print(i,(time.perf_counter()-t0)*1000)
        rows=await r._connection.fetch("explain (analyze, timing on) "+sql,*args)
        print("\n".join(x[0] for x in rows)[-60000:])
