"""The packages that marking needs, pinned to what is installed here.

Marks must not depend on when an autograder's image was built.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata
from typing import TYPE_CHECKING

from grader.errors import GraderFailure, UnusableInput

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# What differs between a course's machine and a container; the rest is taken to be alike.
_CONTAINER = {"os_name": "posix", "platform_system": "Linux", "sys_platform": "linux"}


def pinned(requirements: Iterable[str], frameworks: Iterable[str] = ()) -> list[str]:
    """``name==version`` of the packages required on Linux, and of all that those require.

    What is required there but not installed here (another system's half of a package) is left to
    pip.

    Args:
        requirements: as in a project's file: "numpy>=1.26".
        frameworks: importable names, whose packages are pinned as well.

    Raises:
        UnusableInput: what provides a framework is not known.
        GraderFailure: the library that reads requirements is not installed.
    """
    # Only this function needs packaging, which a student's installation lacks.
    try:
        from packaging.requirements import Requirement
        from packaging.utils import canonicalize_name
        from packaging.version import Version
    except ImportError as error:
        raise GraderFailure(
            "pinning requirements needs packaging", hint="pip install packaging"
        ) from error
    waiting = [Requirement(text) for text in (*requirements, *map(_package_of, frameworks))]
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            distribution = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:
            continue
        # "2.3.0+cpu" names a build of one index; "==2.3.0" is true of it, too.
        found[key[0]] = Version(distribution.version).public
        required = map(Requirement, distribution.requires or ())
        waiting += (each for each in required if _wanted(each, requirement.extras))
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _package_of(framework: str) -> str:
    owners = metadata.packages_distributions().get(framework.partition(".")[0])
    if not owners:
        raise UnusableInput(
            f"it is not known which package provides {framework}", hint="install it with pip"
        )
    return owners[0]


def _wanted(requirement: Requirement, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    options = ["", *extras]
    return marker is None or any(marker.evaluate({**_CONTAINER, "extra": e}) for e in options)
