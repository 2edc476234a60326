"""Facts of the submission's sources, learnt in a process that has not yet run student code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from grader.assignment import Assignment
from grader.intake.workspace import Workspace
from grader.sandbox import BrokenProtocol, Channel, Deadline, Ended, ForkServer, ProcessLimits
from grader.untrusted import shown
from grader.worker.older import instead_of
from grader.worker.wire import Value


@dataclass(frozen=True)
class FunctionFact:
    """A function defined at the top level of a file."""

    name: str
    line: int
    stub: bool
    """Its body is nothing but a docstring, pass, ... or NotImplementedError."""
    skeleton: bool = False
    """It is as a course hands it out: there is a pass, and nothing is computed."""


@dataclass(frozen=True)
class ImportFact:
    """One import statement, anywhere in a file."""

    module: str
    """With leading dots when it is relative."""
    line: int
    verdict: str
    """own, allowed, inert, forbidden or missing (see grader/worker/rules.py)."""
    guarded: bool
    """Stands in a ``try`` that catches its failure."""


@dataclass(frozen=True)
class LiteralFact:
    """How much data stands in a file as literals."""

    numbers: int = 0
    """Numbers in lists, tuples, sets and dicts, all together."""
    largest: int = 0
    """Numbers in the largest of them."""
    largest_line: int | None = None
    longest_text: int = 0
    """Characters (or bytes) of the longest literal text."""
    longest_text_line: int | None = None


@dataclass(frozen=True)
class SourceProblem:
    """Why a file has no syntax tree."""

    message: str
    line: int | None = None
    text: str | None = None
    python2: bool = False


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file."""

    path: str
    functions: tuple[FunctionFact, ...] = ()
    methods: tuple[FunctionFact, ...] = ()
    """Those of classes at the top level: "TwoLayerNet.loss"."""
    classes: tuple[tuple[str, int], ...] = ()
    definitions: frozenset[str] = frozenset()
    """The names of all functions, however deeply nested."""
    names: Mapping[str, int] = field(default_factory=dict)
    """Names bound at the top level, and their lines."""
    star: bool = False
    """Whether a star import may bind more."""
    imports: tuple[ImportFact, ...] = ()
    literals: LiteralFact = LiteralFact()
    old: tuple[tuple[str, int], ...] = ()
    """Names of older versions that it uses (see grader/worker/older.py), and the first line."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Top-level names bound to a literal, with its value."""
    problem: SourceProblem | None = None

    def function(self, name: str) -> FunctionFact | None:
        """The last top-level function or method of this name: the one that counts."""
        known = self.methods if "." in name else self.functions
        return next((f for f in reversed(known) if f.name == name), None)

    def left_as_it_was(self, name: str) -> bool:
        """Whether a function, or every method of a class, is still as it was handed out."""
        function = self.function(name)
        found = [function] if function else [m for m in self.methods if _is_of(m, name)]
        return bool(found) and all(each.stub or each.skeleton for each in found)


def _is_of(method: FunctionFact, name: str) -> bool:
    owner, _, member = method.name.partition(".")
    return owner == name and not member.startswith("__")


@dataclass(frozen=True)
class Inspection:
    """What is known of all files."""

    files: tuple[FileFacts, ...]

    def file(self, path: str) -> FileFacts | None:
        """The facts of one file."""
        return next((f for f in self.files if f.path == path), None)

    def candidates(self, name: str, expected: str | None, beside: Iterable[str] = ()) -> list[str]:
        """The files that may define a name, the likeliest first.

        That are files that bind the name, those before in which it is written and not as it was
        handed out. Among these the expected file comes first; then the others, those before in
        which more of its neighbours are written (a forward pass and its backward pass share a
        cache), or that define the function or at least have the expected file's name; then files
        with a star import, which may bind it.

        Args:
            name: of a function or class.
            expected: the file that it is expected in.
            beside: what else is expected there.
        """
        neighbours = frozenset(beside)

        def order(facts: FileFacts) -> tuple[bool, bool, bool, int, bool, bool]:
            return (
                name not in facts.names,
                facts.left_as_it_was(name),
                facts.path != expected,
                -sum(not facts.left_as_it_was(each) for each in neighbours & facts.names.keys()),
                facts.function(name) is None,
                PurePosixPath(facts.path).name != PurePosixPath(expected or "").name,
            )

        able = [f for f in self.files if name in f.names or f.star]
        return [f.path for f in sorted(able, key=order)]

    def definition(self, path: str, name: str) -> tuple[str, FunctionFact] | None:
        """Where the function is defined that a file binds to a name.

        That is the file itself, or, when it imports the name, the first file that defines it.
        """
        here = self.file(path)
        for facts in (*((here,) if here else ()), *self.files):
            function = facts.function(name)
            if function is not None:
                return facts.path, function
        return None


_CRASHED: Final = "Python's parser cannot cope with this file"
_UNREAD: Final = "it was not read, because Python's parser took too long over other files"
_PATIENCE: Final = 4
"""How often the time for one import is spent on finding the files that spoil the process."""


def import_rules(assignment: Assignment) -> dict[str, Value]:
    """The assignment's import rules as the worker takes them."""
    rule = assignment.imports
    return {
        "allow": [*rule.allow],
        "inert": [*rule.inert],
        "frameworks": [*rule.frameworks],
        "provided": {**rule.provided},
        "provided_to": None if rule.provided_to is None else [*rule.provided_to],
    }


def inspect_sources(
    server: ForkServer,
    workspace: Workspace,
    assignment: Assignment,
    adopt: Callable[[Channel], None] = Channel.close,
) -> Inspection:
    """Inspect every source file of the submission.

    A file that crashes or stalls Python's parser becomes a FileFacts with a problem; the others
    are not harmed.

    Args:
        server: where processes come from.
        workspace: the submission.
        assignment: limits and import rules.
        adopt: given the process that has read all sources and run none of them, to load them in;
            a process costs more than anything else that is done for a small submission.

    Raises:
        GraderFailure: no process can be started.
    """
    paths = [source.path for source in workspace.sources]
    answer, _ = _ask(server, workspace, assignment, paths, adopt)
    if answer is not None:
        return Inspection(tuple(_file_facts(path, answer.get(path)) for path in paths))
    # One file spoils the process: find out which, but not for hours when hundreds do.
    left = _PATIENCE * assignment.limits.import_cpu_seconds
    files = []
    for path in paths:
        if left <= 0:
            files.append(FileFacts(path, problem=SourceProblem(_UNREAD)))
            continue
        answer, used = _ask(server, workspace, assignment, [path])
        left -= used
        files.append(_file_facts(path, (answer or {}).get(path)))
    return Inspection(tuple(files))


def _ask(
    server: ForkServer,
    workspace: Workspace,
    assignment: Assignment,
    paths: list[str],
    adopt: Callable[[Channel], None] = Channel.close,
) -> tuple[dict[str, Value] | None, float]:
    """The worker's answer, None when the process was lost, and the CPU seconds it took."""
    if not paths:
        return {}, 0.0
    channel = server.fork(ProcessLimits.of(assignment.limits))
    use: Callable[[Channel], None] = Channel.close
    try:
        answer = channel.request(
            {
                "op": "inspect",
                "paths": paths,
                "sources": {source.path: source.text for source in workspace.sources},
                "rules": import_rules(assignment),
            },
            Deadline.of_cpu(
                assignment.limits.import_cpu_seconds, assignment.limits.waiting_seconds
            ),
        )
        if not isinstance(answer, dict) or "failed" in answer:
            return None, channel.cpu_seconds
        use = adopt
    except (Ended, BrokenProtocol):
        return None, channel.cpu_seconds
    else:
        return answer, channel.cpu_seconds
    finally:
        use(channel)


def _file_facts(path: str, answer: Any) -> FileFacts:
    if answer is None:
        return FileFacts(path, problem=SourceProblem(_CRASHED))
    try:
        return _facts(path, answer)
    # The process runs no student code, but a source may have taken its parser over.
    except (AttributeError, KeyError, TypeError, ValueError):
        return FileFacts(path, problem=SourceProblem(_CRASHED))


def _facts(path: str, answer: Any) -> FileFacts:
    if "error" in answer:
        error = answer["error"]
        message = _CRASHED if error["kind"] == "too deep" else shown(error["message"])
        text = shown(error["text"], 120) or None
        return FileFacts(
            path, problem=SourceProblem(message, error["line"], text, error["python2"])
        )
    literals = answer["literals"]
    return FileFacts(
        path=path,
        functions=tuple(FunctionFact(**f) for f in answer["functions"]),
        methods=tuple(FunctionFact(**m) for c in answer["classes"] for m in c["methods"]),
        classes=tuple((c["name"], c["line"]) for c in answer["classes"]),
        definitions=frozenset(answer["definitions"]),
        names=answer["names"],
        star=bool(answer["star"]),
        imports=tuple(_imports(answer["imports"])),
        old=tuple((name, line) for name, line in answer["old"] if instead_of(name)),
        literals=LiteralFact(
            literals["numbers"],
            literals["largest"],
            literals["largest_line"] or None,
            literals["longest_text"],
            literals["longest_text_line"] or None,
        ),
        constants=answer["constants"],
    )


def _imports(answer: list[dict[str, Any]]) -> Iterator[ImportFact]:
    for fact in answer:
        yield ImportFact(shown(fact["module"], 100), fact["line"], fact["verdict"], fact["guarded"])
