"""The few pages a person looks at: the front page, and what each kind of problem means."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from app.operations.content_security import CONTENT_SECURITY, policy_of
from app.operations.refusals import KINDS, Refused

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} - Milepost</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c;background:#fff}}
a{{color:#1d70b8}}code{{background:#f3f2f1;padding:.1rem .3rem}}dt{{font-weight:700;margin-top:1rem}}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


_HEADERS = {CONTENT_SECURITY: policy_of(_PAGE.format(title="", body=""))}
_STATIC = "/static-offline-docs"


def page_of(title: str, body: str) -> HTMLResponse:
    """A page in the house's dress."""
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), headers=_HEADERS)


@router.get("/", name="getFrontPage")
async def front() -> HTMLResponse:
    body = (
        "<p>The system of record for school improvement in multi-academy trusts.</p>"
        '<ul><li><a href="/docs">Try the API</a></li><li><a href="/openapi.json">OpenAPI document</a></li>'
        '<li><a href="/problems">What can go wrong, and what it means</a></li></ul>'
    )
    return HTMLResponse(_PAGE.format(title="Milepost", body=body), headers=_HEADERS)


@router.get("/docs", name="getDocs")
async def docs(request: Request) -> HTMLResponse:
    """Swagger UI, from here alone."""
    page = get_swagger_ui_html(
        openapi_url=request.app.openapi_url,
        title="Milepost: the API",
        swagger_js_url=f"{_STATIC}/swagger-ui-bundle.js",
        swagger_css_url=f"{_STATIC}/swagger-ui.css",
        swagger_favicon_url=f"{_STATIC}/favicon.png",
    )
    page.headers[CONTENT_SECURITY] = policy_of(bytes(page.body).decode())
    return page


@router.get("/problems", name="listProblems")
async def problems() -> HTMLResponse:
    rows = "".join(
        f'<dt><a href="/problems/{name}"><code>{name}</code></a> ({kind.status})</dt><dd>{escape(kind.meaning)}</dd>'
        for name, kind in KINDS.items()
    )
    return HTMLResponse(_PAGE.format(title="Problems", body=f"<dl>{rows}</dl>"), headers=_HEADERS)


@router.get("/problems/{name}", name="getProblem")
async def problem(name: str) -> HTMLResponse:
    """The page that a problem's `type` leads to."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refused("not-found", "There is no such kind of problem. See /problems for those there are.")
    body = f"<p>Status {kind.status}.</p><p>{escape(kind.meaning)}</p><p><a href='/problems'>All problems</a></p>"
    return HTMLResponse(_PAGE.format(title=escape(kind.title), body=body), headers=_HEADERS)
