"""Looks for known vulnerabilities in what is installed: `make audit`.

pip-audit asks the package index for the advisories of each package that
`requirements.txt` pins. Without a network, or from an index that keeps none, the table
below is all there is: it says so, and never fails for that alone.
"""

import importlib.metadata
import importlib.util
import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

log = logging.getLogger("audit")

REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
SECONDS = 90


@dataclass(frozen=True)
class Advisory:
    """A published vulnerability, and the first release that is free of it."""

    package: str
    fixed: str
    name: str
    what: str


# From the public CVE records up to the middle of 2025, as remembered and not looked up:
# later ones are not in it. Of the packages that are pinned, and of those that come with
# them and meet what people send.
KNOWN = (
    Advisory("streamlit", "1.37.0", "CVE-2024-42474", "paths out of static serving"),
    Advisory("tensorflow", "2.12.0", "CVE-2023-25668", "read beyond a buffer"),
    Advisory("keras", "3.9.0", "CVE-2025-1550", "code run by loading a .keras file"),
    Advisory("keras", "3.11.3", "CVE-2025-9905", "code run by loading an .h5 file"),
    Advisory("distributed", "2021.10.0", "CVE-2021-42343", "workers open to all"),
    Advisory("pyarrow", "14.0.1", "CVE-2023-47248", "code run by reading a file"),
    Advisory("protobuf", "6.31.1", "CVE-2025-4565", "endless recursion"),
    Advisory("pillow", "10.3.0", "CVE-2024-28219", "write beyond a buffer"),
    Advisory("requests", "2.32.4", "CVE-2024-47081", "passwords told to others"),
    Advisory("urllib3", "2.5.0", "CVE-2025-50181", "redirects that were forbidden"),
    Advisory("jinja2", "3.1.6", "CVE-2025-27516", "a way out of the sandbox"),
    Advisory("tornado", "6.5.0", "CVE-2025-47287", "a flood of log lines by a form"),
    Advisory("starlette", "0.47.2", "CVE-2025-54121", "a large form stops the server"),
    Advisory("h11", "0.16.0", "CVE-2025-43859", "smuggled requests"),
    Advisory("python-multipart", "0.0.18", "CVE-2024-53981", "a form stops the server"),
    Advisory("certifi", "2024.7.4", "CVE-2024-39689", "a root that is not trusted"),
    Advisory("idna", "3.7", "CVE-2024-3651", "a name that takes very long"),
)


def known(versions: dict[str, str]) -> list[str]:
    """Return what the table says against some installed versions, a line each."""
    return [
        f"{one.package} {versions[one.package]}: {one.name}, {one.what}. Install "
        f"{one.fixed} or newer."
        for one in KNOWN
        if one.package in versions
        and Version(versions[one.package]) < Version(one.fixed)
    ]


def findings_of(report: dict) -> tuple[list[str], list[str]]:
    """Return what pip-audit found, a line each, and of what it knows nothing."""
    found, unknown = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
        for one in package.get("vulns", ()):
            newer = ", ".join(one["fix_versions"]) or "none yet"
            which = f"{package['name']} {package['version']}"
            found.append(f"{which}: {one['id']}. Fixed in: {newer}.")
    return found, unknown


def ask(requirements: Path = REQUIREMENTS) -> dict | None:
    """Return pip-audit's report, or None where it cannot be had."""
    if importlib.util.find_spec("pip_audit") is None:
        return None
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off"]
    options = ["--no-deps", "--disable-pip", "--format", "json", "--timeout", "10"]
    try:
        done = subprocess.run(
            [*command, *options, "--requirement", requirements],
            capture_output=True,
            timeout=SECONDS,
        )
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # no report: no network
        return None


def installed() -> dict[str, str]:
    """Return the version of every installed package by its name."""
    return {
        one.name.casefold().replace("_", "-"): one.version
        for one in importlib.metadata.distributions()
    }


def main() -> int:
    """Audit; return the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    versions = installed()
    found = known(versions)
    report = ask()
    more, unknown = findings_of(report) if report else ([], ["every package"])
    if unknown:
        log.info("No advisories to be had of: %s.", ", ".join(unknown))
    for line in (*found, *more):
        log.error(line)
    places = sum(one.package in versions for one in KNOWN)
    log.info("%d of our own table looked up, %d found.", places, len(found))
    return 1 if found or more else 0


if __name__ == "__main__":
    sys.exit(main())
