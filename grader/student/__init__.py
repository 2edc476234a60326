"""The student's code as a remote object."""

from grader.student.errors import (
    Forbidden,
    NotDefined,
    NotImportable,
    NotWritten,
    Raised,
    StaleHandle,
    Stopped,
    StudentError,
    Unsendable,
)
from grader.student.inspection import Inspection, inspect_sources
from grader.student.proxy import Returned, Student
from grader.worker.wire import Handle, Opaque, Value

__all__ = [
    "Forbidden",
    "Handle",
    "Inspection",
    "NotDefined",
    "NotImportable",
    "NotWritten",
    "Opaque",
    "Raised",
    "Returned",
    "StaleHandle",
    "Stopped",
    "Student",
    "StudentError",
    "Unsendable",
    "Value",
    "inspect_sources",
]
