"""What the zip tells the autograder in it, and what its files are called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.errors import GraderFailure

ROOT = Path("/autograder")
SETUP = "setup.sh"
RUN = "run_autograder"
ASSIGNMENT = "assignment.yaml"
BUNDLE = "hidden.npz"
DATASET = "dataset.txt"
SETTINGS = "settings.json"
REQUIREMENTS = "requirements.txt"

RESERVED_SECONDS = 45
"""Of Gradescope's time, not given to students' code: starting, comparing, writing down."""
LAST_SECONDS = 20
"""So long before Gradescope would end everything without a word, the grader gives up."""


class Settings(BaseModel):
    """One autograder's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_by: str
    bundle: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the hidden bundle's content."""
    training_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """What the training runs' secrets are drawn from. It is made from the instructor's seed and
    does not lead back to that."""
    dataset: bool
    """Whether the zip brings the dataset; otherwise the stand-in is used."""
    seconds: Annotated[int, Field(gt=LAST_SECONDS + RESERVED_SECONDS)]
    """How long Gradescope lets the autograder run."""
    insecure: bool = False
    """Whether to mark where student code cannot be walled off."""
    leaderboard: bool = False

    def text(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=1) + "\n"


def read_settings(source: Path) -> Settings:
    """The settings in the folder where the zip was unpacked.

    Raises:
        GraderFailure: they cannot be read, or are of another version.
    """
    try:
        return Settings.model_validate_json((source / SETTINGS).read_bytes())
    except (OSError, ValidationError) as error:
        raise GraderFailure(
            f"{source / SETTINGS} is not what this version wrote: {type(error).__name__}",
            hint="build the autograder anew and upload it",
        ) from error
