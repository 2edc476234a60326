"""What students start from: the homework's files, with everything in them still to be written.

The built-in homework's template is written by hand (student_template/). For an assignment that an
instructor composed from the catalogue the files are composed, too: of the solution's stubs, which
are read as text and never run.
"""

from __future__ import annotations

import ast
import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from grader.assignment import Assignment, ReportCheck
from grader.errors import BadAssignment
from grader.oracle import Oracle
from grader.shipped import shipped

_README = """\
# {title}

You write the functions in {files}, with NumPy.

| file | what you write |
| --- | --- |
{table}

## Start here

1. Open {first}. Each docstring says what goes in, what comes out, and in which shape.
2. Write one function and run `grade check` in this folder. It says what is right, and explains
   the first mistake. It takes about a second and can be run as often as you like.
3. Zip the folder and hand it in.

A function you have not written raises `NotImplementedError`; leave that in until you write it. What
is missing costs only its own points.

The inputs that decide your marks are others than those of `grade check`. Code that is right for the
public ones for the right reasons is right for them too. Do not change arrays that were passed to
you.

In an editor, the test button does the same as `grade check`: `test_homework.py` shows one test a
check (it needs `pip install pytest`).
"""

_CONVENTIONS: Final = "CONVENTIONS"
"""The name of the table in a file of stubs that is no function for students."""


@dataclass(frozen=True)
class _Stub:
    """A function, class or constant as students get it."""

    source: str
    about: str
    """The docstring of the file that it stands in."""
    imports: tuple[tuple[str, frozenset[str]], ...]
    """That file's import statements, each with the names that it binds."""
    wordings: Mapping[str, Mapping[str, Mapping[str, str]]]
    """That file's table ``CONVENTIONS``: convention -> value -> usual words -> words for it."""

    def meant(self, conventions: Mapping[str, str]) -> str:
        """The source, its docstring in the words of an assignment's conventions.

        A student who does what it says must be right by what the assignment asks for.
        """
        source = self.source
        for convention, value in conventions.items():
            for usual, words in self.wordings.get(convention, {}).get(value, {}).items():
                source = source.replace(usual, words)
        return source


def starting_files(
    rules: Assignment, oracle: Oracle | None, called: str | None = None
) -> dict[str, bytes]:
    """The files of the template: path -> content.

    Args:
        rules: the assignment.
        oracle: has the stubs; None in a student kit, whose template is made already.
        called: the assignment's name or file, as seen from the homework's folder; None for the
            one that `grade check` takes without being told.

    Raises:
        BadAssignment: ``files`` of the assignment names what no stub is there for.
    """
    files = _usual_files(rules, oracle)
    if called is not None:
        files["README.md"] = files["README.md"].replace(
            b"grade check", b"grade check --assignment " + shlex.quote(called).encode()
        )
        files["test_homework.py"] = files["test_homework.py"].replace(
            b"OPTIONS = []", f"OPTIONS = {['--assignment', called]!r}".encode()
        )
    return files


def _usual_files(rules: Assignment, oracle: Oracle | None) -> dict[str, bytes]:
    by_hand = _read(shipped("student_template"))
    if oracle is None or _holds_all(by_hand, rules):
        return by_hand
    stubs = _stubs([*oracle.stubs(), *_sources(by_hand)])
    files = {
        path: _composed(path, names, rules, stubs).encode() for path, names in rules.files.items()
    }
    files["README.md"] = _readme(rules).encode()
    files["test_homework.py"] = by_hand["test_homework.py"]
    if any(isinstance(check, ReportCheck) for check in rules.checks()):
        files["report.md"] = by_hand["report.md"]
    return files


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay files out in a folder, which is made if it does not exist.

    Raises:
        OSError: it cannot be written.
    """
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _read(folder: Path) -> dict[str, bytes]:
    """The folder's files, without what Python and editors leave behind."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    }


def _holds_all(files: Mapping[str, bytes], rules: Assignment) -> bool:
    """Whether every function is there, in the file where the assignment wants it."""
    return all(
        path in files and set(names) <= {name for name, _ in _definitions(files[path].decode())}
        for path, names in rules.files.items()
    )


def _sources(files: Mapping[str, bytes]) -> Iterator[str]:
    for path, content in files.items():
        if path.endswith(".py") and path != "test_homework.py":
            yield content.decode()


def _stubs(texts: Iterable[str]) -> dict[str, _Stub]:
    found: dict[str, _Stub] = {}
    for text in texts:
        tree = ast.parse(text)
        imports = tuple(_imports(tree))
        wordings = _wordings(text)
        for name, node in _definitions(text):
            if name == _CONVENTIONS:
                continue
            source = "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
            # The first counts: the solution's own stubs come before the homework's template.
            found.setdefault(name, _Stub(source, ast.get_docstring(tree) or "", imports, wordings))
    return found


def _wordings(text: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    for name, node in _definitions(text):
        if name == _CONVENTIONS and isinstance(node, ast.Assign):
            table: Mapping[str, Mapping[str, Mapping[str, str]]] = ast.literal_eval(node.value)
            return table
    return {}


def _definitions(text: str) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node


def _imports(tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            yield ast.unparse(node), frozenset(bound)


def _composed(
    path: str, names: Iterable[str], rules: Assignment, stubs: Mapping[str, _Stub]
) -> str:
    theirs = {called: name for name, called in rules.names.items()}
    wanted = dict.fromkeys(theirs.get(name, name).partition(".")[0] for name in names)
    unknown = [name for name in wanted if name not in stubs]
    if unknown:
        close = difflib.get_close_matches(unknown[0], stubs, n=1)
        raise BadAssignment(
            f"files: {path}: there is no function {unknown[0]!r} to start from",
            hint=f"did you mean {close[0]!r}?"
            if close
            else "`grade catalogue` lists what there is",
        )
    chosen = [stubs[name] for name in wanted]
    abouts = dict.fromkeys(stub.about for stub in chosen if stub.about)
    about = "\n\n".join(abouts) or PurePosixPath(path).stem
    body = "\n\n\n".join(stub.meant(rules.conventions) for stub in chosen)
    imports = dict.fromkeys(
        line
        for stub in chosen
        for line, bound in stub.imports
        if line == "import numpy as np" or any(re.search(rf"\b{b}\b", body) for b in bound)
    )
    head = "\n".join(imports) or "import numpy as np"
    end = "\n" if "\n" in about else ""
    return _renamed(f'"""{about}{end}"""\n\n{head}\n\n\n{body}\n', rules.names)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with the students' names, in docstrings and messages, too."""
    plain = {name: called for name, called in names.items() if "." not in name + called}
    plain |= {  # a method's, where its class defines it
        f"def {name.split('.')[1]}": f"def {called.split('.')[1]}"
        for name, called in names.items()
        if "." in name and "." in called
    }
    if not plain:
        return text
    pattern = "|".join(map(re.escape, sorted(plain, key=len, reverse=True)))
    return re.sub(rf"\b(?:{pattern})\b", lambda found: plain[found[0]], text)


def _readme(rules: Assignment) -> str:
    rows = [
        f"| `{path}` | {', '.join(f'`{name}`' for name in names)} |"
        for path, names in rules.files.items()
    ]
    number = f"{len(rows)} files" if len(rows) > 1 else "one file"
    first = f"`{next(iter(rules.files))}`" if rules.files else "a file"
    return _README.format(title=rules.title, files=number, table="\n".join(rows), first=first)
