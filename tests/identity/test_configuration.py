"""The file of identity providers: what it may say, and in which sentence it is refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.config import Settings
from app.identity.configuration import Misconfigured, is_safe, read_providers
from app.identity.providers import identity_of

GOOD = 'trust = "kestrel"\nissuer = "https://login.example.org"\naudience = "api://milepost"\n'
ENTRA = GOOD.replace("login.example.org", "login.microsoftonline.com/0000/v2.0")
OTHER = GOOD.replace("login.", "other.")
PROBLEMS = {
    "": "provider: Field required",
    "[[provider]]\n" + GOOD + 'algorithms = ["RS256", "none"]': "none is refused",
    "[[provider]]\n" + GOOD + 'algorithms = ["HS256"]': "HS256 is refused",
    "[[provider]]\n" + GOOD + "algorithms = []": "at least 1 item",
    "[[provider]]\n" + GOOD.replace("https", "http"): "must be an https address",
    "[[provider]]\n" + GOOD + 'jwks_uri = "file:///etc/passwd"': "must be an https address",
    "[[provider]]\n" + GOOD + 'jwks_uri = "https://user@example.org/keys"': "must be an https address",
    "[[provider]]\n" + GOOD + "leeway_seconds = 61": "less than or equal to 60",
    "[[provider]]\n" + GOOD + "longest_hours = 25": "less than or equal to 24",
    "[[provider]]\n" + GOOD + 'tenant = "x"': "tenant_claim and tenant come together",
    "[[provider]]\n" + GOOD + 'subject_claim = "email"': "Input should be 'sub' or 'oid'",
    "[[provider]]\n" + GOOD + 'secret = "x"': "Extra inputs are not permitted",
    "[[provider]]\n" + ENTRA: "of Entra ID, give",
    "[[provider]]\n" + ENTRA.replace("0000", "common"): "names any tenant",
    "[[provider]]\n" + GOOD + "[[provider]]\n" + GOOD.replace("kestrel", "merlin"): "belongs to one trust",
    "[[provider]]\n" + ENTRA.replace(".com/0000", ".us/0000"): "of Entra ID, give",
    "[[provider]]\n"
    + ENTRA.replace("login.microsoftonline.com", "login.partner.microsoftonline.cn"): "of Entra ID, give",
    "[[provider]]\n" + GOOD.replace("example.org", "example.org/Organizations/v2.0"): "names any tenant",
    "[[provider]]\n"
    + GOOD
    + 'client_id = "a"\n[[provider]]\n'
    + OTHER
    + 'client_id = "b"': "kestrel has two client_ids",
    "[[provider]]\n"
    + GOOD
    + "[[provider]]\n"
    + GOOD.replace("kestrel", "merlin").replace("api://", "api://x")
    + 'client_id = "api://milepost"': "of kestrel is the client_id of merlin",
    "[[provider]]\n" + GOOD + 'client_secret_env = "MILEPOST_NOT_SET"': "MILEPOST_NOT_SET, which is not set",
    "[[provider]]\n" + GOOD + 'client_secret_file = "/nowhere"': "/nowhere cannot be read",
    "[[provider]]\n" + GOOD + 'client_secret_env = "A"\nclient_secret = "b"': "give one of",
    "[[provider]": "is not TOML",
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_a_file_that_cannot_be_trusted_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "identity.toml"
    path.write_text(text)

    with pytest.raises(Misconfigured) as refused:
        read_providers(path)

    assert PROBLEMS[text] in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_secret_that_is_no_text_is_told_apart_from_a_file_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    path = tmp_path / "identity.toml"
    path.write_text(f'[[provider]]\n{GOOD}client_id = "pages"\nclient_secret_file = "{tmp_path}/secret"\n')

    with pytest.raises(Misconfigured) as refused:
        read_providers(path)

    assert str(refused.value) == f"{path}: client_secret_file, {tmp_path}/secret, holds no text."


def test_one_trust_may_have_two_providers_of_tokens_and_an_audience_may_be_its_own_client(tmp_path: Path) -> None:
    path = tmp_path / "identity.toml"
    path.write_text(f'[[provider]]\n{GOOD}client_id = "api://milepost"\n[[provider]]\n{OTHER}')

    assert [one.client_id for one in read_providers(path)] == ["api://milepost", None]


@pytest.mark.parametrize(
    ("given", "spelt"),
    [
        ("https://Milepost.Example.org:443", "https://milepost.example.org"),
        ("HTTPS://milepost.example.org/Path", "https://milepost.example.org/Path"),
        ("https://milepost.example.org:8443/", "https://milepost.example.org:8443/"),
        ("http://[::1]:80", "http://[::1]"),
        ("", ""),
    ],
)
def test_the_address_people_come_back_to_is_spelt_as_browsers_spell_origins(given: str, spelt: str) -> None:
    assert Settings(public_url=given).public_url == spelt


def test_a_good_file_is_read_and_its_secret_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    path = tmp_path / "identity.toml"
    path.write_text(f'[[provider]]\n{GOOD}client_id = "pages"\nclient_secret_file = "{tmp_path}/secret"\n')

    [provider] = read_providers(path)

    assert (provider.trust, [str(one) for one in provider.algorithms]) == ("kestrel", ["RS256", "ES256", "EdDSA"])
    assert provider.secret == "hush"  # noqa: S105  it opens nothing
    assert "hush" not in repr(provider)


def test_http_on_this_machine_is_for_tests() -> None:
    addresses = [
        "http://127.0.0.1:1",
        "http://localhost",
        "http://[::1]",
        "http://example.org",
        "http://127.0.0.1.example.org",
    ]

    assert [is_safe(address, loopback=True) for address in addresses] == [True, True, True, False, False]
    assert not any(is_safe(address, loopback=False) for address in addresses)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"identity": Path("identity.toml")}, "say where people reach the service"),
        ({"public_url": "http://milepost.example.org"}, "give an https address"),
        ({"public_url": "https://milepost.example.org/?a=b"}, "give an https address"),
    ],
)
def test_people_come_back_to_an_address_that_is_set(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings.model_validate(given)


def test_the_settings_lead_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "identity.toml"
    path.write_text("[[provider]]\n" + GOOD.replace("https://login.example.org", "http://127.0.0.1:1"))
    given = {"identity": path, "public_url": "http://127.0.0.1:8000/", "identity_loopback": True}

    identity = identity_of(Settings.model_validate(given), secret=b"x")

    assert [one.provider.trust for one in identity.trusted] == ["kestrel"]
    assert (identity.public_url, identity.cookies.secure) == ("http://127.0.0.1:8000", False)
    assert [identity.is_own(origin) for origin in ("http://127.0.0.1:8000", "http://127.0.0.1", "")] == [
        True,
        False,
        False,
    ]
    assert identity_of(Settings(), secret=b"x").trusted == ()
