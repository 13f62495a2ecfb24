"""Named arrays as bytes, for checkpoints, snapshots, data and results; .zip files."""

import io
import zipfile
from collections.abc import Mapping

import numpy as np

from core.task import State


def pack(arrays: Mapping[str, np.ndarray], compress: bool = False) -> bytes:
    """Write arrays as one .npz file in memory, without pickle."""
    buffer = io.BytesIO()
    write = np.savez_compressed if compress else np.savez
    write(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> State:
    """Decode the bytes of `pack`; a ValueError if they are no complete .npz file."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return dict(archive)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError) as error:
        raise ValueError(f"Expected a whole .npz file, got {error}.") from error


def with_prefix(arrays: Mapping[str, np.ndarray], prefix: str) -> State:
    """Return the arrays whose names begin with a prefix, by the rest of their names."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def zip_files(files: Mapping[str, bytes | str]) -> bytes:
    """Write files by name as one .zip; the same files give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            # Weights hardly compress. A ZipInfo without a date is always the same.
            weights = name.endswith(".keras")
            kind = zipfile.ZIP_STORED if weights else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return content.getvalue()
