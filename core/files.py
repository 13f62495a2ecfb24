"""Files that are replaced whole or not at all."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

# The folder is closed, somebody else's file lies in a sticky one, or it's a mount.
NOT_REPLACEABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
STANDARD_STREAMS = (1, 2)  # descriptors of standard output and standard error


def check_writable(file: Path) -> None:
    """Check that `replace_file` can write a file, and leave no trace.

    Raises
    ------
    OSError
        If it's a folder or read-only, or is new in a folder that can't be written.
    """
    status = _status(file)
    if status and stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if status and not os.access(file, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if not status:
        with tempfile.TemporaryFile(dir=_target(file).parent):
            pass


def replace_file(file: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it.

    An existing file keeps its owner and its permissions, and a symbolic link still
    points to it. A pipe, a device and the file that is standard output are written to
    directly, and so is a file that can't be replaced, such as a mounted one.

    Raises
    ------
    OSError
        If that fails. The existing file is then unchanged.
    """
    status = _status(file)
    stream = _standard_stream(status) if status else None
    if stream is not None:
        # Through its descriptor, so that later output follows it.
        with open(stream, "wb", closefd=False) as output:
            output.write(content)
    elif status and not stat.S_ISREG(status.st_mode):
        file.write_bytes(content)
    else:
        target = _target(file)
        try:
            _replace(target, content, status)
        except OSError as error:
            if not status or error.errno not in NOT_REPLACEABLE:
                raise
            target.write_bytes(content)


def _replace(target: Path, content: bytes, status: os.stat_result | None) -> None:
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as output:
            if status:
                with contextlib.suppress(PermissionError):
                    os.chown(draft, status.st_uid, status.st_gid)
                shutil.copymode(target, draft)
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)  # no draft is left after a success


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _target(file: Path) -> Path:
    """Return the file that a symbolic link points to, even if there is none yet."""
    return Path(os.path.realpath(file))


def _standard_stream(status: os.stat_result) -> int | None:
    """Return the descriptor of standard output or error if it is this file."""
    for descriptor in STANDARD_STREAMS:
        with contextlib.suppress(OSError):  # it is closed
            if os.path.samestat(status, os.fstat(descriptor)):
                return descriptor
    return None
