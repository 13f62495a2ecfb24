"""What the tests of downloaded models share."""

import io
import os
import subprocess
import sys
import zipfile


def unpack_into(folder, archive):
    """Unpack an archive into a folder; return the names of its files."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
        return set(files.namelist())


def run_alone(folder, script, *args):
    """Run a script in its folder, where this project cannot be imported.

    Returns what it printed.
    """
    alone = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, script, *args],
        cwd=folder,
        env={**alone, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
