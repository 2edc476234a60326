"""File names whose encoding nobody declares."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from zipfile import ZipInfo

import pytest

from grader.intake import Workspace
from grader.intake.names import entry_names

Open = Callable[..., Workspace]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gbk", ["作业三/神经网络.py", "作业三/报告.md"]),
        ("gbk", ["第三次作业_张伟/layers.py", "第三次作业_张伟/训练.py"]),
        ("gbk", ["卷积层.py"]),
        ("cp932", ["課題3/ニューラルネット.py", "課題3/レポート.md"]),
        ("cp932", ["機械学習/層.py", "機械学習/学習.py"]),
        ("cp437", ["Übung 3/schichten.py", "Übung 3/Größe.py"]),
        ("cp437", ["tâche/réseau.py"]),
        ("utf-8", ["作业/网络.py", "レポート.md", "Übung.py"]),
        ("ascii", ["layers.py"]),
    ],
)
def test_names_are_read_in_the_encoding_they_look_right_in(encoding: str, names: list[str]) -> None:
    """Chinese, Japanese and Western zips without the UTF-8 flag show their real names."""
    entries = [ZipInfo(name.encode(encoding).decode("cp437")) for name in names]
    assert entry_names(entries) == names


def test_a_name_with_the_utf8_flag_is_taken_as_it_is() -> None:
    """The flag is a declaration; nothing is guessed."""
    entry = ZipInfo("第三次作业.py")
    entry.flag_bits = 0x800
    assert entry_names([entry]) == ["第三次作业.py"]


def test_the_unicode_path_field_is_used_when_it_belongs_to_the_name() -> None:
    """Some tools store the UTF-8 name beside the old one, with a checksum that ties the two."""
    raw = "Übung.py".encode("cp850")
    entry = ZipInfo(raw.decode("cp437"))
    name = "Übung.py".encode()
    field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name
    entry.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    assert entry_names([entry]) == ["Übung.py"]
    wrong = b"\x01" + (zlib.crc32(raw) ^ 1).to_bytes(4, "little") + b"other.py"
    entry.extra = b"\x75\x70" + len(wrong).to_bytes(2, "little") + wrong
    assert entry_names([entry]) != ["other.py"]


def test_a_chinese_zip_is_opened(opened: Open) -> None:
    """From the bytes of the file on: names in GBK, the report found by its Chinese name."""
    workspace = opened(
        [
            ("作业三/网络.py".encode("gbk"), "x = 1\n"),
            ("作业三/实验报告.md".encode("gbk"), "准确率 93%"),
            ("作业三/数据.csv".encode("gbk"), "1,2"),
        ]
    )
    assert [source.path for source in workspace.sources] == ["网络.py"]
    assert workspace.report is not None
    assert workspace.report.file == "实验报告.md"
    assert workspace.info.ignored[0].startswith("作业三/数据.csv")


def test_a_shift_jis_zip_is_opened(opened: Open) -> None:
    """A Shift-JIS name may contain the byte of a backslash; it is no backslash."""
    name = "表示ソ.py"
    assert b"\\" in name.encode("cp932")
    workspace = opened([(name.encode("cp932"), "x = 1\n"), ("課題.md".encode("cp932"), "x")])
    assert [source.path for source in workspace.sources] == [name]


def test_accents_have_one_form(opened: Open) -> None:
    """On macOS "é" is written as two characters; imports need the usual one."""
    workspace = opened([("re\u0301seau.py", "x = 1\n")])
    assert workspace.sources[0].path == "r\u00e9seau.py"
