"""The tables of docs/assignment-yaml.md: every key, read off the model in grader/assignment.py.

What a key means is the docstring under its field, what may stand there is the field's type, and
the example is tried on the model each time the tables are made.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, TypeAdapter

from grader.assignment import (
    AccuracyCheck,
    Assignment,
    DatasetRule,
    HistoryCheck,
    ImportRule,
    InitialLossCheck,
    Limits,
    OverfitCheck,
    OwnGradientsCheck,
    Part,
    ReportCheck,
    ValuesCheck,
)
from grader.late import LateRule

SECTIONS: Mapping[str, type[BaseModel]] = {
    "The file": Assignment,
    "dataset": DatasetRule,
    "imports": ImportRule,
    "limits": Limits,
    "late": LateRule,
    "parts": Part,
    "checks": ValuesCheck.__bases__[0],
    "kind: values": ValuesCheck,
    "kind: own_gradients": OwnGradientsCheck,
    "kind: accuracy": AccuracyCheck,
    "kind: overfit": OverfitCheck,
    "kind: initial_loss": InitialLossCheck,
    "kind: history": HistoryCheck,
    "kind: report": ReportCheck,
}
"""Heading -> the model whose keys stand under it."""

# In YAML, as one would write it; for a key, or for a key of one model.
_EXAMPLES: Mapping[str, str] = {
    "assignment": "hw3",
    "Assignment.title": "Two-layer network in NumPy",
    "Assignment.points": "100",
    "files": "{layers.py: [conv_forward, conv_backward]}",
    "names": "{conv_forward: conv_forward_naive}",
    "conventions": "{dropout_p: any}",
    "due": "2026-11-20T23:59:00+01:00",
    "attempts": "best",
    "url": "https://cihlab.github.io/course/dataset.txt",
    "sha256": "3688e0b0e7e54e70866428c765bf4c96d9185659cc0a9175963fd4039ee9fced",
    "inputs": "8",
    "classes": "4",
    "train": "400",
    "test": "100",
    "allow": "[numpy, math, collections]",
    "inert": "[matplotlib, tqdm]",
    "frameworks": "{torch: 20}",
    "provided_to": "[ThreeLayerConvNet]",
    "provided": '{layer_utils: "def flatten(x): return x.reshape(len(x), -1)"}',
    "import_cpu_seconds": "10",
    "call_cpu_seconds": "10",
    "train_cpu_seconds": "60",
    "total_cpu_seconds": "600",
    "waiting_seconds": "10",
    "memory_mb": "1024",
    "output_kb": "64",
    "upload_mb": "20",
    "per_day": "10",
    "unit": "points",
    "grace_minutes": "15",
    "cap": "50",
    "rounding": "exact",
    "Part.id": "backward",
    "Part.title": "Backward",
    "Part.points": "20",
    "id": "conv/forward",
    "title": "convolution forward",
    "points": "5",
    "problem": "two_layer_loss",
    "cases": "[plain, l2]",
    "outputs": "[dW1, dW2]",
    "follow_through": "true",
    "optional": "true",
    "ladder": "[[0.5, 0.0], [0.9, 1.0]]",
    "runs": "3",
    "samples": "20",
    "rule": "falls",
    "claim": "hidden_size",
}
_ELSEWHERE: Mapping[str, str] = {
    "dataset": "[dataset](#dataset)",
    "imports": "[imports](#imports)",
    "limits": "[limits](#limits)",
    "late": "[late](#late)",
    "parts": "list of [parts](#parts)",
    "checks": "list of [checks](#checks)",
}
"""Keys that have a section of their own."""


def keys_tables() -> str:
    """All sections, each a heading, a sentence and a table."""
    parts = []
    for heading, model in SECTIONS.items():
        sentence = inspect.cleandoc(model.__doc__ or "").partition("\n")[0]
        rows = "".join(f"| {' | '.join(row)} |\n" for row in _rows(model))
        head = "| key | what may stand there | default | what it is | example |\n"
        parts.append(f"### {heading}\n\n{sentence}\n\n{head}|{' --- |' * 5}\n{rows}")
    return "\n" + "\n".join(parts)


def _rows(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    schema = model.model_json_schema()
    meanings = docstrings(model)
    inherited = model.__bases__[0].model_fields.keys() if "kind" in meanings else ()
    for name, field in model.model_fields.items():
        if name in inherited:
            continue  # has a section of its own: what every check has
        told = schema["properties"][name]
        yield (
            f"`{name}`",
            _ELSEWHERE.get(name) or _words(told),
            _default(name, told, required=field.is_required()),
            _cell(meanings[name]),
            _example(model, name),
        )


def docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Field -> the text under it, of a model and what it inherits from.

    Raises:
        KeyError: a field has none.
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.partition(".")[0] != "grader":
            continue
        source = inspect.getsource(sys.modules[base.__module__])
        (tree,) = [
            node
            for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef) and node.name == base.__name__
        ]
        for field, text in zip(tree.body, tree.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
                value = ast.literal_eval(text.value)
                found[ast.unparse(field.target)] = " ".join(str(value).split())
    missing = model.model_fields.keys() - found.keys()
    if missing:
        raise KeyError(f"{model.__name__}: no docstring under {', '.join(sorted(missing))}")
    return found


def _words(told: Mapping[str, Any]) -> str:
    """What a JSON Schema asks for, in words."""
    if "anyOf" in told:
        kinds = [kind for kind in told["anyOf"] if kind.get("type") != "null"]
        return " or ".join(_words(kind) for kind in kinds)
    if "const" in told:
        return f"`{told['const']}`"
    if "enum" in told:
        return " or ".join(f"`{choice}`" for choice in told["enum"])
    if told.get("format") == "date-time":
        return "date, time and zone"
    return _WORDS[told["type"]](told)


def _text(told: Mapping[str, Any]) -> str:
    return f"text like `{_cell(told['pattern'])}`" if "pattern" in told else "text"


def _number(told: Mapping[str, Any]) -> str:
    kind = "whole number" if told["type"] == "integer" else "number"
    low, high, above = (told.get(k) for k in ("minimum", "maximum", "exclusiveMinimum"))
    if low is not None and high is not None:
        return f"{kind}, {low:g} to {high:g}"
    if low is not None:
        return f"{kind}, at least {low:g}"
    return f"{kind} above {above:g}" if above is not None else kind


def _list(told: Mapping[str, Any]) -> str:
    if "prefixItems" in told:
        return f"({'; '.join(_words(item) for item in told['prefixItems'])})"
    least = f", at least {told['minItems']}" if "minItems" in told else ""
    return f"list of {_words(told['items'])}{least}"


_WORDS: Mapping[str, Any] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda _: "`true` or `false`",
    "array": _list,
    "object": lambda told: f"name: {_words(told['additionalProperties'])}",
}


def _default(name: str, told: Mapping[str, Any], *, required: bool) -> str:
    if required:
        return "**required**"
    default = told.get("default")
    if name in _ELSEWHERE and default is not None:
        return "those below"
    return "none" if default is None else f"`{_flow(default)}`"


def _example(model: type[BaseModel], name: str) -> str:
    if name in _ELSEWHERE:
        return "below"
    field = model.model_fields[name]
    if name == "kind":
        return f"`kind: {TypeAdapter(field.annotation).json_schema()['const']}`"
    text = _EXAMPLES.get(f"{model.__name__}.{name}") or _EXAMPLES[name]
    # Tried, so that the document never shows what the model refuses.
    checked: Any = (
        Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    )
    TypeAdapter(checked).validate_python(yaml.safe_load(text))
    return f"`{name}: {text}`"


def _flow(value: object) -> str:
    return yaml.safe_dump(value, default_flow_style=True).removesuffix("\n").removesuffix("\n...")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("``", "`")
