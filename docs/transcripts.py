"""The documents' transcripts: for each, what lies ready and which commands are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from docs.session import Session

_ROOT = Path(__file__).resolve().parent.parent


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
    session.copy(_ROOT / "fixtures/assignments/pooling.yaml")
    yield session.run("grade validate pooling.yaml", stderr=False)


def _one_problem(session: Session) -> Iterable[str]:
    yield session.run("grade catalogue max_pool_forward")


def _composed(session: Session) -> Iterable[str]:
    session.copy(_ROOT / "fixtures/assignments/windows.yaml")
    yield session.run("grade init handout --assignment windows.yaml")
    yield session.run("cd handout")
    yield session.run("grade check --assignment ../windows.yaml")


def _cs231n(session: Session) -> Iterable[str]:
    session.copy(_ROOT / "fixtures/cs231n/year2016")
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


STORIES: Mapping[str, Callable[[Session], Iterable[str]]] = {
    "assistant": _assistant,
    "student-begins": _student_begins,
    "student-goes-on": _student_goes_on,
    "class": _class,
    "instructor": _instructor,
    "gradescope": _gradescope,
    "doctor": _doctor,
    "similar": _similar,
    "shapes": _shapes,
    "unusable": _unusable,
    "not-proven": _not_proven,
    "proven": _proven,
    "not-a-submission": _not_a_submission,
    "catalogue-one": _one_problem,
    "course-folder": _cs231n,
    "composed": _composed,
}
"""Name of a generated part -> its story."""
