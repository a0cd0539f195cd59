"""A seccomp deny-list as a classic BPF program, assembled here (no library, no compiler).

Sources: linux/seccomp.h, linux/bpf_common.h, linux/audit.h; numbers from the kernel's syscall tables
(x86_64: syscall_64.tbl; aarch64: the generic table). An unknown architecture, and x86's 32-bit and x32
entries, kill the process. Denied calls return an errno, so that a learner gets an exception with a line.
"""

from __future__ import annotations

import errno
import platform
import struct

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NR, ARCH, ARG0 = 0, 4, 16  # offsets in struct seccomp_data; ARG0: the low half, both are little-endian

CLONE_THREAD = 0x00010000
NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
ARCHES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

SYSCALLS: dict[str, tuple[int | None, int | None]] = {
    # other processes: reading, steering, slowing (same uid where the host is not root)
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # leaving the process group, by which a run is killed
    "setpgid": (109, 154),
    "setsid": (112, 157),
    # sockets of every family; socketpair stays (asyncio needs it and it reaches nobody)
    "socket": (41, 198),
    # namespaces, mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # kernel surface no exercise needs
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "acct": (163, 89),
    "syslog": (103, 116),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    # memory and objects no limit counts, or that outlive the run
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    # what Landlock does not govern: modes, owners, times and attributes of files
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "mknod": (133, None),
    "mknodat": (259, 33),
}
FORKS: dict[str, tuple[int | None, int | None]] = {"fork": (57, None), "vfork": (58, None)}
EXEC: dict[str, tuple[int | None, int | None]] = {"execve": (59, 221), "execveat": (322, 281)}
CLONE, CLONE3, PRLIMIT = (56, 220), (435, 435), (302, 261)


def program(*, processes: bool = False, exec_allowed: bool = True, machine: str | None = None) -> bytes:
    """The filter's bytes (struct sock_filter each). Without `processes` only threads can be made, so that
    RLIMIT_AS bounds the memory of the whole run and nothing outlives it: fork gives EAGAIN.

    Raises KeyError for a machine we have no table for.
    """
    audit, column = ARCHES[machine or platform.machine()]
    code = [_op(LOAD, ARCH), _op(EQUAL, audit, 1, 0), _op(RETURN, KILL), _op(LOAD, NR)]
    if column == 0:
        code += [_op(AT_LEAST, 0x40000000, 0, 1), _op(RETURN, KILL)]
    for numbers in (SYSCALLS | ({} if exec_allowed else EXEC)).values():
        code += _deny(numbers[column], errno.EPERM)
    code += _deny(CLONE3[column], errno.ENOSYS)  # its flags are behind a pointer; libc falls back to clone
    # prlimit64 only on oneself: with the same uid it could lower the limits of the host's processes
    code += [
        _op(EQUAL, PRLIMIT[column], 0, 4),
        _op(LOAD, ARG0),
        _op(EQUAL, 0, 1, 0),
        _op(RETURN, ERRNO | errno.EPERM),
        _op(RETURN, ALLOW),
    ]
    if not processes:
        for numbers in FORKS.values():
            code += _deny(numbers[column], errno.EAGAIN)
    # clone: with processes allowed only new namespaces are refused, else all but new threads
    code += [
        _op(EQUAL, CLONE[column], 0, 4),
        _op(LOAD, ARG0),
        _op(ANY_BIT, NAMESPACES, 0, 1) if processes else _op(ANY_BIT, CLONE_THREAD, 1, 0),
        _op(RETURN, ERRNO | (errno.EPERM if processes else errno.EAGAIN)),
        _op(RETURN, ALLOW),
    ]
    return b"".join([*code, _op(RETURN, ALLOW)])


def _op(code: int, k: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, true, false, k)


def _deny(number: int | None, error: int) -> list[bytes]:
    return [] if number is None else [_op(EQUAL, number, 0, 1), _op(RETURN, ERRNO | error)]
