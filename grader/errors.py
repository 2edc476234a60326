"""Everything the harness raises on purpose.

GoldgradError
├── UnusableInput      a file or option the user gave cannot be used        exit 2
│   ├── BadAssignment  assignment.yaml is wrong; names file and line
│   ├── BadBundle      not a golden bundle, or of another format version
│   ├── BadDataset     not the dataset that was asked for
│   └── BadSubmission  nothing in it can be marked; becomes a Result of zero points
└── GraderFailure      the grader itself cannot do its work here            exit 3

What a *student's* code does wrong is none of these: it is data (see grader/student/errors.py).
"""


class GoldgradError(Exception):
    """Base of all errors raised on purpose; its text is fit to show to a user.

    Args:
        message: what is wrong, in one sentence.
        hint: what to do about it, or None.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UnusableInput(GoldgradError):
    """A file or an option given on the command line cannot be used."""

    exit_code = 2


class BadAssignment(UnusableInput):
    """The assignment's YAML is wrong; the message names file, line and key."""


class BadBundle(UnusableInput):
    """The file is not a golden bundle this version can read."""


class BadDataset(UnusableInput):
    """The file is not the dataset that was asked for."""


class BadSubmission(UnusableInput):
    """Nothing in the submission can be marked (not a zip, encrypted, a bomb, ...)."""


class GraderFailure(GoldgradError):
    """The grader cannot do its own work on this machine."""
