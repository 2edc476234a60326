"""Landlock: what a process may still do to files, sockets and processes around it.

Each test asks a real process behind the wall; one before the wall is the control, so that a
refusal is the wall's and not the machine's.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy.random.mtrand
import pytest

from grader.worker import landlock

_BEHIND = """
import errno, fcntl, mmap, os, shutil, signal, socket, sys, threading
from grader.worker import landlock

box, readable = sys.argv[1], sys.argv[3:]
os.chdir(box)

def attempt(action, *arguments):
    "What became of it: the error's name, or fine."
    try:
        action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "fine"

def read(path): open(path).read()
def write(path): open(path, "w").write("x")

if sys.argv[2] == "walled":
    landlock.restrict([landlock.open_path(p) for p in readable], [landlock.open_path(box)])
"""


class Place:
    """A box, a folder that may be read, and one that may not be touched."""

    def __init__(self, folder: Path) -> None:
        self.box, self.readable, self.outside = (
            folder / name for name in ("box", "readable", "outside")
        )
        for made in (self.box, self.readable, self.outside):
            made.mkdir()
            (made / "file").write_text("text")

    def run(self, source: str, *, walled: bool = True, also: tuple[Path, ...] = ()) -> list[str]:
        """The words that a process prints after it went behind the wall, or did not."""
        names = {"readable": self.readable, "outside": self.outside, "box": self.box}
        constants = "".join(f"\n{name} = {str(path)!r}" for name, path in names.items())
        arguments = [self.box, "walled" if walled else "free", self.readable, *also]
        done = subprocess.run(
            [sys.executable, "-c", _BEHIND + constants + "\n" + source, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def both(self, source: str, also: tuple[Path, ...] = ()) -> tuple[list[str], list[str]]:
        """The same in front of the wall and behind it."""
        return self.run(source, walled=False, also=also), self.run(source, also=also)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    if landlock.version() == 0:
        pytest.skip("LANDLOCK WAS NOT TESTED: this kernel has none")
    return Place(tmp_path)


def names(folder: Path) -> list[str]:
    """Of what a folder holds."""
    return sorted(path.name for path in folder.iterdir())


def needs(version: int) -> None:
    """Skip where the kernel's Landlock is older."""
    if landlock.version() < version:
        pytest.skip(f"this kernel's Landlock has version {landlock.version()}, not {version}")


def test_files_outside_cannot_be_read(place: Place) -> None:
    """A path that was not named is refused, also through .. and through a link."""
    (place.box / "link").symlink_to(place.outside / "file")
    source = (
        "print(*(attempt(read, p) for p in (outside + '/file', '../outside/file', 'link')),"
        " attempt(os.listdir, outside))"
    )
    assert place.both(source) == (["fine"] * 4, ["EACCES"] * 4)


def test_named_folders_and_files_can_be_read(place: Place) -> None:
    """A folder with all below it; of a file's neighbours nothing."""
    (place.readable / "deep").mkdir()
    (place.readable / "deep" / "file").write_text("text")
    (place.outside / "neighbour").write_text("text")
    source = (
        "print(*(attempt(read, p) for p in (readable + '/file', readable + '/deep/file',"
        " outside + '/file', outside + '/neighbour')), attempt(os.listdir, readable))"
    )
    got = place.run(source, also=(place.outside / "file",))
    assert got == ["fine", "fine", "fine", "EACCES", "fine"]


def test_what_can_be_read_cannot_be_changed(place: Place) -> None:
    """Not written, made, removed, moved out or linked into the box."""
    source = """
print(attempt(write, readable + '/file'), attempt(write, readable + '/new'),
      attempt(os.mkdir, readable + '/folder'), attempt(os.unlink, readable + '/file'),
      attempt(os.rename, readable + '/file', box + '/moved'),
      attempt(os.link, readable + '/file', box + '/hard'))"""
    assert all(word in {"EACCES", "EXDEV"} for word in place.run(source))
    assert (place.readable / "file").read_text() == "text"
    assert names(place.readable) == ["file"]
    assert place.run(source, walled=False)[:4] == ["fine"] * 4


def test_files_outside_cannot_be_changed(place: Place) -> None:
    """Writing, moving in either direction, linking: all refused."""
    source = """
print(attempt(write, outside + '/file'), attempt(write, outside + '/new'),
      attempt(os.rename, box + '/file', outside + '/moved'),
      attempt(os.rename, outside + '/file', box + '/moved'),
      attempt(os.link, outside + '/file', box + '/hard'),
      attempt(os.unlink, outside + '/file'))"""
    assert all(word in {"EACCES", "EXDEV"} for word in place.run(source))
    assert (place.outside / "file").read_text() == "text"
    assert names(place.box) == names(place.outside) == ["file"]


def test_a_file_outside_cannot_be_cut_short(place: Place) -> None:
    """From version 3: without opening it, by its path."""
    needs(3)
    source = "print(attempt(os.truncate, outside + '/file', 1))"
    assert place.run(source) == ["EACCES"]
    assert place.both(source.replace("outside", "readable"))[1] == ["EACCES"]


def test_the_usual_work_with_files_goes_on_in_the_box(place: Place) -> None:
    """Make, write, append, read, map, lock, cut, move between folders, walk, copy, remove."""
    needs(3)
    source = """
os.makedirs('a/b/c')
with open('a/one', 'wb+') as file:
    file.write(b'x' * 8192); file.flush()
    with mmap.mmap(file.fileno(), 0) as mapped:
        mapped[0] = 0
    fcntl.flock(file, fcntl.LOCK_EX)
    file.truncate(10)
open('a/one', 'ab').write(b'more')
os.truncate('a/one', 12)
os.rename('a/one', 'a/b/two')
os.replace('a/b/two', 'three')
os.link('three', 'four')
shutil.copy('three', 'a/b/c/five')
os.chmod('three', 0o600); os.utime('three', (1, 1))
print(sum(len(names) for _, _, names in os.walk('.')), os.path.getsize('a/b/c/five'))
shutil.rmtree('a'); os.unlink('three'); os.unlink('four')
print(*os.listdir('.'))
"""
    assert place.run(source) == ["4", "12", "file"]


def test_nothing_special_can_be_made_in_the_box(place: Place) -> None:
    """No links, pipes, sockets: nothing to lead astray whoever looks into the box afterwards."""
    source = """
bound = lambda: socket.socket(socket.AF_UNIX).bind('socket')
print(attempt(os.symlink, '/etc/passwd', 'link'), attempt(os.mkfifo, 'pipe'), attempt(bound))"""
    assert place.run(source) == ["EACCES"] * 3
    assert place.run(source, walled=False) == ["fine"] * 3


def test_no_program_can_be_started(place: Place) -> None:
    """Neither one that may be read nor one the process has written itself."""
    program = Path(sys.executable).resolve()
    source = f"""
shutil.copy({str(program)!r}, 'copy'); os.chmod('copy', 0o700)
print(attempt(os.execv, {str(program)!r}, ['python', '-c', '']),
      attempt(os.execv, './copy', ['python', '-c', '']))"""
    # With the program loader and all libraries readable, nothing else stands in the way.
    assert place.run(source, also=(Path("/"),)) == ["EACCES", "EACCES"]


def test_compiled_modules_can_be_loaded_from_what_is_readable(place: Place) -> None:
    """Mapping code into memory takes no right to execute."""
    compiled = Path(numpy.random.mtrand.__file__)
    source = f"import ctypes\nprint(attempt(ctypes.CDLL, {str(compiled)!r}))"
    assert place.run(source, also=(compiled.parent,)) == ["fine"]


def test_what_was_open_before_stays_usable(place: Place) -> None:
    """The channel to the grader is a descriptor that is open already."""
    code = """
import os, sys
from grader.worker import landlock
file = open(sys.argv[1], 'r+')
landlock.restrict([], [])
file.write('TEXT'); file.flush(); file.seek(0); print(file.read())
"""
    path = str(place.outside / "file")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    assert done.stdout.split() == [b"TEXT"]


def test_the_wall_holds_for_children_and_threads(place: Place) -> None:
    """And one cannot give oneself more afterwards."""
    source = """
def tell(): print(attempt(read, outside + '/file'), flush=True)
thread = threading.Thread(target=tell); thread.start(); thread.join()
if os.fork() == 0:
    tell(); os._exit(0)
os.wait()
landlock.restrict([landlock.open_path('/')], [])
tell()"""
    assert place.run(source) == ["EACCES"] * 3


def test_tcp_is_refused(place: Place) -> None:
    """From version 4: neither a connection to a listener that is there, nor a listener."""
    needs(4)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        source = f"""
print(attempt(lambda: socket.create_connection({address!r}, timeout=5)),
      attempt(lambda: socket.create_server(('127.0.0.1', 0))))"""
        assert place.both(source) == (["fine", "fine"], ["EACCES", "EACCES"])


def test_abstract_sockets_are_refused(place: Place) -> None:
    """From version 6: not those of processes outside; the network namespace is not needed."""
    needs(6)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(b"\0goldgrad-test-%d" % os.getpid())  # a folder's name may be too long
        listener.listen()
        address = listener.getsockname()
        source = f"print(attempt(socket.socket(socket.AF_UNIX).connect, {address!r}))"
        assert place.both(source) == (["fine"], ["EPERM"])


def test_signals_reach_only_processes_behind_the_same_wall(place: Place) -> None:
    """From version 6: not the parent, not everybody; but one's own child and oneself."""
    needs(6)
    source = """
print(attempt(os.kill, os.getppid(), 0), attempt(os.kill, os.getpid(), 0))
child = os.fork()
if child == 0:
    signal.pause()
print(attempt(os.kill, child, signal.SIGKILL), os.wait()[0] == child)"""
    assert place.both(source) == (
        ["fine", "fine", "fine", "True"],
        ["EPERM", "fine", "fine", "True"],
    )


def test_rules_made_before_a_fork_are_those_made_without(place: Place) -> None:
    """`prepare` saves time and changes nothing."""
    source = """
descriptors = [landlock.open_path(readable), landlock.open_path(readable + '/file')]
landlock.prepare(tuple(descriptors))
if os.fork() == 0:
    landlock.restrict(descriptors, [])
    print(attempt(read, readable + '/file'), attempt(write, readable + '/file'),
          attempt(read, 'file'), attempt(os.listdir, readable), flush=True)
    os._exit(0)
os.wait()"""
    assert place.run(source, walled=False) == ["fine", "EACCES", "EACCES", "fine"]


def test_a_descriptor_that_is_none_is_an_error(place: Place) -> None:
    """A wall that could not be built is never taken for one that stands."""
    source = """
print(attempt(landlock.restrict, [10**6], []), attempt(read, outside + '/file'))"""
    assert place.run(source, walled=False) == ["EBADF", "fine"]
