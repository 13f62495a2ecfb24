"""Machines made of network namespaces, which run what compose.yaml says."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psutil

from core.runs.settings import PROJECT
from tests import postgres
from tests.hosts.compose import image_environment, services

HERE = Path(__file__).parent
PROGRAMS = ("ip", "nginx", "openssl", "setpriv", "taskset")
# A container's own /srv, with the folders that are mounted into it; then the command,
# again whenever it ends, as `restart: always` has it.
CONTAINER = """
mount -t tmpfs tmpfs /srv
mkdir /srv/home /srv/unrolled
mount --bind . /srv/unrolled
while [ "$1" != -- ]; do
  case $2 in
    */) mkdir -p "$1" "$2" ;;
    *) touch "$2" ;;
  esac
  mount --bind "$1" "$2"
  shift 2
done
shift
cd /srv/unrolled
if [ "$AGAIN" = no ]; then exec "$@"; fi
while :; do "$@" || true; sleep 1; done
"""


def unable():
    """Why there can be no such machines here, or None."""
    if os.geteuid() != 0:
        return "machines made of network namespaces need root"
    if missing := [name for name in PROGRAMS if not shutil.which(name)]:
        return f"not installed: {', '.join(missing)}; `make test` does so on Debian"
    name = f"try{secrets.token_hex(3)}"
    try:
        ip("netns", "add", name)
        ip("netns", "delete", name)
        ip("link", "add", name, "type", "bridge")
        ip("link", "delete", name)
        subprocess.run(["unshare", "--mount", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespaces here: {error}"
    return None


def ip(*words):
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Network:
    """A bridge that this process and all hosts are plugged into."""

    def __init__(self):
        self.name = f"ur{secrets.token_hex(4)}"
        taken = ip("-4", "addr").stdout
        self.prefix = next(
            prefix
            for _ in range(100)
            if (prefix := f"10.203.{secrets.randbelow(256)}") not in taken
        )
        ip("link", "add", self.name, "type", "bridge")
        ip("addr", "add", f"{self.prefix}.254/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        self.hosts = []

    def host(self, core=None):
        host = Host(self, len(self.hosts) + 1, core)
        self.hosts.append(host)
        return host

    def close(self):
        for host in self.hosts:
            host.close()
        ip("link", "delete", self.name)


class Host:
    """A machine of its own: address, files, processes; on one core, if given one."""

    def __init__(self, network, number, core):
        self.name, self.core = f"{network.name}n{number}", core
        self.address = f"{network.prefix}.{number}"
        self.port = f"{network.name}p{number}"
        self.folder = Path(tempfile.mkdtemp())
        self.folder.chmod(0o755)  # PostgreSQL runs as another user
        self.values = {}
        self.processes = {}
        ip("netns", "add", self.name)
        inside = ("peer", "name", "eth0", "netns", self.name)
        ip("link", "add", self.port, "type", "veth", *inside)
        ip("link", "set", self.port, "master", network.name, "up")
        inner = ("-netns", self.name)
        ip(*inner, "addr", "add", f"{self.address}/24", "dev", "eth0")
        ip(*inner, "link", "set", "eth0", "up")
        ip(*inner, "link", "set", "lo", "up")

    def up(self, profile):
        """docker compose --profile PROFILE up -d."""
        for service in services(self.values).values():
            if service.profile == profile:
                self.start(service.name)

    def start(self, name):
        """Start one service, and again whenever it ends."""
        service = services(self.values)[name]
        self.processes[name] = self._popen(service, service.command, again=True)

    def run(self, name, *command):
        """docker compose run NAME COMMAND...: return what it printed and its status.

        `-e NAME=VALUE` may come before the name.
        """
        own = {}
        while name == "-e":
            variable, name, *command = command
            own |= [variable.split("=", 1)]
        service = services(self.values)[name]
        environment = {**service.environment, **own}
        return self._output(replace(service, environment=environment), command)

    def is_healthy(self, name):
        """Whether the health check of a service succeeds."""
        service = services(self.values)[name]
        return (
            self._output(replace(service, entrypoint=[]), service.healthcheck)[1] == 0
        )

    def _output(self, service, command):
        process = self._popen(service, command, stdout=subprocess.PIPE)
        printed, _ = process.communicate(timeout=60)
        return printed.decode(), process.returncode

    def stop(self, name):
        """Kill a service, at once and for good."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name):
        """What a service has printed so far."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def link(self, state):
        """Pull the plug ("down"), or put it in again ("up")."""
        ip("link", "set", self.port, state)

    def pids(self):
        return [int(pid) for pid in ip("netns", "pids", self.name).stdout.split()]

    def kill(self):
        """Kill all processes of this machine at once, as a power cut would."""
        while pids := self.pids():
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for process in self.processes.values():
                process.poll()
            psutil.wait_procs([p for pid in pids for p in _alive(pid)], timeout=5)
        for process in self.processes.values():
            process.wait()
        self.processes = {}

    def close(self):
        self.kill()
        ip("netns", "delete", self.name)  # its cable goes with it
        shutil.rmtree(self.folder)

    def _popen(self, service, command, *, again=False, **options):
        log = (self.folder / f"{service.name}.log").open("ab")
        pinned = [] if self.core is None else ["taskset", "--cpu-list", str(self.core)]
        inside = [*pinned, "ip", "netns", "exec", self.name]
        inside += ["sh", "-ec", CONTAINER, "sh"]
        folders = [word for pair in service.volumes for word in self._mounted(*pair)]
        with log:
            return subprocess.Popen(
                [*inside, *folders, "--", *service.entrypoint, *command],
                cwd=PROJECT,
                env=self._environment(service, again),
                stdin=subprocess.DEVNULL,
                **{"stdout": log, "stderr": log, "start_new_session": True, **options},
            )

    def _mounted(self, source, target):
        if (PROJECT / source).is_file():
            return str(PROJECT / source), target
        return str(self.folder / source), f"{target}/"

    def _environment(self, service, again):
        programs = [Path(sys.executable).parent, HERE / "programs", postgres.programs()]
        return {
            "PATH": ":".join([*map(str, programs), os.environ["PATH"], "/usr/sbin"]),
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "AGAIN": "yes" if again else "no",
            **image_environment(),
            **service.environment,
        }


class Installation:
    """A main machine and some others that only train, as docs/scaling.md has it."""

    def __init__(self, workers, cores=None):
        self.network = Network()
        self.main = self.network.host()
        self.workers = [
            self.network.host(core=cores and cores[i]) for i in range(workers)
        ]
        self.certificates = Path(tempfile.mkdtemp())
        self.shared = Path(tempfile.mkdtemp())
        mine = f"{self.network.prefix}.254"
        everywhere = {
            "MAIN": self.main.address,
            "DATABASE_PASSWORD": secrets.token_hex(16),
            "COOKIE_SECRET": secrets.token_hex(16),
            "UNROLLED_ADMIN_TOKEN": secrets.token_hex(16),
            "SHARED": str(self.shared),
        }
        names = [host.address for host in self.network.hosts]
        script = ["sh", "ops/certificates.sh", self.certificates, *names, mine]
        subprocess.run(script, cwd=PROJECT, check=True)
        for host in self.network.hosts:
            host.values = {**everywhere, "HOST": host.address}
            shutil.copytree(
                self.certificates / host.address, host.folder / "certificates"
            )
        self.mine = self.certificates / mine
        self.url = f"https://{self.main.address}"

    def up(self):
        self.main.up("main")
        for host in self.workers:
            host.up("worker")

    def environment(self):
        """What a process beside the containers needs to be one more client."""
        there = services(self.main.values)["web-a"].environment
        here = {
            "/srv/certificates": str(self.mine),
            "/srv/shared": str(self.shared),
            "/srv/home": str(self.certificates / "home"),
        }
        for inside, outside in here.items():
            there = {k: v.replace(inside, outside) for k, v in there.items()}
        return there

    def close(self):
        self.network.close()
        for folder in (self.certificates, self.shared):
            shutil.rmtree(folder)


def _alive(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        return [psutil.Process(pid)]
    return []
