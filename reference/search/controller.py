"""The controller of an architecture search: probabilities of choices, and how they are learnt.

The policy is softmax(logits) over a list of choices. REINFORCE moves the logits along the gradient
of the expected reward, which it estimates from choices that were tried:

    ∇ E[R] ≈ (1/T) Σ_t (R_t − b_t) ∇ ln p(choice_t)

The baseline b_t is a moving average of earlier rewards; it makes the estimate less noisy and
changes nothing in its mean.

Source: Williams 1992; Zoph, Le 2017, section 3.2.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def _softmax(logits: Array) -> Array:
    e = np.exp(logits - logits.max())
    p: Array = e / e.sum()
    return p


def sample_choices(logits: Array, u: Array) -> Labels:
    """Draw choices with probabilities softmax(logits): the first i with u < p_0 + ... + p_i.

    Args:
        logits: (K,)
        u: (T,), uniform in 0..1

    Returns:
        choices: (T,), 0..K-1
    """
    reached: Labels = (u[:, np.newaxis] >= np.cumsum(_softmax(logits))).sum(axis=1)
    return np.minimum(reached, len(logits) - 1)  # the last sum may fall short of 1 by rounding


def log_probability(logits: Array, choice: int) -> tuple[float, Array]:
    """The logarithm of p(choice) and its gradient: dlogits = onehot(choice) − softmax(logits).

    Args:
        logits: (K,)
        choice: 0..K-1

    Returns:
        log_p: a number, at most 0
        dlogits: (K,)
    """
    p = _softmax(logits)
    dlogits = -p
    dlogits[choice] += 1
    return float(np.log(p[choice])), dlogits


def baseline_advantages(rewards: Array, baseline: float, decay: float) -> tuple[Array, float]:
    """How much better each reward is than a moving average of those before.

    A_t = R_t − b, and then b ← decay b + (1 − decay) R_t.

    Args:
        rewards: (T,), in the order in which they came
        baseline: b before the first
        decay: share of the old baseline that stays

    Returns:
        advantages: (T,)
        baseline: b after the last
    """
    advantages = np.empty_like(rewards)
    for t, reward in enumerate(rewards):
        advantages[t] = reward - baseline
        baseline = decay * baseline + (1 - decay) * reward
    return advantages, float(baseline)


def reinforce_step(
    logits: Array, choices: Labels, advantages: Array, learning_rate: float
) -> Array:
    """One step up the estimated gradient of the expected reward.

    logits + learning_rate (1/T) Σ_t A_t (onehot(choice_t) − softmax(logits))

    Args:
        logits: (K,)
        choices: (T,), 0..K-1
        advantages: (T,)
        learning_rate: size of the step

    Returns:
        logits: (K,), after the step
    """
    onehot = choices[:, np.newaxis] == np.arange(len(logits))
    gradient = (advantages[:, np.newaxis] * (onehot - _softmax(logits))).mean(axis=0)
    moved: Array = logits + learning_rate * gradient
    return moved
