"""The small language in which networks are written down: one class a kind of layer.

Each layer says what it makes of a volume, and what that costs for one image:

- parameters: weights, biases, and the gamma and beta of a batch norm that follows it;
- values: the numbers of its output. What activation functions, batch norm, dropout, softmax, adding
  and joining do is done in place, as in the lecture's table of VGG;
- multiply-adds: one for each weight that an output value uses. Biases, pooling and normalisation
  are left out of account, as in the papers.

Source: course lecture "CNN architectures" (the table of VGG's memory and weights).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from grader.network_table import LayerRow, Volume
from reference.architectures.fit import Rounding, windows_along


@dataclass(frozen=True, kw_only=True)
class Layer(ABC):
    """One layer; ``label`` overrides the name that lectures would give it."""

    label: str = ""
    note: str = ""

    @abstractmethod
    def row(self, given: Volume) -> LayerRow:
        """What the layer makes of a volume.

        Raises:
            ValueError: the layer does not fit it; the message names the layer and the numbers.
        """

    @property
    @abstractmethod
    def name(self) -> str:
        """The label, or what lectures call such a layer."""


@dataclass(frozen=True)
class Sliding(Layer):
    """What convolution and pooling share: square windows that slide over the image."""

    size: int
    stride: int = 1
    pad: int = 0
    rounding: Rounding = "exact"

    def grid(self, given: Volume) -> tuple[int, int]:
        """How many windows lie down and across."""
        try:
            return (
                windows_along(given.height, self.size, self.stride, self.pad, self.rounding),
                windows_along(given.width, self.size, self.stride, self.pad, self.rounding),
            )
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None


@dataclass(frozen=True)
class Conv(Sliding):
    """Convolution.

    Args:
        size, stride, pad: of its windows
        filters: F, output channels
        groups: parts into which channels and filters are cut; each part sees only itself
        bias: whether each filter has one
        batch_norm: whether a batch norm follows, with a gamma and beta for each channel
        connections: pairs of an input and an output channel that are joined; 0 for all of them
    """

    filters: int = 0
    groups: int = 1
    bias: bool = True
    batch_norm: bool = False
    connections: int = 0

    @property
    def name(self) -> str:
        """CONV3-64, or with stride 2 CONV3-64/2."""
        step = f"/{self.stride}" if self.stride > 1 else ""
        return self.label or f"CONV{self.size}-{self.filters}{step}"

    def row(self, given: Volume) -> LayerRow:
        """(size² C / groups) F weights, each used at every place."""
        if given.channels % self.groups or self.filters % self.groups:
            raise ValueError(
                f"{self.name}: {self.groups} groups do not divide {given.channels} channels "
                f"and {self.filters} filters"
            )
        depth = given.channels // self.groups
        pairs = self.connections or depth * self.filters
        weights = self.size**2 * pairs
        height, width = self.grid(given)
        output = Volume(height, width, self.filters)
        square = f"{self.size}*{self.size}"
        return LayerRow(
            self.name,
            output,
            output.values,
            weights,
            self.filters if self.bias else 0,
            2 * self.filters if self.batch_norm else 0,
            f"({square})*{pairs}" if self.connections else f"({square}*{depth})*{self.filters}",
            weights * height * width,
            self.note,
        )


@dataclass(frozen=True)
class Depthwise(Sliding):
    """Depthwise convolution: each channel has one filter of its own."""

    batch_norm: bool = False

    @property
    def name(self) -> str:
        """DEPTHWISE3, or with stride 2 DEPTHWISE3/2."""
        return self.label or f"DEPTHWISE{self.size}" + (
            f"/{self.stride}" if self.stride > 1 else ""
        )

    def row(self, given: Volume) -> LayerRow:
        """size² C weights; biases only where no batch norm follows."""
        C = given.channels
        conv = Conv(
            self.size,
            self.stride,
            self.pad,
            self.rounding,
            filters=C,
            groups=C,
            bias=not self.batch_norm,
            batch_norm=self.batch_norm,
            label=self.name,
            note=self.note,
        )
        return conv.row(given)


@dataclass(frozen=True)
class Pool(Sliding):
    """Pooling.

    Args:
        size, stride, pad: of its windows
        mean: whether it takes the mean (else the maximum)
        learned: whether each channel has a factor and a bias (LeNet-5's subsampling)
    """

    mean: bool = False
    learned: bool = False

    @property
    def name(self) -> str:
        """POOL2 where the stride is the window's size, else POOL3/2; AVGPOOL for means."""
        step = "" if self.stride == self.size else f"/{self.stride}"
        return self.label or f"{'AVG' if self.mean else ''}POOL{self.size}{step}"

    def row(self, given: Volume) -> LayerRow:
        """No weights, and the channels stay."""
        output = Volume(*self.grid(given), given.channels)
        scales = 2 * given.channels if self.learned else 0
        return LayerRow(self.name, output, output.values, scales=scales, note=self.note)


@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """The mean of each channel."""

    @property
    def name(self) -> str:
        """GLOBAL AVGPOOL."""
        return self.label or "GLOBAL AVGPOOL"

    def row(self, given: Volume) -> LayerRow:
        """1 x 1, whatever the image's size."""
        output = Volume(1, 1, given.channels)
        return LayerRow(self.name, output, output.values, note=self.note)


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """Local response normalisation.

    The backward pass needs its input again, so its output is kept beside it.
    """

    @property
    def name(self) -> str:
        """LRN."""
        return self.label or "LRN"

    def row(self, given: Volume) -> LayerRow:
        """The shape stays; nothing is learned."""
        return LayerRow(self.name, given, given.values, note=self.note)


@dataclass(frozen=True)
class InPlace(Layer):
    """What changes neither shape nor memory: dropout, softmax."""

    @property
    def name(self) -> str:
        """What the data calls it."""
        return self.label

    def row(self, given: Volume) -> LayerRow:
        """The volume as it is."""
        return LayerRow(self.name, given, note=self.note)


DROPOUT = InPlace(label="DROPOUT")
SOFTMAX = InPlace(label="SOFTMAX")


@dataclass(frozen=True)
class FullyConnected(Layer):
    """Every output is a weighted sum of all values of the volume.

    Args:
        units: outputs
        learned: False where the weights are fixed (LeNet-5's last layer)
    """

    units: int = 0
    learned: bool = True

    @property
    def name(self) -> str:
        """FC."""
        return self.label or "FC"

    def row(self, given: Volume) -> LayerRow:
        """D * units weights for D values."""
        sizes = given if given.height * given.width > 1 else given[2:]
        weights = given.values * self.units
        formula = "*".join(map(str, (*sizes, self.units)))
        output = Volume(1, 1, self.units)
        if not self.learned:
            return LayerRow(self.name, output, output.values, multiply_adds=weights, note=self.note)
        return LayerRow(
            self.name,
            output,
            output.values,
            weights,
            self.units,
            formula=formula,
            multiply_adds=weights,
            note=self.note,
        )
