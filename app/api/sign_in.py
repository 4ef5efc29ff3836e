"""Pages on which people sign in and out."""

from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.api.credentials import Caller, shown_by
from app.api.pages import page_of
from app.api.problems import answer_anything
from app.commands.memberships import Newcomer, propose_member, sign_out_member
from app.domain.errors import Conflict, Forbidden, Refusal
from app.domain.ids import trust_id, uuid7
from app.domain.memberships import MemberKind, MembershipStatus
from app.identity.code_flow import NotSignedIn, begin, finish
from app.identity.configuration import Provider
from app.identity.proposals import proposed_for
from app.identity.providers import Identity
from app.identity.sessions import SESSION, SIGNING_IN, Session, own_path
from app.identity.tokens import Verified
from app.operations.credentials import session_in
from app.operations.refusals import Refused
from app.queries.memberships import member_of

router = APIRouter(include_in_schema=False)
_CALLBACK: Final = "/sign-in/callback"
_UNCACHED: Final = {"Cache-Control": "no-store"}


@router.get("/sign-in", name="signIn")
async def sign_in(request: Request) -> Response:
    """On to the provider; where trusts have several, which trust is asked first."""
    try:
        return await _begun(request)
    except Refusal as refusal:
        return await _refused(request, refusal)


@router.get(_CALLBACK, name="finishSignIn")
async def callback(request: Request) -> Response:
    """Back from the provider. Whatever comes of it, this answer of the provider's is not looked at twice."""
    identity: Identity = request.app.state.identity
    try:
        response = await _finished(request, identity)
    except Refusal as refusal:
        response = await _refused(request, refusal)
    _drop(response, identity, identity.cookies.signing_in_name)
    return response


@router.post("/sign-out", name="signOut")
async def sign_out(request: Request, actor: Caller) -> Response:
    """Every session of this person is over, in this browser and in others: a copy of the cookie is worth nothing."""
    identity: Identity = request.app.state.identity
    session = session_in(request.app.state, shown_by(request))
    if session is None or shown_by(request).credential is not None:
        raise Refused("bad-request", "There is no session here to end: a key or a token is revoked where it was made.")
    async with request.app.state.database.begin(actor) as work:
        await sign_out_member(work, session.membership_id, version=None)
    response = Response(status_code=204, headers=_UNCACHED)
    _drop(response, identity, identity.cookies.session_name)
    return response


async def _begun(request: Request) -> Response:
    identity: Identity = request.app.state.identity
    offered = identity.signing_in(request.query_params.get("trust"))
    if not offered:
        raise Refused("not-found", "Nobody signs in on a page here: no identity provider is set up. Use an API key.")
    to = own_path(request.query_params.get("to", "/"))
    if len(offered) > 1 and "trust" not in request.query_params:
        return _choice([one.provider.trust for one in offered], to)
    now = request.app.state.database.clock()
    try:
        address, going = await begin(offered[0], redirect_uri=identity.public_url + _CALLBACK, to=to, now=now)
    except NotSignedIn as failed:
        raise Refused("unavailable", str(failed), headers={"Retry-After": "5"}) from None
    response = RedirectResponse(address, 303, headers=_UNCACHED)
    _set(response, identity, identity.cookies.signing_in_name, identity.cookies.write_signing_in(going), SIGNING_IN)
    return response


async def _finished(request: Request, identity: Identity) -> Response:
    now = request.app.state.database.clock()
    cookie = request.cookies.get(identity.cookies.signing_in_name, "")
    going = identity.cookies.read_signing_in(cookie, now=now) if identity.trusted else None
    trusted = None if going is None else identity.of_client(going.issuer, going.client_id)
    if going is None or trusted is None:
        raise Refused("bad-request", "This sign-in was not begun in this browser, or took too long. Begin at /sign-in.")
    try:
        verified = await finish(
            trusted, going, request.query_params, redirect_uri=identity.public_url + _CALLBACK, now=now
        )
    except NotSignedIn as failed:
        raise Refused("bad-request", str(failed)) from None
    return await _let_in(request, trusted.provider, verified, going.to)


async def _let_in(request: Request, provider: Provider, verified: Verified, to: str) -> Response:
    """A session for a member in force; a proposal for somebody new."""
    database, identity = request.app.state.database, request.app.state.identity
    trust = trust_id(provider.trust)
    membership = await member_of(database, trust, verified.issuer, verified.subject)
    if membership is None:
        await _propose(request, provider, verified)
    if membership is None or membership.status is MembershipStatus.PROPOSED:
        body = "<p>You have signed in. An administrator of your trust has now to confirm you: then sign in again.</p>"
        return _page("Nearly there", body)
    if membership.kind is not MemberKind.PERSON:
        raise Forbidden("This membership is an application's, and applications do not sign in on a page.")
    membership.actor("pages")
    session = Session.begun(trust, membership.id, at=database.clock())
    response = RedirectResponse(own_path(to), 303, headers=_UNCACHED)
    _set(response, identity, identity.cookies.session_name, identity.cookies.write(session), SESSION)
    return response


async def _propose(request: Request, provider: Provider, verified: Verified) -> None:
    proposed = proposed_for(verified, provider)
    newcomer = Newcomer(
        membership_id=uuid7(),
        issuer=verified.issuer,
        subject=verified.subject,
        label=verified.label,
        roles=proposed.roles,
        academy_codes=proposed.academy_codes,
    )
    try:
        async with request.app.state.database.begin(newcomer.actor(trust_id(provider.trust))) as work:
            await propose_member(work, newcomer)
    except Conflict:
        return  # they signed in twice at once, and the other one was first


def _choice(trusts: list[str], to: str) -> Response:
    links = "".join(
        f'<li><a href="/sign-in?trust={quote(trust, safe="")}&amp;to={quote(to, safe="")}">{escape(trust)}</a></li>'
        for trust in sorted(set(trusts))
    )
    return _page("Which trust are you of?", f"<ul>{links}</ul>")


async def _refused(request: Request, refusal: Refusal) -> Response:
    """A problem; whoever looks at it in a browser is shown its sentence on a page."""
    problem = await answer_anything(request, refusal)
    if "text/html" not in request.headers.get("accept", ""):
        return problem
    again = '<p><a href="/sign-in">Sign in</a></p>'
    page = _page("You are not signed in", f"<p>{escape(refusal.sentence)}</p>{again}")
    page.status_code = problem.status_code
    if "retry-after" in problem.headers:
        page.headers["Retry-After"] = problem.headers["retry-after"]
    return page


def _page(title: str, body: str) -> Response:
    response = page_of(title, body)
    response.headers.update(_UNCACHED)
    return response


def _set(response: Response, identity: Identity, name: str, value: str, lasts: timedelta) -> None:
    seconds = int(lasts.total_seconds())
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=identity.cookies.secure, httponly=True, samesite="lax"
    )


def _drop(response: Response, identity: Identity, name: str) -> None:
    response.delete_cookie(name, path="/", secure=identity.cookies.secure, httponly=True, samesite="lax")
