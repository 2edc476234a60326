"""Writes the generated parts of README.md and docs/*.md: what commands print, and tables.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; the names are the
keys of ``BLOCKS``. Nobody types a transcript: each is what the commands print, run in an empty
home, without the published dataset, on the sample submissions. tests/docs fails when a part is not
what would be written now; times and what depends on a machine's last bits are left out of
account.

    python -m docs.generate
"""

from __future__ import annotations

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click

from docs.assignment_keys import keys_tables
from docs.catalogue_tables import catalogue_tables
from fixtures.bad_zips import BAD_ZIPS
from fixtures.redteam.table import SETTINGS, load_attacks, table_rows
from fixtures.samples import load_samples
from grader.assignment import Assignment, Limits
from grader.assignment_file import BUILT_IN, load_assignment
from grader.cli.group import COMMANDS, grade
from grader.errors import BadSubmission
from grader.intake import open_submission
from reference.bugs.registry import ALL_BUGS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
# The secret seed of the transcripts' instructor; any would do, but the same every time.
_SEED = "00" * 32


# ------------------------------------------------------------------------------- transcripts


class Session:
    """A shell session in a scratch folder, written down as a person would see it."""

    def __init__(self, scratch: Path) -> None:
        home = scratch / "home"
        home.mkdir()
        (home / "seed").write_text(f"{_SEED}\n")
        (home / "seed").chmod(0o600)
        self._folder = scratch / "work"
        self._folder.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GOLDGRAD_HOME": str(home),
            "XDG_CACHE_HOME": str(home),
            "COLUMNS": "80",
            "LOGNAME": "ana",
            "LANG": "C.UTF-8",
        }

    def put(self, sample: str, name: str, *, folder: bool = False) -> None:
        """Lay a sample submission ready, as a zip ``name`` or a folder."""
        files = load_samples()[sample]
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if folder:
            files.write_folder(target.parent).rename(target)
        else:
            files.write_zip(target.parent).rename(target)

    def copy(self, path: Path) -> None:
        """Lay a file or folder ready under its own name."""
        copied = shutil.copytree if path.is_dir() else shutil.copy
        copied(path, self._folder / path.name)

    def edit(self, name: str, changes: Mapping[str, str]) -> None:
        """Lay a copy of hw3's YAML ready, with some of its text replaced."""
        text = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (self._folder / name).write_text(text, encoding="utf-8")

    def run(self, command: str, *, stderr: bool = True) -> str:
        """What the session looks like after this command; ``cd`` is understood."""
        shown = f"$ {command}\n"
        words = shlex.split(command)
        if words[0] == "cd":
            self._folder /= words[1]
            return shown
        if words[0] == "ls":
            return shown + "".join(f"{p.name}\n" for p in sorted(self._folder.iterdir()))
        done = subprocess.run(  # noqa: S603 - our own command
            [*_GRADE, *words[1:]],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if stderr else subprocess.DEVNULL,
            text=True,
            check=False,
        )
        code = f"(exit code {done.returncode})\n" if done.returncode else ""
        return shown + done.stdout.rstrip("\n") + "\n" + code


def _session(tell: Callable[[Session], Iterable[str]]) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        return "```console\n" + "\n".join(tell(Session(Path(scratch)))) + "```\n"


def _assistant(session: Session) -> Iterable[str]:
    session.put("two_bugs", "s1042.zip")
    yield session.run("grade s1042.zip")


def _student_begins(session: Session) -> Iterable[str]:
    yield session.run("grade init homework")
    yield session.run("cd homework")
    yield session.run("grade check")


def _student_goes_on(session: Session) -> Iterable[str]:
    session.put("bug_no_batch_mean", "homework", folder=True)
    session.run("cd homework")
    yield session.run("grade check")


def _class(session: Session) -> Iterable[str]:
    for number, sample in enumerate(
        ("good", "two_bugs", "partly_done", "broken_syntax", "bug_pool_overlap", "bug_l2_factor")
    ):
        session.put(sample, f"submissions/s10{number + 40}.zip")
    yield session.run("grade batch submissions/ --out results/", stderr=False)
    reason = '--reason "the handout was wrong"'
    yield session.run(f"grade adjust results/ s1041 2 {reason}")
    yield session.run("grade history results/ s1041")


def _instructor(session: Session) -> Iterable[str]:
    yield session.run("grade golden --hidden -o hw3.hidden.npz")
    yield session.run("grade kit -o handout")


def _gradescope(session: Session) -> Iterable[str]:
    yield session.run("grade gradescope build")


def _doctor(session: Session) -> Iterable[str]:
    yield session.run("grade doctor")


def _unusable(session: Session) -> Iterable[str]:
    session.edit("assignment.yaml", {"memory_mb: 1024": "memory: 1024", "points: 20": "points: 21"})
    yield session.run("grade validate assignment.yaml")


def _not_proven(session: Session) -> Iterable[str]:
    session.edit("assignment.yaml", {"[l2]": "[l1]", "[0.90, 1.0]": "[0.90, 0.9]"})
    yield session.run("grade validate assignment.yaml", stderr=False)


def _proven(session: Session) -> Iterable[str]:
    session.copy(ROOT / "fixtures/assignments/pooling.yaml")
    yield session.run("grade validate pooling.yaml", stderr=False)


def _one_problem(session: Session) -> Iterable[str]:
    yield session.run("grade catalogue max_pool_forward")


def _composed(session: Session) -> Iterable[str]:
    session.copy(ROOT / "fixtures/assignments/windows.yaml")
    yield session.run("grade init handout --assignment windows.yaml")
    yield session.run("cd handout")
    yield session.run("grade check --assignment ../windows.yaml")


def _cs231n(session: Session) -> Iterable[str]:
    session.copy(ROOT / "fixtures/cs231n/year2016")
    yield session.run("grade ./year2016 --assignment cs231n")


def _similar(session: Session) -> Iterable[str]:
    for name, sample in {"s1040": "good", "s1041": "torch_net", "s1042": "notebook"}.items():
        session.put(sample, f"submissions/{name}.zip")
    yield session.run("grade similar submissions/ --least 80", stderr=False)


def _shapes(session: Session) -> Iterable[str]:
    yield session.run("grade shapes")
    yield session.run("grade shapes vgg16")


def _not_a_submission(session: Session) -> Iterable[str]:
    session.put("good", "notes.pdf")
    yield session.run("grade notes.pdf")


# ------------------------------------------------------------------------------------- tables


def _help(arguments: str) -> str:
    return _session(lambda session: [session.run(f"grade {arguments}".rstrip())])


def _all_help() -> str:
    parts = [f"## grade\n\n{_help('--help')}"]
    parts += [f"## grade {name}\n\n{_help(f'{name} --help')}" for name in _commands()]
    return "\n" + "\n".join(parts)


def _commands() -> Iterable[str]:
    """The names of all commands; of one with commands of its own, those after it."""
    for name in COMMANDS:
        yield name
        command = grade.get_command(click.Context(grade), name)
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)


def _points_table() -> str:
    rules = load_assignment("hw3")
    rows = [[part.title, f"{part.points:g}", len(part.checks)] for part in rules.parts]
    total = ["**Total**", f"**{rules.points:g}**", sum(1 for _ in rules.checks())]
    return _markdown([*rows, total], ["part", "points", "checks"])


def _checks_table() -> str:
    rules = load_assignment("hw3")
    return _markdown(
        [[f"`{check.id}`", check.title, f"{check.points:g}"] for check in rules.checks()],
        ["check", "what is right when it passes", "points"],
    )


def _functions_table() -> str:
    rules: Assignment = load_assignment("hw3")
    rows = [
        [f"`{file}`", ", ".join(f"`{name}`" for name in names)]
        for file, names in rules.files.items()
    ]
    return _markdown(rows, ["file", "what is marked in it"])


def _bugs_table() -> str:
    families = dict.fromkeys(bug.id.partition("/")[0] for bug in ALL_BUGS)
    parts = []
    for family in families:
        notes = [bug.note for bug in ALL_BUGS if bug.id.startswith(f"{family}/")]
        rows = [[f"`{note.id}`", _cell(note.message), _cell(note.help)] for note in notes]
        title = family.replace("_", " ")
        parts.append(
            f"## {title[0].upper()}{title[1:]}: {len(notes)}\n\n"
            + _markdown(rows, ["bug", "what is said", "help"])
        )
    return "\n" + "\n".join(parts)


def _bad_zips_table() -> str:
    good = load_samples()["good"]
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, make in BAD_ZIPS.items():
            file = Path(scratch) / "s1042.zip"
            file.write_bytes(make(good))
            try:
                notes = open_submission(file, Limits()).notes
                answer = "; ".join(["marked", *notes])
            except BadSubmission as problem:
                answer = f"0 points: {problem}"
            rows.append([name.replace("_", " "), inspect.getdoc(make), _cell(answer)])
    return _markdown(rows, ["a zip that is", "what it is", "what happens"])


def _redteam_table() -> str:
    attacks = load_attacks()
    claim = (
        f"{len(attacks)} attacks, each behind {len(SETTINGS)} walls. What the suite asserts of "
        "all: 0 points forged, 0 secret values given away, 0 processes left."
    )
    parts = [f"{claim}\n"]
    for group in dict.fromkeys(attack.group for attack in attacks):
        members = [attack for attack in attacks if attack.group == group]
        rows = [[name, *map(_cell, cells)] for name, *cells in table_rows(members)]
        parts.append(
            f"### {group.capitalize()}: {len(members)}\n\n"
            + _markdown(rows, ["attack", "what it tries", *(f"`{s}`" for s in SETTINGS)])
        )
    return "\n" + "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def _markdown(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    # Not padded to columns: a longer entry then changes its own line only.
    table = [headers, ["---"] * len(headers), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in row)} |\n" for row in table)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "assistant": lambda: _session(_assistant),
    "student-begins": lambda: _session(_student_begins),
    "student-goes-on": lambda: _session(_student_goes_on),
    "class": lambda: _session(_class),
    "instructor": lambda: _session(_instructor),
    "gradescope": lambda: _session(_gradescope),
    "doctor": lambda: _session(_doctor),
    "similar": lambda: _session(_similar),
    "shapes": lambda: _session(_shapes),
    "unusable": lambda: _session(_unusable),
    "not-proven": lambda: _session(_not_proven),
    "proven": lambda: _session(_proven),
    "not-a-submission": lambda: _session(_not_a_submission),
    "all-help": _all_help,
    "points": _points_table,
    "checks": _checks_table,
    "functions": _functions_table,
    "bugs": _bugs_table,
    "assignment-keys": keys_tables,
    "catalogue": catalogue_tables,
    "catalogue-one": lambda: _session(_one_problem),
    "course-folder": lambda: _session(_cs231n),
    "composed": lambda: _session(_composed),
    "redteam": _redteam_table,
    "bad-zips": _bad_zips_table,
}
"""Name of a generated part -> what writes it."""


def blocks_in(text: str) -> list[tuple[str, str]]:
    """The generated parts of a document: (name, present text)."""
    return [(found["name"], found.group(0)) for found in _PART.finditer(text)]


def rewritten(text: str) -> str:
    """The document with every generated part as it would be written now.

    A part that differs only in what is left out of account stays as it is.

    Raises:
        KeyError: a part's name is not in ``BLOCKS``.
    """

    def part(found: re.Match[str]) -> str:
        now = found.group(1) + BLOCKS[found["name"]]() + found.group(3)
        return found.group(0) if comparable(now) == comparable(found.group(0)) else now

    return _PART.sub(part, text)


def comparable(text: str) -> str:
    """A part without what may differ from run to run or from machine to machine."""
    if text.startswith("<!-- generated: doctor -->"):
        text = _without_findings(text)
    text = re.sub(r"\d+(\.\d+)? (s|min)\b", "# s", text)
    text = re.sub(r"\d:\d\d:\d\d", "#", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d  \w+ ", "(when, who) ", text)
    text = re.sub(r"^Proven in \S+( s)?\.$", "Proven in #.", text, flags=re.MULTILINE)
    text = re.sub(r"[\d.]+ MB\)", "# MB)", text)
    text = re.sub(r"(accuracy|fresh task) [\d.]+( +\[[\d.]+, [\d.]+\])?", r"\1 #", text)
    text = re.sub(r"wall: (full|kernel|basic \([a-z, -]+\))", "wall: #", text)
    text = re.sub(r"SHA-256 [0-9a-f]{64}", "SHA-256 #", text)
    text = re.sub(r"NumPy [\d.]+ and \d+ other", "NumPy # and # other", text)
    text = re.sub(r"(got|want|error) -?[\d.e+-]+", r"\1 #", text)
    return re.sub(r"[ \t]+", " ", text)


def _without_findings(text: str) -> str:
    """A page of `grade doctor` without what it found: its headings, and the names of its lines."""
    text = re.sub(r"\n(In the way of|To mend)[^\n]*(\n  [^\n]*)*\n", "", text)
    text = re.sub(r"^ {3,}.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^  (?!\w+(?: \w+)?  ).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(  \w+(?: \w+)?)  .*$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^goldgrad .*$", "goldgrad #", text, flags=re.MULTILINE)
    return re.sub(r"^(`grade|Mend|Nothing|\(exit).*\n", "", text, flags=re.MULTILINE)


def main() -> None:
    """Rewrite all documents."""
    for document in DOCUMENTS:
        before = document.read_text(encoding="utf-8")
        after = rewritten(before)
        if after != before:
            document.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{document.relative_to(ROOT)} written\n")


if __name__ == "__main__":
    main()
