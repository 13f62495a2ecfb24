"""Files that are replaced whole or not at all."""

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from core.files import check_writable, replace_file

OLD, NEW = b"an older take", b"a new take"
# The signal arrives when the draft is written, and is about to be renamed.
KILLED = """
import os, sys
from core.cli import write_file

def kill(event, _):
    if event == "os.rename":
        os.kill(os.getpid(), int(sys.argv[2]))

sys.addaudithook(kill)
write_file("midi", sys.argv[1], b"a new take")
"""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "out.mid"
    file.write_bytes(OLD)
    return file


@pytest.mark.parametrize(
    ("number", "status", "drafts"),
    [
        (signal.SIGTERM, 128 + signal.SIGTERM, 0),
        (signal.SIGKILL, -signal.SIGKILL, 1),
    ],
)
def test_a_process_killed_while_it_writes_leaves_the_old_file(
    file, number, status, drafts
):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(file), str(int(number))], check=False
    )
    assert done.returncode == status
    assert file.read_bytes() == OLD
    assert len(list(file.parent.glob(".*.part"))) == drafts


def test_a_full_disk_leaves_the_old_file_and_no_draft(file):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace_file(file, bytes(100_001))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_permissions_and_its_owner(file, mode):
    file.chmod(mode)
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(file, owner, -1)
    replace_file(file, NEW)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.stat().st_uid == owner


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    usual, file = tmp_path / "usual", tmp_path / "out.mid"
    usual.write_bytes(NEW)
    replace_file(file, NEW)
    assert file.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("exists", [True, False])
def test_a_symbolic_link_keeps_pointing_to_its_file(tmp_path, exists):
    folder, link = tmp_path / "takes", tmp_path / "out.mid"
    folder.mkdir()
    file = folder / "1.mid"
    if exists:
        file.write_bytes(OLD)
    link.symlink_to("takes/1.mid")
    check_writable(link)
    replace_file(link, NEW)
    assert os.readlink(link) == "takes/1.mid"
    assert file.read_bytes() == NEW
    assert os.listdir(folder) == ["1.mid"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_writable(pipe)  # doesn't wait for a reader
    content = []
    reader = threading.Thread(target=lambda: content.append(pipe.read_bytes()))
    reader.start()
    replace_file(pipe, NEW)
    reader.join()
    assert content == [NEW]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device():
    check_writable(device := Path("/dev/null"))
    replace_file(device, NEW)
    assert stat.S_ISCHR(device.stat().st_mode)


WRITE_TO_STDOUT = """
from pathlib import Path
from core.files import check_writable, replace_file
check_writable(Path("/dev/stdout"))
replace_file(Path("/dev/stdout"), b"a new take")
print(", then the metrics")
"""


def test_standard_output_is_written_to_in_a_pipe_and_in_a_file(tmp_path):
    command = [sys.executable, "-c", WRITE_TO_STDOUT]
    whole = NEW + b", then the metrics\n"
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == whole
    log = tmp_path / "log"
    log.write_bytes(OLD)
    with log.open("ab") as output:
        subprocess.run(command, stdout=output, check=True)
    assert log.read_bytes() == OLD + whole


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("folder", IsADirectoryError),
        ("no-such-folder/out.mid", FileNotFoundError),
        ("file/out.mid", NotADirectoryError),
        ("link", FileNotFoundError),
        ("x" * 300, OSError),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_without_a_trace(
    tmp_path, place, error
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("no-such-folder/out.mid")
    with pytest.raises(error):
        check_writable(tmp_path / place)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "link"]
    assert not os.listdir(tmp_path / "folder")


# Root may write everywhere, so that it becomes somebody else first.
REFUSALS = """
import os, sys
from pathlib import Path
from core.files import check_writable, replace_file
if os.geteuid() == 0:
    os.setuid(65534)
for file in map(Path, sys.argv[1:]):
    try:
        check_writable(file)
    except PermissionError:
        print(file.name)
    else:
        replace_file(file, b"a new take")
"""


def test_a_file_or_folder_without_permission_to_write_is_refused():
    with tempfile.TemporaryDirectory() as name:  # pytest's are closed to others
        Path(name).chmod(0o777)
        folders = [Path(name, "open"), Path(name, "closed")]
        for folder, mode in zip(folders, (0o777, 0o555), strict=True):
            folder.mkdir()
            (folder / "old").write_bytes(OLD)
            (folder / "old").chmod(0o666)
            folder.chmod(mode)
        files = [Path(name, file) for file in ("read-only", "writable", "new")]
        for file, mode in zip(files, (0o444, 0o666), strict=False):
            file.write_bytes(OLD)
            file.chmod(mode)
        files += [folder / f"in-{folder.name}" for folder in folders]
        files += [folder / "old" for folder in folders]
        done = subprocess.run(
            [sys.executable, "-c", REFUSALS, *map(str, files)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        assert done.stdout.split() == ["read-only", "in-closed"]
        assert os.listdir(folders[1]) == ["old"]
        assert {(folder / "old").read_bytes() for folder in folders} == {NEW}
