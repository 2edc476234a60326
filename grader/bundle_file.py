"""Golden bundles as files: a NumPy ``.npz`` without pickles, holding arrays and a JSON manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from grader.bundle import Array, Bundle
from grader.bundle_manifest import bundle_from_manifest, bundle_to_manifest
from grader.errors import BadBundle

FORMAT = 2
# What a damaged file can make zipfile, zlib, json and NumPy's reader raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    EOFError,
    RuntimeError,
    OverflowError,
    OSError,
    SyntaxError,
    AttributeError,
)


def bundle_to_bytes(bundle: Bundle) -> bytes:
    """The bundle as a file's content; equal bundles give equal bytes."""
    text, arrays = _serialised(bundle)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "manifest.json", text.encode())
        for name, array in arrays.items():
            entry = io.BytesIO()
            # Not ascontiguousarray, which makes a 0-d array (a loss) 1-d.
            contiguous = np.asarray(array, order="C")
            np.lib.format.write_array(entry, contiguous, allow_pickle=False)
            _add(archive, f"{name}.npy", entry.getvalue())
    return buffer.getvalue()


def bundle_from_bytes(content: bytes, source: str = "bundle") -> Bundle:
    """Read :func:`bundle_to_bytes`'s format.

    Raises:
        BadBundle: not such a file, or of another format version.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise BadBundle(
                    f"{source} has bundle format {manifest['format']}; this version of "
                    f"goldgrad reads format {FORMAT}",
                    hint="make it anew with `grade golden`",
                )
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(
                    io.BytesIO(archive.read(name)), allow_pickle=False
                )
                for name in archive.namelist()
                if name.endswith(".npy")
            }
        return bundle_from_manifest(manifest, arrays)
    except _DAMAGE as error:
        raise BadBundle(
            f"{source} is not a golden bundle ({type(error).__name__}: {error})",
            hint="make it anew with `grade golden`",
        ) from error


def read_bundle(path: Path) -> Bundle:
    """The bundle in a file.

    Raises:
        BadBundle: the file cannot be read or is no bundle.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadBundle(f"cannot read the bundle {path}: {error.strerror}") from error
    return bundle_from_bytes(content, source=path.name)


def bundle_sha256(bundle: Bundle) -> str:
    """Hash of the content (not of the file, whose compression may vary), for every Result."""
    text, arrays = _serialised(bundle)
    digest = hashlib.sha256(text.encode())
    for array in arrays.values():
        digest.update(f"{array.dtype.str} {array.shape}".encode())
        digest.update(np.asarray(array, order="C").tobytes())
    return digest.hexdigest()


def _serialised(bundle: Bundle) -> tuple[str, dict[str, Array]]:
    described, arrays = bundle_to_manifest(bundle)
    manifest = {"format": FORMAT, **described}
    return json.dumps(manifest, separators=(",", ":"), allow_nan=True), arrays


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    # A fixed date keeps equal bundles equal byte for byte.
    info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
