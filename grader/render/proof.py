"""What `grade validate` shows: which claims hold, and what is in the way of the others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from grader.proof import BugTrial, Caught, Claim, Proof
from grader.render.page import Page, Style
from grader.render.wording import count, fraction, points, seconds, wall_label

_STATES: dict[bool | None, tuple[str, Style]] = {
    True: ("ok", "good"),
    False: ("FAIL", "bad"),
    None: ("-", "odd"),
}
_TITLES = {
    Claim.RULES: "rules",
    Claim.REFERENCE: "reference",
    Claim.TEMPLATE: "template",
    Claim.BUGS: "registered bugs",
}
_MOST_EXPLAINED = 10
_WIDTH = max(map(len, _TITLES.values()))


def render_proof(
    proof: Proof, *, width: int = 80, colour: bool = False, verbose: bool = False
) -> str:
    """The report.

    Args:
        proof: what was found out.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
        verbose: whether to list every bug with the check that catches it.
    """
    page = Page(width, colour)
    page.text(
        f"{proof.assignment}  {proof.title}, {points(proof.points)} points   "
        f"{proof.visibility} cases, wall: {wall_label(proof.wall)}",
        style="strong",
    )
    page.blank()
    for claim in Claim:
        state, style = _STATES[proof.holds(claim)]
        label = page.paint(f"{state:<4}", style)
        page.row(f"  {label}  {_TITLES[claim]:<{_WIDTH}}", _summary(claim, proof), 8)
    _to_mend(page, proof, verbose=verbose)
    _listed(page, "Not charged: nothing that is marked shows them", _of(proof, Caught.NOT_CHARGED))
    _listed(
        page,
        "Named as another bug that gives the same answers in every case",
        _of(proof, Caught.EQUIVALENT),
    )
    _listed(
        page,
        "Caught, and not to be named: they only raise an exception",
        _of(proof, Caught.UNNAMEABLE),
    )
    if verbose:
        _every_bug(page, proof)
    _remarks(page, proof)
    page.blank()
    page.text(_verdict(proof), style="good" if proof.proven else "bad")
    return str(page)


def proof_json(proof: Proof) -> str:
    """The same for programs, indented: every claim, every fault, every bug."""
    claims = {claim: proof.holds(claim) for claim in Claim}
    told = {"proven": proof.proven, "claims": claims} | asdict(proof)
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _summary(claim: Claim, proof: Proof) -> str:
    if claim in proof.not_tried:
        return "not tried before the others hold"
    if claim is Claim.RULES:
        if not proof.holds(claim):
            return "the model accepts them, but they cannot do what they should"
        parts, checks = count(proof.parts, "part"), count(proof.checks, "check")
        return f"{parts}, {checks}, {points(proof.points)} points in all"
    if claim is Claim.REFERENCE:
        trained = "" if proof.accuracy is None else f", trained to accuracy {proof.accuracy:.2f}"
        return f"earns {fraction(proof.reference or 0, proof.points)}{trained}"
    if claim is Claim.TEMPLATE:
        return f"earns {fraction(proof.template or 0, proof.points)}"
    return _bugs(proof)


def _bugs(proof: Proof) -> str:
    if not proof.bugs:
        return "there are none for its problems"
    ends = proof.caught()
    named = ends[Caught.NAMED] + ends[Caught.EQUIVALENT]
    told = [f"{named} of {len(proof.bugs)} are caught and named"]
    if ends[Caught.UNNAMEABLE]:
        told.append(f"{ends[Caught.UNNAMEABLE]} caught")
    if ends[Caught.NOT_CHARGED]:
        told.append(f"{ends[Caught.NOT_CHARGED]} not charged")
    return ", ".join(told)


def _to_mend(page: Page, proof: Proof, *, verbose: bool) -> None:
    if not proof.faults:
        return
    page.blank()
    page.text("To mend", style="strong")
    most = len(proof.faults) if verbose else _MOST_EXPLAINED
    # Hundreds of bugs may have one cause.
    left = max(0, sum(fault.claim is Claim.BUGS for fault in proof.faults) - most)
    for fault in proof.faults[: len(proof.faults) - left]:
        page.field(f"{fault.where or _TITLES[fault.claim]}:", fault.what, 2, "bad")
        if fault.help:
            page.field("help:", fault.help, 4, "faint")
    if left:
        page.text(f"and {left} more registered bugs; --verbose lists them", 2)


def _of(proof: Proof, end: Caught) -> list[BugTrial]:
    return [trial for trial in proof.bugs if trial.caught is end]


def _listed(page: Page, title: str, trials: Iterable[BugTrial]) -> None:
    trials = list(trials)
    if not trials:
        return
    page.blank()
    page.text(title, style="strong")
    if len(trials) > _MOST_EXPLAINED:
        page.text(", ".join(trial.bug for trial in trials), 2)
        return
    for trial in trials:
        others = [name for name in trial.named if name != trial.bug]
        named = f" (as {', '.join(others)})" if others else ""
        page.text(f"{trial.bug}{named}: {trial.message}", 2, hang=2)


def _every_bug(page: Page, proof: Proof) -> None:
    if not proof.bugs:
        return
    page.blank()
    page.text("Every registered bug: points lost without training, and where", style="strong")
    for trial in proof.bugs:
        page.text(
            f"{points(trial.lost):>6}  {trial.bug}  {trial.caught.replace('_', ' ')}"
            f"  {', '.join(trial.checks)}".rstrip(),
            2,
            hang=8,
        )


def _remarks(page: Page, proof: Proof) -> None:
    if not proof.remarks:
        return
    page.blank()
    for remark in proof.remarks:
        page.field("note:", remark, 0, "faint")


def _verdict(proof: Proof) -> str:
    if proof.proven:
        return f"Proven in {seconds(proof.seconds)}."
    wrong = sum(1 for claim in Claim if proof.holds(claim) is False)
    return f"Not proven: {wrong} of {len(Claim)} claims do not hold."
