"""One source of truth for the environment: pyproject.toml's ranges, the two locks, and
environment.yml.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-lab.txt", "requirements-docs.txt")

# In two pieces each, so that this file names no host.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "anaconda" + ".org")


def entries(lock):
    """The entries of a lock, each on one line, without comments."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def requirement(entry):
    return Requirement(entry.split(" --hash=")[0].strip())


def pins(lock):
    """Canonical name to version; a package that is pinned twice fails."""
    found = {}
    for entry in entries(lock):
        pinned = requirement(entry)
        (specifier,) = pinned.specifier
        assert specifier.operator == "==", f"{lock}: {pinned} is not pinned with =="
        name = canonicalize_name(pinned.name)
        assert name not in found, (
            f"{lock}: {name} has two versions; every Python must get the same one"
        )
        found[name] = specifier.version
    return found


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def ranges(*extras):
    table = project()
    said = table["project"]["dependencies"] + table["dependency-groups"]["build"]
    for extra in extras:
        said = said + table["project"]["optional-dependencies"][extra]
    return [Requirement(text) for text in said]


def conda():
    """Names and versions of environment.yml, conda's own and those under pip."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (by_pip,) = [item["pip"] for item in listed if isinstance(item, dict)]
    named = [
        item
        for item in listed
        if isinstance(item, str) and item != "pip" and not item.startswith("python>")
    ]
    found = {}
    for item in named + [item for item in by_pip if item != "-e ."]:
        name, _, version = item.partition("==")
        assert version, f"environment.yml: {item} is not pinned with =="
        found[canonicalize_name(name)] = version
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_has_hashes_and_names_no_place(lock):
    assert len(entries(lock)) > 50
    for entry in entries(lock):
        assert re.search(r" --hash=sha256:[0-9a-f]{64}(\s|$)", entry), (
            f"{lock}: no hash in {entry!r}"
        )
        assert not entry.startswith("-") and " @ " not in entry and "://" not in entry, (
            f"{lock}: {entry!r}"
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_no_torch(lock):
    assert not {"torch", "torchvision", "tensorflow", "jax"} & set(pins(lock))


def test_what_trains_has_hashes_and_torch_for_cpus_and_only_adds():
    name = "requirements-train.txt"
    for entry in entries(name):
        assert re.fullmatch(r"[\w.+-]+==[\w.+]+( +--hash=sha256:[0-9a-f]{64})+", entry), entry
    pinned, default = pins(name), pins(LOCKS[0])
    assert pinned["torch"].endswith("+cpu") and not set(pinned) & set(default)
    for wanted in (
        Requirement(text) for text in project()["project"]["optional-dependencies"]["train"]
    ):
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


def test_lab_agrees_with_the_default_lock():
    default, lab = (pins(lock) for lock in LOCKS[:2])
    assert {name: lab.get(name) for name in default} == default
    assert "jupyterlab" in lab and "jupyterlab" not in default


@pytest.mark.parametrize(
    "lock, extras",
    [
        (LOCKS[0], ["test", "exports"]),
        (LOCKS[1], ["test", "exports", "lab"]),
        (LOCKS[2], ["test", "exports", "docs"]),
    ],
)
def test_ranges_admit_the_pins(lock, extras):
    pinned = pins(lock)
    for wanted in ranges(*extras):
        version = pinned.get(canonicalize_name(wanted.name))
        assert version, f"{lock}: {wanted.name} is missing; run `make lock`"
        assert wanted.specifier.contains(version, prereleases=True), (
            f"{lock}: {version} is outside {wanted}"
        )


def test_build_backend_is_the_pinned_one():
    assert project()["build-system"]["requires"] == project()["dependency-groups"]["build"]


def test_conda_lists_what_the_project_asks_for_at_the_pinned_versions():
    pinned = pins("requirements-lab.txt")
    expected = {canonicalize_name(wanted.name) for wanted in ranges("test", "exports", "lab")}
    assert conda() == {name: pinned[name] for name in expected}


def test_pins_are_what_runs():
    if sys.prefix != str(ROOT / ".venv"):
        pytest.skip("not the environment that `make setup` builds")
    from importlib.metadata import version

    pinned = pins("requirements.txt")
    names = {canonicalize_name(wanted.name) for wanted in ranges("test", "exports")}
    assert {name: version(name) for name in names} == {name: pinned[name] for name in names}


def test_no_file_names_an_index_host():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    pattern = re.compile("|".join(map(re.escape, INDEX_HOSTS)).encode())
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert ROOT / "pyproject.toml" in files
    naming = [str(file) for file in files if file.is_file() and pattern.search(file.read_bytes())]
    assert not naming, f"name an index host, which users behind a mirror cannot reach: {naming}"
