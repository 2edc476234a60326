"""The filter in the kernel: what is refused, and how. What must work: test_seccomp_allows.py."""

from __future__ import annotations

import errno
import json
import os
import platform
import signal
from typing import TYPE_CHECKING

import pytest

from grader.worker import seccomp
from grader.worker.syscalls import ARCHITECTURES

if TYPE_CHECKING:
    from .conftest import Filtered

pytestmark = pytest.mark.skipif(
    not seccomp.available(), reason="NOT TESTED: no filter of system calls on this machine"
)
_X86_64 = pytest.mark.skipif(platform.machine() != "x86_64", reason="x86_64 only")

# name:x86_64:aarch64
_REFUSED = {
    "processes": "fork:57:- vfork:58:- execve:59:221 execveat:322:281 wait4:61:260 "
    "waitid:247:95 setsid:112:157 setpgid:109:154",
    "networks": "socket:41:198 socketpair:53:199 connect:42:203 bind:49:200 listen:50:201 "
    "accept:43:202 accept4:288:242 getpeername:52:205 shutdown:48:210 setsockopt:54:208 "
    "sendmsg:46:211 recvmsg:47:212 sendmmsg:307:269 recvmmsg:299:243",
    "other processes": "ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 "
    "process_madvise:440:440 process_mrelease:448:448 pidfd_open:434:434 pidfd_getfd:438:438 "
    "pidfd_send_signal:424:424 kcmp:312:272 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240",
    "memory outside the limits": "memfd_create:319:279 memfd_secret:447:447 mlock:149:228 "
    "mlock2:325:284 mlockall:151:230 userfaultfd:323:282 remap_file_pages:216:234 "
    "vmsplice:278:75 splice:275:76 tee:276:77 pkey_mprotect:329:288",
    "the kernel": "io_uring_setup:425:425 io_uring_enter:426:426 io_uring_register:427:427 "
    "io_setup:206:0 bpf:321:280 perf_event_open:298:241 seccomp:317:277 init_module:175:105 "
    "finit_module:313:273 delete_module:176:106 kexec_load:246:104 kexec_file_load:320:294 "
    "reboot:169:142 syslog:103:116 acct:163:89 swapon:167:224 swapoff:168:225 vhangup:153:58 "
    "landlock_create_ruleset:444:444 landlock_add_rule:445:445 landlock_restrict_self:446:446",
    "keys": "add_key:248:217 request_key:249:218 keyctl:250:219",
    "mounts": "mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51 open_tree:428:428 "
    "move_mount:429:429 fsopen:430:430 fsconfig:431:431 fsmount:432:432 fspick:433:433 "
    "mount_setattr:442:442 unshare:272:97 setns:308:268",
    "identity": "setuid:105:146 setgid:106:144 setreuid:113:145 setregid:114:143 "
    "setresuid:117:147 setresgid:119:149 setgroups:116:159 setfsuid:122:151 setfsgid:123:152 "
    "capset:126:91 personality:135:92",
    "modes, owners, times, attributes": "chmod:90:- fchmod:91:52 fchmodat:268:53 chown:92:- "
    "fchown:93:55 lchown:94:- fchownat:260:54 utime:132:- utimes:235:- utimensat:280:88 "
    "futimesat:261:- setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7 getxattr:191:8 "
    "lgetxattr:192:9 fgetxattr:193:10 listxattr:194:11 removexattr:197:14 lremovexattr:198:15 "
    "fremovexattr:199:16",
    "links, nodes, handles": "link:86:- linkat:265:37 symlink:88:- symlinkat:266:36 mknod:133:- "
    "mknodat:259:33 name_to_handle_at:303:264 open_by_handle_at:304:265",
    "locks and queues": "flock:73:32 shmget:29:194 shmat:30:196 shmdt:67:197 shmctl:31:195 "
    "semget:64:190 semop:65:193 semtimedop:220:192 semctl:66:191 msgget:68:186 msgsnd:69:189 "
    "msgrcv:70:188 msgctl:71:187 mq_open:240:180 mq_unlink:241:181 mq_timedsend:242:182 "
    "mq_timedreceive:243:183 mq_notify:244:184 mq_getsetattr:245:185",
    "watching": "inotify_init:253:- inotify_init1:294:26 inotify_add_watch:254:27 "
    "fanotify_init:300:262 fanotify_mark:301:263",
    "the machine": "settimeofday:164:170 clock_settime:227:112 clock_adjtime:305:266 "
    "adjtimex:159:171 sethostname:170:161 setdomainname:171:162 quotactl:179:60 "
    "quotactl_fd:443:443 sync:162:81 syncfs:306:267 iopl:172:- ioperm:173:- modify_ldt:154:-",
    "scheduling": "sched_setaffinity:203:122 sched_setparam:142:118 sched_setscheduler:144:119 "
    "sched_setattr:314:274 setpriority:141:140 ioprio_set:251:30 mbind:237:235 "
    "set_mempolicy:238:237 move_pages:279:239 migrate_pages:256:238 "
    "set_mempolicy_home_node:450:450",
    "clocks that signal": "timer_create:222:107 timerfd_create:283:85 signalfd4:289:74",
}

# uretprobe and uprobe: kernels that have them on x86_64 do not show them to a filter. They serve
# only code that the kernel itself has put into a process.
_PROBES = {"x86_64": {335, 336}}

_NUMBERS_ASKED = [
    number
    for number in range(601)
    if seccomp.available()
    and number not in ARCHITECTURES[platform.machine()].numbers.values()
    and number not in _PROBES.get(platform.machine(), ())
]
_AS_NOBODY = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)"


_RAW = """
libc = ctypes.CDLL(None, use_errno=True)
def raw(number, *arguments):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in arguments]) >= 0:
        return 0
    return ctypes.get_errno()
"""


@pytest.fixture(scope="module", params=["as started", "as nobody"])
def answers(filtered: Filtered, request: pytest.FixtureRequest) -> dict[int, int]:
    """The errno of every call outside the table, asked with zeros."""
    if request.param == "as nobody" and os.getuid() != 0:
        pytest.skip("started as an ordinary user: tested as that")
    first = _AS_NOBODY if request.param == "as nobody" else ""
    asked = f"print([raw(n, 0, 0, 0, 0, 0, 0) for n in {_NUMBERS_ASKED}])"
    got: list[int] = json.loads(filtered.output(_RAW + asked, first=first))
    return dict(zip(_NUMBERS_ASKED, got, strict=True))


def _numbers(family: str, machine: str) -> dict[str, int]:
    column = {"x86_64": 1, "aarch64": 2}[machine]
    calls = [call.split(":") for call in _REFUSED[family].split()]
    return {call[0]: int(call[column]) for call in calls if call[column] != "-"}


@pytest.mark.parametrize("family", _REFUSED)
def test_a_family_is_refused(answers: dict[int, int], family: str) -> None:
    """Each call of the family answers EPERM, to root as to an ordinary user."""
    numbers = _numbers(family, platform.machine())
    got = {name: answers.get(n) for name, n in numbers.items()}
    assert got == dict.fromkeys(numbers, errno.EPERM)


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize("family", _REFUSED)
def test_a_family_is_in_no_architectures_table(machine: str, family: str) -> None:
    """Also on the architecture that this is not."""
    allowed = set(ARCHITECTURES[machine].numbers.values())
    assert [name for name, n in _numbers(family, machine).items() if n in allowed] == []


def test_every_other_call_is_refused_or_unknown(answers: dict[int, int]) -> None:
    """EPERM up to the newest call the table knows, ENOSYS for clone3 and beyond."""
    known = ARCHITECTURES[platform.machine()]
    expected = {
        n: errno.ENOSYS if n == known.clone3 or n > known.newest else errno.EPERM
        for n in _NUMBERS_ASKED
    }
    assert answers == expected


_ATTEMPTS = (
    "os.fork()",
    "os.execv('/bin/true', ['true'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "subprocess.run(['/bin/true'])",
    "os.setsid()",
    "os.kill(0, 0)",
    "os.kill(-1, 0)",
    "os.kill(-os.getpgrp(), 0)",
    "os.kill(os.getppid(), 0)",
    "os.killpg(0, 0)",
    "os.getpgid(os.getppid())",
    "os.chmod('.', 0o755)",
    "os.utime('.')",
    "os.symlink('a', 'b')",
    "os.link(sys.executable, 'b')",
    "os.mkfifo('pipe')",
    "os.setxattr('.', 'user.a', b'')",
    "os.memfd_create('hoard')",
    "os.truncate(sys.executable, 1 << 40)",
    "mmap.mmap(-1, 4096)",
    "os.nice(1)",
    "os.sched_setaffinity(0, [0])",
    "socket.socket()",
    "socket.socketpair()",
    "fcntl.lockf(1, fcntl.LOCK_EX)",
    "fcntl.flock(1, fcntl.LOCK_EX)",
    "fcntl.fcntl(1, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "fcntl.fcntl(1, fcntl.F_NOTIFY, 0)",
    "fcntl.fcntl(1, fcntl.F_SETOWN, os.getpid())",
    "fcntl.fcntl(1, 1031, 1 << 20)",  # F_SETPIPE_SZ, which Python 3.11 does not name everywhere
    "fcntl.ioctl(0, termios.TIOCSTI, b'x')",
    "fcntl.ioctl(0, 0x541C, b'x')",  # TIOCLINUX, which can paste as TIOCSTI can type
    "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
)
_ATTEMPT = """
def attempt(source):
    try:
        eval(source)
    except BaseException as error:
        return type(error).__name__
import fcntl, json, mmap, resource, socket, subprocess, termios
"""


@pytest.fixture(scope="module")
def attempts(filtered: Filtered, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """The exception that each attempt ends with, all made by one process."""
    ask = f"print(json.dumps({{source: attempt(source) for source in {_ATTEMPTS!r}}}))"
    folder = tmp_path_factory.mktemp("attempts")
    got: dict[str, str | None] = json.loads(
        filtered.output(ask, first=f"{_ATTEMPT}os.chdir({str(folder)!r})")
    )
    return got


@pytest.mark.parametrize("attempt", _ATTEMPTS)
def test_python_is_told_of_a_refusal(attempts: dict[str, str | None], attempt: str) -> None:
    """PermissionError, of which a verdict can be made."""
    assert attempts[attempt] == "PermissionError"


@pytest.mark.parametrize("option", ["1, 0", "4, 1", "22, 2", "38, 1", "8, 1", "36, 1", "47, 4"])
def test_prctl_sets_nothing_that_matters(filtered: Filtered, option: str) -> None:
    """Not the signal at the parent's death, dumpability, filters, kept or ambient capabilities."""
    number = ARCHITECTURES[platform.machine()].numbers["prctl"]
    assert filtered.output(f"{_RAW}print(raw({number}, {option}))") == f"{errno.EPERM}\n"


def test_an_unknown_call_does_not_exist(filtered: Filtered) -> None:
    """ENOSYS, so that the C library tries something older."""
    assert filtered.output(f"{_RAW}print(raw(100000))") == f"{errno.ENOSYS}\n"


@_X86_64
@pytest.mark.parametrize("number", [0x4000_0000 + 39, 0x4000_0000 + 520])
def test_x32_kills(filtered: Filtered, number: int) -> None:
    """Calls getpid and execve by their x32 numbers: no program of ours makes such a call."""
    assert filtered.run(f"{_RAW}raw({number})").returncode == -signal.SIGSYS


_INT_80 = """
import mmap
# mov eax, 20 (getpid on i386); int 0x80; ret
code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
call = ctypes.CFUNCTYPE(ctypes.c_int)(address)
"""


@_X86_64
@pytest.mark.parametrize("number", [335, 336])
def test_probes_are_no_way_out(filtered: Filtered, number: int) -> None:
    """Where the kernel hides them from filters, it kills or answers ENXIO on its own."""
    done = filtered.run(f"{_RAW}print(raw({number}))")
    answers = {(0, f"{code}\n") for code in (errno.EPERM, errno.ENXIO)}
    assert (done.returncode, done.stdout) in {(-signal.SIGILL, ""), *answers}


@_X86_64
def test_a_32_bit_call_kills(filtered: Filtered) -> None:
    """Through interrupt 0x80 the numbers mean other calls."""
    without = filtered.run("", first=f"{_INT_80}assert call() == os.getpid()")
    if without.returncode != 0:
        pytest.skip("NOT TESTED: this kernel makes no 32-bit calls")
    assert filtered.run("call()", first=_INT_80).returncode == -signal.SIGSYS


def test_a_filter_cannot_be_taken_off_or_replaced(filtered: Filtered) -> None:
    """A second one is refused, and what was refused stays so."""
    source = (
        "try:\n    seccomp.install(threads=True)\nexcept PermissionError:\n    print('refused')\n"
        "print(open('/proc/self/status').read().split('Seccomp:')[1].split()[0])"
    )
    assert filtered.output(source) == "refused\n2\n"


def test_an_unknown_architecture_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, rather than filter with another's numbers."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    seccomp.prepare.cache_clear()
    assert not seccomp.available()
    with pytest.raises(OSError, match="riscv64"):
        seccomp.prepare(threads=False)
