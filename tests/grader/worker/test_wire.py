"""The value encoding: what it carries, and what it refuses before it costs anything."""

from __future__ import annotations

import math
import struct
import tracemalloc
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.worker.wire import (
    DTYPES,
    MAX_NDIM,
    Caps,
    Handle,
    Opaque,
    Reader,
    TooLarge,
    WireError,
    decode,
    encode,
    encode_bytes,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda name: npst.arrays(
        np.dtype(name), npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats()
    | st.complex_numbers()
    | _TEXT
    | st.integers(0, (1 << 64) - 1).map(Handle)
)
_VALUES = st.recursive(
    _SCALARS | _ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(_TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)


def _same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same, a.values(), b.values()))
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    return repr(a) == repr(b) if isinstance(a, complex) else bool(a == b)


@given(_VALUES)
def test_every_value_comes_back_as_it_was(value: object) -> None:
    """decode(encode(v)) has v's types, shapes, order and bits."""
    assert _same(decode(encode_bytes(value)), value)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_value_or_a_wire_error(content: bytes) -> None:
    """No content makes the reader raise anything else."""
    try:
        value = decode(content)
    except WireError:
        return
    encode_bytes(value)


@given(_VALUES, st.data())
def test_a_damaged_message_is_a_value_or_a_wire_error(value: object, data: st.DataObject) -> None:
    """Flipping a byte, cutting or extending a message never escapes as another exception."""
    content = bytearray(encode_bytes(value))
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (content, content[:cut], content + b"N"):
        try:
            decode(damaged)
        except WireError:
            continue


@given(_VALUES)
def test_bytes_left_over_are_an_error(value: object) -> None:
    """A message holds exactly one value."""
    with pytest.raises(WireError):
        decode(encode_bytes(value) + b"N")


def _array(code: int = 11, shape: tuple[int, ...] = (2,), nbytes: int = 16) -> bytes:
    content = b"a" + bytes([code, len(shape)])
    content += b"".join(struct.pack("<Q", n) for n in shape)
    return content + struct.pack("<Q", nbytes) + bytes(16)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_array(shape=(1 << 60,), nbytes=1 << 63), id="2^60 elements"),
        pytest.param(_array(shape=(1 << 63, 2), nbytes=16), id="product overflows 64 bits to 16"),
        pytest.param(_array(shape=(1 << 32, 1 << 32), nbytes=0), id="product overflows to zero"),
        pytest.param(_array(shape=(0, 1 << 62), nbytes=0), id="absurd length beside a zero"),
        pytest.param(_array(shape=((1 << 64) - 1,), nbytes=16), id="negative length"),
        pytest.param(_array(shape=(3,), nbytes=16), id="byte count below the shape"),
        pytest.param(_array(shape=(2,), nbytes=24), id="byte count above the shape"),
        pytest.param(_array(shape=(1 << 20,), nbytes=8 << 20), id="content missing"),
        pytest.param(_array(code=14), id="unknown dtype"),
        pytest.param(_array(code=255), id="unknown dtype 255"),
        pytest.param(b"a" + bytes([11, 9]) + bytes(9 * 8 + 8), id="nine dimensions"),
        pytest.param(b"l" + struct.pack("<I", 0xFFFFFFFF), id="four thousand million elements"),
        pytest.param(b"l" + struct.pack("<I", 100_000), id="elements missing"),
        pytest.param(b"l\x01\0\0\0" * 40 + b"N", id="deeper than the cap"),
        pytest.param(b"s" + struct.pack("<I", 0xFFFFFFFF), id="text missing"),
        pytest.param(b"s\x01\0\0\0\xff", id="not UTF-8"),
        pytest.param(b"s\x03\0\0\0\xed\xa0\x80", id="a surrogate"),
        pytest.param(b"d\x02\0\0\0" + b"\x01\0\0\0kN" * 2, id="a key twice"),
        pytest.param(b"o\x04\0\0\0\x1b[2J", id="terminal control in a type's name"),
        pytest.param(b"o" + struct.pack("<I", 5000) + b"x" * 5000, id="endless type name"),
        pytest.param(b"\x80\x04N.", id="a pickle"),
        pytest.param(b"\x93NUMPY\x01\0", id="an npy file"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"f\0\0", id="half a float"),
    ],
)
def test_malformed_messages_are_refused_before_anything_is_allocated(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each class of lie about sizes ends in WireError, and np.empty is never reached."""

    def no_allocation(*_args: object, **_kwargs: object) -> None:
        pytest.fail("something was allocated for a malformed message")

    monkeypatch.setattr(np, "empty", no_allocation)
    with pytest.raises(WireError):
        decode(content)


def test_caps_hold_on_both_sides() -> None:
    """What is too large, too long or too deep is refused by the writer and by the reader."""
    small = Caps(total_bytes=1000, elements=10, depth=3)
    deep: list[Any] = []
    for _ in range(5):
        deep = [deep]
    for value in (np.zeros(200), [0] * 11, {str(n): 0 for n in range(11)}, deep, "x" * 2000):
        with pytest.raises(TooLarge):
            encode(value, small)
        with pytest.raises(TooLarge):
            decode(encode_bytes(value), small)


def test_a_list_that_contains_itself_is_too_deep() -> None:
    """Self-reference ends at the depth cap instead of never."""
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(TooLarge, match="nested"):
        encode(loop)


def test_handles_are_counted() -> None:
    """The grader keeps account of each; hundreds of thousands took it half a minute."""
    few = [Handle(n) for n in range(Caps().handles)]
    assert decode(encode_bytes(few)) == few
    with pytest.raises(TooLarge, match="handles"):
        decode(encode_bytes([few, Handle(0)]))


def test_arrays_arrive_fresh_and_writable() -> None:
    """A decoded array owns its memory and may be changed and resized in place."""
    content = encode_bytes(np.arange(6.0))
    array = decode(content)
    assert isinstance(array, np.ndarray)
    assert array.flags.owndata
    assert array.flags.writeable
    array.resize((3, 2), refcheck=False)
    array += 1
    assert np.array_equal(decode(content), np.arange(6.0))  # type: ignore[arg-type]


def test_memory_order_does_not_travel() -> None:
    """Strided, transposed and Fortran-ordered arrays arrive in C order, equal in each element."""
    base = np.arange(24.0).reshape(2, 3, 4)
    for array in (base.T, base[:, ::-1], np.asfortranarray(base), base[:, :, 1]):
        got = decode(encode_bytes(array))
        assert isinstance(got, np.ndarray)
        assert got.flags.c_contiguous
        assert np.array_equal(got, array)


class _Liar(np.ndarray[Any, Any]):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        return True

    def __array_function__(self, *_args: Any, **_kwargs: Any) -> Any:
        return True

    def __array_ufunc__(self, *_args: Any, **_kwargs: Any) -> Any:
        return True


def test_array_subclasses_become_plain_arrays_of_the_same_bytes() -> None:
    """A subclass that answers True to every comparison arrives as what it holds."""
    got = decode(encode_bytes(np.zeros(3).view(_Liar)))
    assert type(got) is np.ndarray
    assert got.tolist() == [0, 0, 0]
    masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])  # type: ignore[no-untyped-call]
    assert type(decode(encode_bytes(masked))) is np.ndarray


class _Sly(dict[str, Any]):
    def __len__(self) -> int:
        return 0

    def items(self) -> Any:
        return []


def test_subclasses_of_builtins_become_their_base() -> None:
    """OrderedDict, namedtuple, bool-like ints and overridden methods change nothing."""
    point = namedtuple("point", "x y")(1, 2)
    assert decode(encode_bytes(OrderedDict(a=1))) == {"a": 1}
    assert decode(encode_bytes(point)) == (1, 2)
    assert decode(encode_bytes(_Sly(a=1))) == {"a": 1}


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.float64(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.complex128(1j), 1j),
        (np.str_("a"), "a"),
    ],
)
def test_numpy_scalars_that_have_an_equal_become_it(value: object, arrives: object) -> None:
    """float64, int64, bool_ and complex128 scalars arrive as Python's own."""
    got = decode(encode_bytes(value))
    assert got == arrives
    assert type(got) is type(arrives)


def test_other_numpy_scalars_keep_their_dtype_as_0d_arrays() -> None:
    """A float32 loss can be told from a float64 one."""
    got = decode(encode_bytes(np.float32(0.1)))
    assert isinstance(got, np.ndarray)
    assert (got.shape, got.dtype) == ((), np.float32)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "object"),
        (1 << 64, "int beyond 64 bits"),
        ({1: 2}, "dict with keys that are not text"),
        (np.array([object()]), "array of object"),
        (np.array(["a"]), "array of <U1"),
        (np.zeros(2, "M8[s]"), "array of datetime64[s]"),
        (np.zeros((1,) * (MAX_NDIM + 1)), "9-d array"),
        (type("a\x1b[2Jb" + "x" * 500, (), {})(), "a?[2Jb" + "x" * 94),
    ],
)
def test_what_has_no_encoding_is_opaque_and_named(value: object, name: str) -> None:
    """Objects never travel; their type's name does, cut and printable."""
    assert decode(encode_bytes(value)) == Opaque(name)


def test_bools_are_normalised() -> None:
    """Bytes other than 0 and 1 cannot make a bool array that is not equal to itself."""
    content = bytearray(encode_bytes(np.array([True, False])))
    content[-2] = 7
    got = decode(content)
    assert isinstance(got, np.ndarray)
    assert got.view(np.uint8).tolist() == [1, 0]


def test_surrogates_are_replaced_by_the_writer() -> None:
    """Text from inside is always encodable outside."""
    assert decode(encode_bytes("a\ud800b")) == "a?b"


def test_unusual_number_formats_are_converted() -> None:
    """Big-endian arrays arrive little-endian, longdouble as float64."""
    big = decode(encode_bytes(np.array([1, 2], ">i4")))
    long = decode(encode_bytes(np.array([1.5], np.longdouble)))
    assert isinstance(big, np.ndarray)
    assert isinstance(long, np.ndarray)
    assert (big.dtype, big.tolist()) == (np.dtype("<i4"), [1, 2])
    assert (long.dtype, long.tolist()) == (np.dtype("<f8"), [1.5])


def test_a_reader_tells_where_each_value_stands() -> None:
    """Positions delimit values, so that arguments can be compared with the bytes they came in."""
    parts = [encode_bytes(v) for v in (1, "ab", np.zeros(2))]
    reader = Reader(b"".join(parts))
    for part in parts:
        start = reader.position
        reader.read()
        assert reader.position - start == len(part)
    reader.finish()


_CAP = 1 << 16
_LENGTHS = st.sampled_from([0, 1, 2, 255, 1 << 16, 1 << 31, 1 << 32, 1 << 62, (1 << 64) - 1])


@given(
    code=st.integers(0, 20),
    shape=st.lists(_LENGTHS, max_size=10),
    nbytes=_LENGTHS,
    content=st.binary(max_size=64),
)
def test_a_lying_array_costs_no_memory(
    code: int, shape: list[int], nbytes: int, content: bytes
) -> None:
    """Whatever shape and byte count are announced: never more is allocated than was sent."""
    message = _array(code, tuple(shape), nbytes)[:-16] + content
    assert _peak(message) < 64_000


@given(tag=st.sampled_from(b"ltdsoa"), length=_LENGTHS, content=st.binary(max_size=64))
def test_a_lying_container_costs_no_memory(tag: int, length: int, content: bytes) -> None:
    """Nor for lists, texts and dicts, nested in one another."""
    start = bytes([tag]) + struct.pack("<I", length & 0xFFFFFFFF)
    assert _peak(start + content) < 64_000
    assert _peak(b"l\x01\0\0\0" * 20 + start + content) < 64_000


def _peak(message: bytes) -> int:
    """Bytes that decoding took at its worst."""
    decode_or_refuse(message)  # whatever is built only once
    tracemalloc.start()
    try:
        decode_or_refuse(message)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def decode_or_refuse(message: bytes) -> None:
    try:
        decode(message, Caps(total_bytes=_CAP))
    except WireError:
        return


@given(first=_VALUES, second=_VALUES, data=st.data())
def test_spliced_messages_are_a_value_or_a_wire_error(
    first: object, second: object, data: st.DataObject
) -> None:
    """The beginning of one message and the end of another, with some bits turned."""
    a, b = encode_bytes(first), encode_bytes(second)
    content = bytearray(
        a[: data.draw(st.integers(0, len(a)))] + b[data.draw(st.integers(0, len(b))) :]
    )
    for bit in data.draw(st.lists(st.integers(0, max(0, 8 * len(content) - 1)), max_size=4)):
        if content:
            content[bit // 8] ^= 1 << bit % 8
    decode_or_refuse(bytes(content))
