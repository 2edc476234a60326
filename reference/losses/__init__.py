"""Losses and penalties: what training minimises. Each returns its value and its gradient."""

from reference.losses.elastic_net import elastic_net
from reference.losses.l1_penalty import l1_penalty
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss
from reference.losses.svm import svm_loss

__all__ = ["elastic_net", "l1_penalty", "l2_penalty", "softmax_loss", "svm_loss"]
