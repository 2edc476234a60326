"""The controller of an architecture search as formulas, and mistakes in it.

p = softmax(logits);  logits + rate · mean of A_t (onehot(choice_t) - p)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _softmax(logits: Any) -> Any:
    e = np.exp(logits - logits.max())
    return e / e.sum()


CONTROLLER_FORMULAS: Formulas = {
    "K": lambda q: len(q.logits),
    "p": lambda q: _softmax(q.logits),
    # --------------------------------------------------------------------------------- sampling
    "sums": lambda q: np.cumsum(q.p),
    "reached": lambda q: (q.u[:, np.newaxis] >= q.sums).sum(axis=1),
    "choices_drawn": lambda q: np.minimum(q.reached, q.K - 1),
    # -------------------------------------------------------------------------- log-probability
    "one": lambda q: np.eye(q.K)[q.choice],
    "log_p": lambda q: np.log(q.p[q.choice]),
    "dlogits": lambda q: q.one - q.p,
    # ------------------------------------------------------------------------------------- step
    "onehot": lambda q: np.eye(q.K)[q.choices],
    "weights": lambda q: q.advantages,
    "directions": lambda q: q.onehot - q.p,
    "gradient": lambda q: (q.weights[:, np.newaxis] * q.directions).mean(axis=0),
    "rate": lambda q: q.learning_rate,
    "moved": lambda q: q.logits + q.rate * q.gradient,
}


def _averages(q: Sheet) -> Any:
    path = [q.start]
    for t in range(len(q.rewards)):
        path.append(q.kept * path[-1] + (1 - q.kept) * q.fed(t, path[-1]))
    return np.array(path)


BASELINE_FORMULAS: Formulas = {
    "start": lambda q: q.baseline,
    "kept": lambda q: q.decay,
    "fed": lambda q: lambda t, _b: q.rewards[t],
    "path": _averages,  # the baseline before each reward, and after the last
    "against": lambda q: q.path[:-1],
    "advantages": lambda q: q.rewards - q.against,
    "final": lambda q: q.path[-1],
}


def _step(logits: Any, choices: Any, advantages: Any, learning_rate: float) -> dict[str, Any]:
    return {
        "logits": logits,
        "choices": choices,
        "advantages": advantages,
        "learning_rate": learning_rate,
    }


def _rewards(rewards: Any, baseline: float, decay: float) -> dict[str, Any]:
    return {"rewards": rewards, "baseline": baseline, "decay": decay}


CONTROLLER = Family(
    "controller",
    CONTROLLER_FORMULAS,
    {
        "sample_choices": Signature(
            lambda logits, u: {"logits": logits, "u": u}, lambda q: q.choices_drawn
        ),
        "log_probability": Signature(
            lambda logits, choice: {"logits": logits, "choice": choice},
            lambda q: (q.log_p, q.dlogits),
        ),
        "reinforce_step": Signature(_step, lambda q: q.moved),
    },
)
BASELINE = Family(
    "baseline",
    BASELINE_FORMULAS,
    {"baseline_advantages": Signature(_rewards, lambda q: (q.advantages, q.final))},
)

sample_bug = bugs_of(CONTROLLER, "sample_choices")
log_bug = bugs_of(CONTROLLER, "log_probability")
step_bug = bugs_of(CONTROLLER, "reinforce_step")
baseline_bug = bugs_of(BASELINE)


def _one_after_the_other(q: Sheet) -> Any:
    logits = q.logits
    for onehot, weight in zip(q.onehot, q.weights, strict=True):
        logits = logits + q.rate / len(q.weights) * weight * (onehot - _softmax(logits))
    return logits


CONTROLLER_BUGS = (
    # -------------------------------------------------------------------------------- sampling
    sample_bug(
        "always_most_probable",
        "the most probable choice is always taken; it should be drawn",
        "does your result depend on the random numbers?",
        choices_drawn=lambda q: np.full(len(q.u), q.p.argmax()),
    ),
    sample_bug(
        "all_equally_probable",
        "all choices are equally probable; they should be drawn with the softmax of the logits",
        "does your result depend on the logits?",
        p=lambda q: np.full(q.K, 1 / q.K),
    ),
    sample_bug(
        "without_softmax",
        "the logits are divided by their sum; probabilities should be their softmax",
        "what if a logit is negative?",
        p=lambda q: q.logits / q.logits.sum(),
    ),
    sample_bug(
        "exponentials_not_normalised",
        "the exponentials of the logits are added up without being divided by their sum; they "
        "should be probabilities",
        "what is the last of the sums?",
        p=lambda q: np.exp(q.logits),
    ),
    sample_bug(
        "probability_not_cumulative",
        "the random number is compared with single probabilities; it should be with their sums "
        "from the first on",
        "how wide is the part of 0..1 that belongs to each choice?",
        sums=lambda q: q.p,
    ),
    sample_bug(
        "one_too_early",
        "the choice before the one that was hit is returned; it should be the first whose sum is "
        "larger than the random number",
        "which choice should a random number of almost 0 give?",
        choices_drawn=lambda q: np.maximum(q.reached - 1, 0),
    ),
    sample_bug(
        "counted_from_one",
        "the choices are counted from 1; they are 0..K-1",
        "which choice should a random number of almost 0 give?",
        choices_drawn=lambda q: q.reached + 1,
    ),
    sample_bug(
        "counted_from_the_end",
        "the parts of 0..1 are dealt out from the last choice on; they should be from the first",
        "which choice should a random number of almost 0 give?",
        choices_drawn=lambda q: (
            q.K - 1 - (q.u[:, np.newaxis] >= np.cumsum(q.p[::-1])).sum(axis=1).clip(0, q.K - 1)
        ),
    ),
    sample_bug(
        "first_number_for_all",
        "the first random number decides all draws; each has its own",
        "how many random numbers are there?",
        choices_drawn=lambda q: np.full(len(q.u), np.minimum(q.reached, q.K - 1)[0]),
    ),
    # ------------------------------------------------------------------------- log-probability
    log_bug(
        "probability_for_its_logarithm",
        "the probability is returned with the gradient of its logarithm; it should be the "
        "logarithm",
        "what is returned for a choice of probability 1?",
        log_p=lambda q: q.p[q.choice],
    ),
    log_bug(
        "gradient_of_probability",
        "the gradient is that of the probability; it should be that of its logarithm",
        "what is the derivative of a logarithm?",
        dlogits=lambda q: q.p[q.choice] * (q.one - q.p),
    ),
    log_bug(
        "opposite_sign",
        "the gradient has the opposite sign, that of a loss; the logarithm of the probability "
        "grows with the choice's own logit",
        "what happens to the probability when its logit grows?",
        dlogits=lambda q: q.p - q.one,
    ),
    log_bug(
        "negative_logarithm",
        "minus the logarithm is returned, with its gradient, as for a loss; it should be the "
        "logarithm itself",
        "can the logarithm of a probability be positive?",
        log_p=lambda q: -np.log(q.p[q.choice]),
        dlogits=lambda q: q.p - q.one,
    ),
    log_bug(
        "only_onehot",
        "the gradient has only the choice's own part; the other logits are in the softmax, too",
        "what happens to the probability when another logit grows?",
        dlogits=lambda q: q.one,
    ),
    log_bug(
        "onehot_missing",
        "1 is not added at the choice; its own logit makes it more probable",
        "what do the entries of the gradient sum to?",
        dlogits=lambda q: -q.p,
    ),
    log_bug(
        "logit_for_logarithm",
        "the choice's logit is returned; the logarithm of the sum of exponentials should be "
        "subtracted",
        "can the logarithm of a probability be positive?",
        log_p=lambda q: q.logits[q.choice],
    ),
    log_bug(
        "log_base_10",
        "the logarithm is to base 10; it should be the natural one",
        "whose derivative is your gradient?",
        log_p=lambda q: np.log10(q.p[q.choice]),
    ),
    log_bug(
        "all_log_probabilities",
        "the logarithms of all probabilities are returned; it should be that of the choice",
        "how many choices were made?",
        log_p=lambda q: np.log(q.p),
    ),
    # ------------------------------------------------------------------------------------ step
    step_bug(
        "descent",
        "the step goes down the gradient; a reward is to be made larger",
        "is a reward a loss?",
        moved=lambda q: q.logits - q.rate * q.gradient,
    ),
    step_bug(
        "summed",
        "the contributions of the choices are summed; it should be their mean",
        "should more trials make larger steps?",
        gradient=lambda q: (q.weights[:, np.newaxis] * q.directions).sum(axis=0),
    ),
    step_bug(
        "advantages_missing",
        "every choice is made more probable alike; it should be by its advantage",
        "does your step depend on the rewards?",
        weights=lambda q: np.ones(len(q.advantages)),
    ),
    step_bug(
        "good_choices_only",
        "choices of negative advantage are left out; they should become less probable",
        "what is learnt from a bad choice?",
        weights=lambda q: np.maximum(q.advantages, 0),
    ),
    step_bug(
        "sign_of_advantages",
        "only the signs of the advantages count; it should be their sizes, too",
        "is a choice that is much better worth no more?",
        weights=lambda q: np.sign(q.advantages),
    ),
    step_bug(
        "mean_advantage_for_all",
        "every choice is weighted by the mean advantage; it should be by its own",
        "which choice earned the reward?",
        weights=lambda q: np.full(len(q.advantages), q.advantages.mean()),
    ),
    step_bug(
        "probabilities_not_subtracted",
        "the probabilities are not subtracted from the one-hot choices; they belong to the "
        "gradient of the logarithm",
        "what is the gradient of the logarithm of a softmax?",
        directions=lambda q: q.onehot,
    ),
    step_bug(
        "choices_not_used",
        "the one-hot choices are missing; all trials then push into the same direction",
        "does your step depend on the choices?",
        directions=lambda q: np.broadcast_to(-q.p, q.onehot.shape),
    ),
    step_bug(
        "weighted_by_probability",
        "the gradient of the probability is taken; it should be that of its logarithm",
        "what does REINFORCE differentiate?",
        directions=lambda q: q.p[q.choices][:, np.newaxis] * (q.onehot - q.p),
    ),
    step_bug(
        "learning_rate_missing",
        "the whole gradient is added; it should be learning_rate times the gradient",
        "does your result depend on the learning rate?",
        rate=lambda _: 1,
    ),
    step_bug(
        "step_without_logits",
        "the step is returned; it should be added to the logits",
        "where does the controller begin?",
        moved=lambda q: q.rate * q.gradient,
    ),
    step_bug(
        "one_after_the_other",
        "the logits are moved after each choice, so later ones see other probabilities; it "
        "should be one step for all",
        "with which probabilities were the choices drawn?",
        moved=_one_after_the_other,
    ),
    step_bug(
        "logits_for_probabilities",
        "the logits are subtracted from the one-hot choices; it should be their softmax",
        "what is the gradient of the logarithm of a softmax?",
        p=lambda q: q.logits,
    ),
)

BASELINE_BUGS = (
    baseline_bug(
        "no_baseline",
        "the rewards are returned as they are; the baseline should be subtracted",
        "what is learnt when all rewards are equally good?",
        against=lambda _: 0,
    ),
    baseline_bug(
        "opposite_sign",
        "the reward is subtracted from the baseline; it should be the other way round",
        "should a good reward have a positive advantage?",
        advantages=lambda q: q.against - q.rewards,
    ),
    baseline_bug(
        "baseline_sees_the_reward",
        "the baseline is moved before it is subtracted, so each reward is compared with itself; it "
        "should be moved afterwards",
        "which rewards are known when the choice is made?",
        against=lambda q: q.path[1:],
    ),
    baseline_bug(
        "baseline_never_moves",
        "the baseline stays as it is passed in; it should follow the rewards",
        "does your second advantage depend on the first reward?",
        kept=lambda _: 1,
    ),
    baseline_bug(
        "decay_exchanged",
        "decay is the share of the new reward; it should be that of the old baseline",
        "what should decay = 1 do?",
        kept=lambda q: 1 - q.decay,
    ),
    baseline_bug(
        "reward_added_whole",
        "the reward is added whole; it should be with the share 1 - decay",
        "what becomes of the baseline when all rewards are 1?",
        fed=lambda q: lambda t, _b: q.rewards[t] / (1 - q.decay),
    ),
    baseline_bug(
        "baseline_fed_with_advantages",
        "the baseline is fed with the advantages; it should be with the rewards",
        "of what is it the average?",
        fed=lambda q: lambda t, b: q.rewards[t] - b,
    ),
    baseline_bug(
        "starts_at_zero",
        "the baseline starts at 0; it should start at what is passed in",
        "where did the last call end?",
        start=lambda _: 0.0,
    ),
    baseline_bug(
        "starts_at_first_reward",
        "the baseline starts at the first reward; it should start at what is passed in",
        "where did the last call end?",
        start=lambda q: q.rewards[0],
    ),
    baseline_bug(
        "mean_of_all_rewards",
        "the mean of all rewards is the baseline; it should be a moving average of those before",
        "which rewards are known when the choice is made?",
        against=lambda q: q.rewards.mean(),
        final=lambda q: q.rewards.mean(),
    ),
    baseline_bug(
        "previous_reward",
        "the reward before is the baseline; it should be a moving average of all before",
        "does your third advantage depend on the first reward?",
        kept=lambda _: 0,
    ),
    baseline_bug(
        "old_baseline_returned",
        "the baseline is returned as it was before the last reward; it should have followed that, "
        "too",
        "where should the next call begin?",
        final=lambda q: q.path[-2],
    ),
    baseline_bug(
        "first_baseline_returned",
        "the baseline is returned as it was passed in; it should have followed the rewards",
        "where should the next call begin?",
        final=lambda q: q.start,
    ),
    baseline_bug(
        "normalised",
        "the advantages are divided by their deviation; here they are left as they are",
        "compare with the formula",
        advantages=lambda q: (q.rewards - q.against) / np.std(q.rewards - q.against),
    ),
)
