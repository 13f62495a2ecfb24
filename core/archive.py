"""Files for download in one .zip file."""

import io
import zipfile
from collections.abc import Mapping


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
