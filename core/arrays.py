"""Named arrays as bytes, for checkpoints, snapshots, data and results; .zip files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.task import State, UserError


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


def write_models(file: Path, arrays: Mapping[str, np.ndarray], most: int) -> None:
    """Write built-in models; a UserError if they take more bytes than `most`."""
    packed = pack(arrays)
    if len(packed) > most:
        raise UserError(
            f"Expected models of at most {most:,} bytes, got {len(packed):,}. Make the "
            "networks smaller."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)


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
