"""What of the file system student code may read.

The interpreter, the shared libraries, NumPy and the frameworks the assignment allows, and the
worker's own code; not the harness, the reference, other packages, or anybody's home.

A view is made at every start, so it looks only where interpreters and libraries are kept. Where
this process runs on a library that none of these places holds, the view follows it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.sandbox import installed

_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
)  # fmt: skip
_LINKER: Final = ("/etc/ld.so.cache", "/etc/alternatives")
_PACKAGE_FOLDERS: Final = ("site-packages", "dist-packages")
_MOST_LINKS: Final = 40
"""More in one path are a loop, as to the kernel."""


@dataclass(frozen=True)
class View:
    """What is readable inside. Every path exists; all but ``links`` are real paths."""

    executable: Path
    """The interpreter to start: the base interpreter itself, not a virtual environment's link."""
    roots: tuple[Path, ...]
    """Folders and files that are readable, except for what is hidden."""
    hidden: tuple[Path, ...]
    """Folders below roots that are not readable."""
    packages: tuple[Path, ...]
    """Folders and files that are readable wherever they lie."""
    links: tuple[Path, ...]
    """Symbolic links on the way to the others: to be made anew where a view is put together."""

    def landlock_paths(self) -> list[Path]:
        """The files and folders to allow where allowing is all one can do, each once.

        A root with something hidden below it is replaced by what it holds, and so on down. Of
        such a folder's own files those are left out that neither an interpreter nor a linker
        looks for there: a folder of libraries can hold thousands.
        """
        hidden = frozenset(self.hidden)
        above = {parent for folder in hidden for parent in folder.parents}
        found: dict[Path, None] = {}
        for root in self.roots:
            found |= dict.fromkeys(_cut(root, hidden, above))
        found |= dict.fromkeys(self.packages)
        return _outermost(found)


def interpreter_view(frameworks: Collection[str] = ()) -> View:
    """What this interpreter needs, NumPy, and the frameworks with all they require.

    Args:
        frameworks: importable names beside NumPy; those that are not installed are left out.
    """
    executable = _executable()
    named = [executable, *_standard_library(), *_library_folders()]
    named += [path for path in map(Path, _LINKER) if path.exists()]
    roots = _outermost(path.resolve() for path in named)
    libraries = list(_listed_for_the_linker(roots))
    packages = [path for given in installed.packages(frameworks) for path in _linked(given)]
    own = [p for p in installed.own_folders() if p not in roots and _below(p, roots)]
    hidden = _outermost([*_python_folders(roots), *own])
    known = _outermost([*roots, *(path.resolve() for path in [*packages, *libraries])])
    libraries += _loaded_elsewhere(known)
    return View(
        executable=executable,
        roots=tuple(roots),
        hidden=tuple(hidden),
        packages=tuple(dict.fromkeys(path.resolve() for path in [*packages, *libraries])),
        links=tuple(_links([*named, *packages, *libraries], roots, hidden)),
    )


def _executable() -> Path:
    base = Path(getattr(sys, "_base_executable", None) or sys.executable)
    return (base if base.is_file() else Path(sys.executable)).resolve()


def _standard_library() -> list[Path]:
    """The folders of the standard library, and the zip that may hold it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(os.__file__).parent]
    for prefix in dict.fromkeys((sys.base_prefix, sys.base_exec_prefix)):
        # Compiled modules may lie apart from the rest.
        found.append(Path(prefix, sys.platlibdir, version + sys.abiflags, "lib-dynload"))
        found.append(Path(prefix, sys.platlibdir, f"{version.replace('.', '')}.zip"))
    return [path for path in found if path.exists()]


def _library_folders() -> list[Path]:
    """Folders of libraries; where Debian's layout is used, only their parts with libraries."""
    found: list[Path] = []
    prefixes = {sys.base_prefix: "lib", sys.base_exec_prefix: sys.platlibdir}
    for folder in [*(Path(*item) for item in prefixes.items()), *map(Path, _SYSTEM)]:
        architecture = folder / (getattr(sys.implementation, "_multiarch", "") or "none")
        if (architecture / "libc.so.6").exists():
            found += [architecture, folder / "locale", *_shared_libraries(folder)]
        else:
            found.append(folder)
    return [path for path in found if path.exists()]


def _listed_for_the_linker(roots: Collection[Path]) -> Iterator[Path]:
    """Shared libraries where LD_LIBRARY_PATH says; whatever else is there is not for us."""
    for name in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep):
        folder = Path(name)
        if folder.is_absolute() and folder.is_dir() and not _below(folder.resolve(), roots):
            yield from _shared_libraries(folder)


def _shared_libraries(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_library(entry.name) and entry.is_file():
                yield Path(entry.path)


def _is_library(name: str) -> bool:
    return name.endswith(".so") or ".so." in name


def _linked(package: Path) -> list[Path]:
    """A package, and the one its files are links to: installers can link file by file."""
    if not package.is_dir():
        return [package]
    with os.scandir(package) as entries:
        link = next((entry.path for entry in entries if entry.is_symlink()), None)
    real = Path(link).resolve().parent if link is not None else package
    return [package, real] if real.name == package.name else [package]


def _loaded_elsewhere(known: Collection[Path]) -> list[Path]:
    """Shared libraries that this process runs on and that nothing known holds.

    An interpreter or a NumPy that somebody built finds its libraries by paths of its own. The
    linker asks for them by names that are links beside the file, so those come along.
    """
    elsewhere = [p for p in _mapped() if not _below(p, known) and not _among_packages(p)]
    stems = {(path.parent, _stem(path)) for path in elsewhere if path.exists()}
    return [
        path
        for folder in dict.fromkeys(folder for folder, _ in sorted(stems))
        for path in _shared_libraries(folder)
        if (folder, _stem(path)) in stems
    ]


def _stem(library: Path) -> str:
    return library.name.partition(".so")[0]


def _mapped() -> list[Path]:
    """The libraries in this process's memory, if the system tells: not extension modules."""
    try:
        lines = Path("/proc/self/maps").read_bytes().splitlines()
    except OSError:
        return []
    # Address, rights, offset, device, inode, and the file if there is one.
    named = [fields[5] for fields in (line.split(None, 5) for line in lines) if len(fields) > 5]
    paths = [Path(os.fsdecode(name)) for name in sorted(set(named)) if name.startswith(b"/")]
    return [path for path in paths if path.name.startswith("lib") and _is_library(path.name)]


def _among_packages(path: Path) -> bool:
    return any(part in _PACKAGE_FOLDERS for part in path.parts)


def _python_folders(roots: Iterable[Path]) -> Iterator[Path]:
    """What to hide of the roots: packages of this interpreter, and other interpreters."""
    standard = {path.resolve() for path in _standard_library()}
    standard |= {path.parent for path in standard if path.name == "lib-dynload"}
    for root in (path for path in roots if path.is_dir()):
        for folder in (root, *_children(root, ("python", "pypy"))):
            if folder in standard or folder == root:
                yield from _children(folder, _PACKAGE_FOLDERS)
            else:
                yield folder


def _children(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(names) and entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _cut(path: Path, hidden: Collection[Path], above: Collection[Path]) -> Iterator[Path]:
    """A path without what is hidden below it."""
    if path in hidden:
        return
    if path not in above:
        yield path
        return
    # As the interpreter itself recognizes its standard library.
    whole = (path / "os.py").is_file()
    with os.scandir(path) as entries:
        children = [
            Path(entry.path)
            for entry in entries
            # What a link leads to is no part of the view for being linked to.
            if not entry.is_symlink() and (whole or entry.is_dir() or _is_library(entry.name))
        ]
    for child in children:
        yield from _cut(child, hidden, above)


def _links(paths: Iterable[Path], roots: Collection[Path], hidden: Collection[Path]) -> list[Path]:
    """The links on the way to the paths, but for those that are seen with a root."""
    found = dict.fromkeys(link for path in paths for link in _on_the_way(path))
    return [link for link in found if not _below(link, roots) or _below(link, hidden)]


def _on_the_way(path: Path) -> Iterator[Path]:
    """The links that a path goes through; each lies in a real folder."""
    for _ in range(_MOST_LINKS):
        link = next((p for p in (*reversed(path.parents), path) if p.is_symlink()), None)
        if link is None:
            return
        yield link
        path = Path(os.path.normpath(link.parent / link.readlink())) / path.relative_to(link)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that lie below no other, each once, sorted."""
    found: list[Path] = []
    last = "\0"
    # With a slash at the end of each, all that lies below a folder comes right after it.
    for name, path in sorted((f"{path}/", path) for path in set(paths)):
        if not name.startswith(last):
            found.append(path)
            last = name
    return found


def _below(path: Path, folders: Iterable[Path]) -> bool:
    return f"{path}/".startswith(tuple(f"{folder}/" for folder in folders))
