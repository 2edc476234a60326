"""Zip files, read in memory and never extracted.

A zip is hostile until shown otherwise. Before the library parses it, its list of files is looked
at (grader/intake/directory.py); declared sizes are summed; names are refused rather than repaired
(grader/intake/names.py); and each file is read through a counter, because declared sizes lie.
Files that nothing needs (data, caches) are never decompressed at all.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections import Counter
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from grader.errors import BadSubmission
from grader.intake.directory import MAKE_A_ZIP, MAX_ENTRIES, TIDY, check_directory
from grader.intake.listing import Entry, Listing, Unreadable, megabytes
from grader.intake.names import checked_path, entry_names
from grader.untrusted import shown

_UNPACKED_FACTOR = 10
_CHUNK = 65_536
_ENCRYPTED_FLAG = 0x1

_CODE = (".py", ".ipynb")
_USUAL = {ZIP_STORED, ZIP_DEFLATED}
# APPNOTE 4.4.5
_METHODS = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    12: "bzip2",
    14: "LZMA",
    93: "Zstandard",
    95: "xz",
    98: "PPMd",
    99: "AES encryption",
}

# What the library raises for a damaged zip; an offset of 2^63 and above is an OverflowError.
_DAMAGED = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    struct.error,
)


def list_zip(data: bytes, name: str, upload_mb: int) -> Listing:
    """The files in a zip.

    Args:
        data: the whole zip.
        name: what to call it in messages.
        upload_mb: the assignment's limit; what the zip unpacks to may be ten times that.

    Raises:
        BadSubmission: not a zip, damaged, encrypted, empty, a bomb, or an entry's name or kind
            is refused.
    """
    archive = _opened(data, name)
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise BadSubmission(f"{name} has {len(infos)} entries, more than {MAX_ENTRIES}", TIDY)
    named = [
        (path, info)
        for path, info in zip(entry_names(infos), infos, strict=True)
        if not _is_root(path)
    ]
    checked = [(checked_path(path), info) for path, info in named]
    for path, info in checked:
        _refuse_special(path, info)
    # By the name as it is read: info.is_dir() does not know a folder that ends in a backslash.
    files = [item for item, (raw, _) in zip(checked, named, strict=True) if not raw.endswith("/")]
    if not files:
        raise BadSubmission(f"{name} is an empty zip: there is no file in it", MAKE_A_ZIP)
    _refuse_encrypted(files, name)
    _refuse_rare_compression(files, name)
    _refuse_bomb(files, name, upload_mb * 1_000_000 * _UNPACKED_FACTOR)
    entries, notes = _without_repeats(archive, files)
    return Listing(entries=tuple(entries), notes=tuple(notes))


def _is_root(path: str) -> bool:
    return path in {"./", "."}


def _opened(data: bytes, name: str) -> ZipFile:
    if not data:
        raise BadSubmission(f"{name} is empty (0 bytes)", "upload it again")
    check_directory(data, name)
    try:
        return ZipFile(io.BytesIO(data))
    except (*_DAMAGED, NotImplementedError) as error:
        raise BadSubmission(
            f"{name} is a damaged zip: {shown(error, 120)}", "make the zip again and upload it"
        ) from error


def _refuse_special(path: str, info: ZipInfo) -> None:
    mode = info.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        raise BadSubmission(
            f"the zip was refused: its entry {shown(repr(path), 120)} is a symbolic link",
            hint="put the file itself into the zip",
        )
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise BadSubmission(
            f"the zip was refused: its entry {shown(repr(path), 120)} is not an ordinary file",
            hint="hand in only ordinary files",
        )


def _refuse_encrypted(files: list[tuple[str, ZipInfo]], name: str) -> None:
    locked = next((path for path, info in files if info.flag_bits & _ENCRYPTED_FLAG), None)
    if locked is not None:
        raise BadSubmission(
            f"{name} is encrypted: {shown(repr(locked), 120)} needs a password",
            hint="make the zip again without a password",
        )


def _refuse_rare_compression(files: list[tuple[str, ZipInfo]], name: str) -> None:
    """Only when it hides all the code: what can be read is marked, the rest is named in a note."""
    code = [info for path, info in files if path.lower().endswith(_CODE)]
    if code and all(info.compress_type not in _USUAL for info in code):
        method = code[0].compress_type
        raise BadSubmission(
            f"the code in {name} is compressed with {_METHODS.get(method, f'method {method}')},"
            " which is not read",
            hint="make the zip again with the usual compression (Deflate)",
        )


def _refuse_bomb(files: list[tuple[str, ZipInfo]], name: str, limit: int) -> None:
    unpacked = sum(info.file_size for _, info in files)
    if unpacked > limit:
        raise BadSubmission(
            f"{name} would unpack to {megabytes(unpacked)}; at most {megabytes(limit)} are allowed",
            TIDY,
        )


def _without_repeats(
    archive: ZipFile, files: list[tuple[str, ZipInfo]]
) -> tuple[list[Entry], list[str]]:
    """One entry a path. Equal copies are harmless; different ones leave open which to mark."""
    counts = Counter(path for path, _ in files)
    entries: dict[str, tuple[Entry, ZipInfo]] = {}
    notes = []
    for path, info in files:
        if path not in entries:
            entries[path] = _entry(archive, path, info), info
            continue
        first = entries[path][1]
        if (first.CRC, first.file_size) != (info.CRC, info.file_size):
            raise BadSubmission(
                f"the zip was refused: it holds {counts[path]} different files"
                f" called {shown(repr(path), 120)}",
                hint="make the zip again from the homework's folder",
            )
        notes.append(f"{shown(path, 120)} is in the zip {counts[path]} times; the copies are equal")
    return [entry for entry, _ in entries.values()], list(dict.fromkeys(notes))


def _entry(archive: ZipFile, path: str, info: ZipInfo) -> Entry:
    return Entry(path, info.file_size, lambda limit: _fetch(archive, info, limit))


def _fetch(archive: ZipFile, info: ZipInfo, limit: int) -> bytes:
    if info.file_size > limit:
        raise Unreadable(f"it has {megabytes(info.file_size)}, more than {megabytes(limit)}")
    if info.compress_type not in _USUAL:
        raise Unreadable(
            "it is compressed in a rare way; make the zip again with the usual compression"
        )
    parts: list[bytes] = []
    total = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limit:
                    raise Unreadable(f"it is longer than it claims, more than {megabytes(limit)}")
                parts.append(chunk)
    except _DAMAGED as error:
        raise Unreadable("it is damaged in the zip; make the zip again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Unreadable(
            "it cannot be unpacked; make the zip again with the usual settings"
        ) from error
    if total != info.file_size:
        raise Unreadable("it is cut off in the zip; make the zip again")
    return b"".join(parts)
