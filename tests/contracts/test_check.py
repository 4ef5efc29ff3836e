"""The checks of the whole tree find what they are for, and none of them keeps another from running."""

import pytest

from contracts import check
from contracts.check import _ADDRESS, _PLACES, _REGISTRIES, Part


@pytest.mark.parametrize(
    "line", ["cd /" + "work/main", "path = '/" + "root/.cache'", 'open("/' + 'home/ann/x")', "(/" + "farm/disk)"]
)
def test_a_path_of_one_machine_is_found(line: str) -> None:
    assert _PLACES.search(line)


@pytest.mark.parametrize(
    "line", ["GET /v1/root/x", "example.org/work/x", "./work/x", "/workshops/x", "app/root/x", "/srv/x"]
)
def test_an_address_is_no_path_of_a_machine(line: str) -> None:
    assert not _PLACES.search(line)


@pytest.mark.parametrize(
    "line", ["https://pypi" + ".org/simple", "files.pythonhosted" + ".org", "registry.npmjs" + ".org"]
)
def test_a_host_that_packages_come_from_is_found(line: str) -> None:
    assert _REGISTRIES.search(line)


@pytest.mark.parametrize(
    "line", ["--index-url x", "--extra-index-url x", "--find-links x", "a @ https://x/a.whl", "# via http://x"]
)
def test_an_address_in_a_lock_is_found(line: str) -> None:
    assert _ADDRESS.search(line)


def test_a_lock_that_names_packages_has_no_address() -> None:
    assert not _ADDRESS.search("httptools==0.9.0 ; sys_platform != 'win32' --hash=sha256:00")


def test_every_part_runs_whatever_became_of_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: bool) -> str | None:  # noqa: FBT001  every part is called alike
        raise RuntimeError("no")

    parts = (Part("one", broken), Part("two", lambda _: "It is stale."), Part("three", lambda _: None))
    monkeypatch.setattr(check, "PARTS", parts)
    monkeypatch.setattr("sys.argv", ["check"])

    code = check.main()

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert [line.split()[:2] for line in lines] == [
        ["failed", "one"], ["RuntimeError:", "no"], ["failed", "two"], ["It", "is"], ["ok", "three"], ["2", "of"],
    ]  # fmt: skip
