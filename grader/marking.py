"""What submissions are marked with: assignment, golden bundle, dataset, oracle and seed."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from grader import __version__
from grader.assignment import Assignment, OwnGradientsCheck, ValuesCheck
from grader.assignment_file import load_assignment
from grader.bundle import PUBLIC_SEED, Bundle
from grader.bundle_file import bundle_sha256, bundle_to_bytes, read_bundle
from grader.dataset.source import find_dataset
from grader.dataset.table import Dataset
from grader.errors import BadBundle, GraderFailure, UnusableInput
from grader.fitting import fitted
from grader.oracle import Oracle, find_oracle
from grader.secret import derived, secret_seed, seed_file
from grader.shipped import shipped

_PACKAGES = {"sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python"}

Visibility = Literal["public", "hidden"]


@dataclass(frozen=True)
class Marking:
    """Everything that is the same for all submissions of an assignment."""

    assignment: Assignment
    bundle: Bundle
    dataset: Dataset | None
    oracle: Oracle | None
    seed: bytes
    """What the training runs' secrets are drawn from. Of hidden markings it is made from the
    instructor's secret seed, and does not lead back to it."""

    @cached_property
    def bundle_sha256(self) -> str:
        """The bundle's hash, for every Result; computed once, as it takes as long as a check."""
        return bundle_sha256(self.bundle)


def prepare(
    assignment: str | Path,
    *,
    visibility: Visibility,
    dataset: Path | None = None,
    seed: str | None = None,
) -> Marking:
    """Gather what marking needs.

    Args:
        assignment: a built-in assignment's name or the path of a YAML file.
        visibility: "public" for the students' self-check, "hidden" for marks.
        dataset: a dataset file; None looks where find_dataset looks.
        seed: text to draw hidden inputs from instead of the instructor's secret seed.

    Raises:
        GoldgradError: something is missing or unusable; the message says what and the hint what
            to do.
    """
    rules = load_assignment(assignment)
    oracle = find_oracle()
    if visibility == "hidden" and oracle is None:
        raise GraderFailure(
            "hidden cases need the reference solution, which is not installed here",
            hint="students use `grade check`",
        )
    if visibility == "hidden":
        require_frameworks(rules.imports.frameworks)
    data = find_dataset(rules.dataset, dataset)
    if visibility == "public":
        shared = fitted(public_bundle(rules, oracle), rules, assignment)
        return Marking(rules, shared, data, oracle, PUBLIC_SEED)
    secret = secret_seed() if seed is None else seed.encode()
    assert oracle is not None  # noqa: S101 - for mypy; refused above
    # Not the secret itself: markings travel to other machines.
    training = derived(secret, "training", rules.assignment)
    bundle = fitted(hidden_bundle(rules, oracle, secret), rules, assignment)
    return Marking(rules, bundle, data, oracle, training)


def require_cases(rules: Assignment, bundle: Bundle) -> None:
    """Refuse a check that has nothing to check, before anybody waits for a mark.

    Not part of ``prepare``: `grade validate` says more about it, with file and line.

    Raises:
        BadBundle: a check asks for golden cases that there are none of.
    """
    for check in rules.checks():
        if not isinstance(check, (ValuesCheck, OwnGradientsCheck)):
            continue
        problem = bundle.problems.get(check.problem)
        if problem is not None and not problem.select(check.cases):
            tags = ", ".join(sorted({tag for case in problem.cases for tag in case.tags}))
            raise BadBundle(
                f"the check {check.id} asks for cases {', '.join(check.cases or [])}"
                f" of {check.problem}, which has none; it has: {tags}",
                hint="prove an assignment before it is used: grade validate",
            )


def require_frameworks(allowed: Iterable[str]) -> None:
    """Refuse to mark where a student's import would fail: marks must not depend on the machine.

    Raises:
        UnusableInput: a package that the assignment allows is not installed.
    """
    missing = [name for name in allowed if importlib.util.find_spec(name.split(".")[0]) is None]
    if missing:
        names = ", ".join(missing)
        raise UnusableInput(
            f"{names} {'is' if len(missing) == 1 else 'are'} allowed by the assignment"
            " but not installed here",
            hint=f"pip install {' '.join(_PACKAGES.get(name, name) for name in missing)}",
        )


def public_bundle(rules: Assignment, oracle: Oracle | None) -> Bundle:
    """The public bundle that was shipped; made, and kept, for an assignment without one.

    Raises:
        BadBundle: none was shipped and there is no reference to make one.
    """
    file = shipped("bundles") / f"{rules.assignment}.public.npz"
    if file.exists():
        bundle = read_bundle(file)
        if set(rules.problems()) <= set(bundle.problems):
            return bundle
    if oracle is None:
        raise BadBundle(f"no public bundle for {rules.assignment!r} is installed")
    return _kept_bundle(rules, oracle, PUBLIC_SEED, "public")


def hidden_bundle(rules: Assignment, oracle: Oracle, secret: bytes) -> Bundle:
    """The hidden bundle of this seed, kept beside the seed (mode 0600) once it is made."""
    return _kept_bundle(rules, oracle, secret, "hidden")


def _kept_bundle(rules: Assignment, oracle: Oracle, seed: bytes, visibility: Visibility) -> Bundle:
    labels = [__version__, oracle.revision(), rules.assignment, *rules.problems()]
    name = derived(seed, "bundle", *labels).hex()[:24]
    file = seed_file().parent / "bundles" / f"{rules.assignment}-{name}.npz"
    if file.exists():
        try:
            return read_bundle(file)
        except BadBundle:
            pass  # a torn or outdated file is made anew
    bundle = oracle.make_bundle(rules.assignment, rules.problems(), seed, visibility)
    _keep(file, bundle_to_bytes(bundle))
    return bundle


def _keep(file: Path, content: bytes) -> None:
    """Write for the owner alone; a folder that cannot be written costs time, not marks."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
