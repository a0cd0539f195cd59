"""Prepares a program of another language, runs it, and tells the host what it did. Executed inside the sandbox.

It goes on in the harness's own namespace (`harness.main` hands over to it) and stays the parent of the learner's
process, which has neither the host's orders nor its descriptors: a line of the learner's is passed on only as the
answer to the call that is being made, under a nonce the learner never sees.

In: marshal frames on `control`: the setup (`languages.Source.setup`) with the program, then one call at a time.
To the learner's process: a JSON line for each call on descriptor 3. From it: on descriptor 4 one line for each call,
the call's key and the fields of an observation without nonce and braces. A line without the key is left from an earlier
call, or the learner's own, and not heard.
"""

# ruff: noqa: S302, S606, PTH102, PTH109 - marshal comes from the host only; pathlib takes 10 ms to import

from __future__ import annotations

import marshal
import os
import select

TYPE_CHECKING = False  # as in typing, whose import costs as much as starting Python
if TYPE_CHECKING:
    from typing import Any, BinaryIO

    from shared.sandbox.inside.harness import clear, clip, failed, put, quote

CONTROL, ANSWERS = 3, 4
ABORTED = {4, 5, 6}  # SIGILL, SIGTRAP, SIGABRT: how V8 ends for want of memory
SET_SECCOMP, SET_PDEATHSIG, SET_NO_NEW_PRIVS, SIGKILL = 22, 1, 38, 9
SAID = 8192
DYING = (b"panic: ", b"fatal error: ", b"runtime: ", b"SIGSEGV: ")
LOAD, LOADED = '"do":"load"', '"outcome":"loaded"'


class Child:
    """A process of the learner's: the language's harness waiting for calls, or the program itself."""

    def __init__(self, setup: dict[str, Any], argv: list[str], stdin: int, cpu: float) -> None:
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        self.errors, errors = os.pipe() if setup["last_words"] else (-1, 2)
        self.words, self.dying = b"", False
        self.line, self.key = bytearray(), ""
        self.pid = os.fork()
        if self.pid == 0:
            become(
                setup,
                argv,
                {0: stdin, 2: errors, CONTROL: orders, ANSWERS: answers},
                run_limits(setup, cpu),
                setup["env"],
            )
        os.close(orders)
        os.close(answers)
        os.set_blocking(self.answers, False)
        if self.errors >= 0:
            os.close(errors)
            os.set_blocking(self.errors, False)
        self.pidfd = os.pidfd_open(self.pid)

    def tell(self, order: str) -> None:
        """`order`: the fields of a JSON object."""
        self.key = os.urandom(8).hex()
        self.words, self.dying = b"", False
        try:
            content = memoryview(f'{{"key":"{self.key}",{order}}}\n'.encode())
            while content:
                content = content[os.write(self.orders, content) :]
        except BrokenPipeError:
            pass  # it has ended: `heard` says so

    def heard(self, most: int) -> str | None:
        """The fields it answers; None when it ends without. Raises OverflowError for a line beyond `most` bytes."""
        poll = select.poll()
        poll.register(self.answers, select.POLLIN)
        poll.register(self.pidfd, select.POLLIN)
        if self.errors >= 0:
            poll.register(self.errors, select.POLLIN)
        while True:
            ready = dict(poll.poll())
            if self.errors in ready and not self.listen():
                poll.unregister(self.errors)
            if self.answers in ready:
                try:
                    chunk = os.read(self.answers, 65536)
                except BlockingIOError:
                    continue
                if not chunk:
                    poll.unregister(self.answers)
                self.line += chunk
                while (end := self.line.find(b"\n")) >= 0:
                    key, _, fields = bytes(self.line[:end]).decode("utf-8", "replace").partition(" ")
                    del self.line[: end + 1]
                    if key == self.key:
                        self.listen()
                        return fields
                if len(self.line) > most:
                    raise OverflowError
            elif self.pidfd in ready:
                return None

    def listen(self) -> bool:
        """Passes on what it has written to stderr, of a dying runtime's report no more than the beginning, which is
        kept. Whether there may be more."""
        while self.errors >= 0:
            try:
                chunk = os.read(self.errors, 4096)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            if self.dying:
                chunk = chunk[: SAID - len(self.words)]
                self.words += chunk
            else:
                self.words = self.words[-16:] + chunk
                begins = [at for mark in DYING if (at := self.words.find(mark)) >= 0]
                self.dying = bool(begins)
                self.words = self.words[min(begins, default=0) :]
            while chunk:
                chunk = chunk[os.write(2, chunk) :]
        return False

    def gone(self) -> bool:
        return bool(select.select([self.pidfd], [], [], 0)[0])

    def ended(self) -> tuple[int, float]:
        """Its exit code (negative: the signal) and its CPU in seconds; it is given a moment to end by itself."""
        if not select.select([self.pidfd], [], [], 0.2)[0]:
            os.kill(self.pid, SIGKILL)
        _, status, used = os.wait4(self.pid, 0)
        self.listen()
        for fd in (self.orders, self.answers, self.pidfd, self.errors):
            if fd >= 0:
                os.close(fd)
        return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def run_limits(setup: dict[str, Any], cpu: float) -> list[tuple[str, int, int]]:
    seconds = max(1, int(cpu + 0.999))
    return [*setup["run_rlimits"], ("RLIMIT_CPU", seconds, seconds + 1)]


def become(
    setup: dict[str, Any],
    argv: list[str],
    fds: dict[int, int],
    limits: list[tuple[str, int, int]],
    env: dict[str, str],
) -> None:
    """In a forked child: from here to the other program nothing but restrictions. Never returns."""
    try:
        import ctypes
        import resource
        import struct

        moved = {target: os.dup(fd) for target, fd in fds.items()}
        moved = {target: fd if fd > ANSWERS else os.dup2(fd, 20 + target) for target, fd in moved.items()}
        for target, fd in moved.items():
            os.dup2(fd, target)
        top = max(fds)
        os.closerange(max(top, 2) + 1, 4096)
        for name, soft, hard in limits:
            resource.setrlimit(getattr(resource, name), (soft, hard))
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(SET_PDEATHSIG, ctypes.c_ulong(SIGKILL), 0, 0, 0)
        libc.prctl(SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)
        program = setup["seccomp_run"]  # empty in the mode without walls
        buffer = ctypes.create_string_buffer(program, len(program))
        header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
        if program and libc.prctl(SET_SECCOMP, ctypes.c_ulong(2), header, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "seccomp")
        os.execve(argv[0], argv, env)
    except BaseException as error:  # noqa: BLE001 - said on stderr, where the host looks for it
        os.write(2, f"{argv[0]}: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(127)


class Launcher:
    def __init__(self, control: BinaryIO, setup: dict[str, Any]) -> None:
        self.control, self.setup = control, setup
        self.fd: int = setup["observations"]
        self.folder = os.getcwd()
        self.build = f"{self.folder}/.goals"
        for name in ("command", "main", "env", "step_env", "steps"):
            setup[name] = placed(setup[name], self.build)
        self.brought: set[str] = set()
        self.child: Child | None = None
        self.cpu: float = setup["cpu"]
        self.stdin = -1

    def send(self, nonce: str, fields: str) -> None:
        content = memoryview(f'{{"nonce":"{nonce}",{fields}}}\n'.encode())
        while content:
            content = content[os.write(self.fd, content) :]

    # ---------------------------------------------------------------- before the calls

    def prepare(self, files: dict[str, str]) -> str:
        """Fields of the report: `ready`, or what a compiler complains of. The run's own time has not begun."""
        os.mkdir(self.build, 0o700)
        os.chdir(self.build)
        for name, text in files.items():
            put(name, text)
        self.stdin = os.open("input", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if self.setup["functions"] and self.setup["command_is_there"]:
            os.chdir(self.folder)  # its own; it starts while the compiler works, and reads the program when it is told
            self.child = Child(self.setup, self.setup["command"], self.stdin, self.cpu)
            os.chdir(self.build)
        for argv in self.setup["steps"]:
            code, said = self.step(argv)
            if code != 0:
                return self.complaint(said, code)
        os.chdir(self.folder)
        return '"outcome":"ready"'

    def step(self, argv: list[str]) -> tuple[int, str]:
        """The compiler's exit code and the beginning of what it said."""
        ours, theirs = os.pipe()
        null = os.open("/dev/null", os.O_RDONLY)
        pid = os.fork()
        if pid == 0:
            fds = {0: null, 1: theirs, 2: theirs}
            become(self.setup, argv, fds, self.setup["step_rlimits"], self.setup["step_env"])
        os.close(theirs)
        os.close(null)
        said = b""
        while chunk := os.read(ours, 65536):
            said = (said + chunk)[:SAID]
        os.close(ours)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), said.decode("utf-8", "replace")

    def complaint(self, said: str, code: int) -> str:
        import re

        if code in (-24, -SIGKILL):  # SIGXCPU, and what follows it
            return f'"outcome":"compile_error",{error_fields("CompileTime", "compiling took too much time")}'
        found = re.search(self.setup["complaint"], said)
        if found is None:
            why = said.replace(f"{self.build}/", "").strip() or f"the compiler ended with {code}"
            return f'"outcome":"compile_error",{error_fields("CompileError", why)}'
        fields = found.groupdict()
        column = int(fields["column"]) + self.setup["column_offset"]
        kind, outcome = ("SyntaxError", "syntax_error") if fields["syntax"] else ("CompileError", "compile_error")
        line = int(fields["line"])
        return f'"outcome":"{outcome}",{error_fields(kind, fields["message"], line, column)},"line":{line}'

    def load(self) -> str:
        """Fields of the loading report. The child is kept for the calls that follow."""
        return self.asked(LOAD) if self.setup["functions"] else LOADED

    # ---------------------------------------------------------------- calls

    def asked(self, order: str) -> str:
        """What the child answers, or, where it does not, what its end means."""
        if self.child is None:
            self.child = Child(self.setup, self.setup["command"], self.stdin, self.cpu)
        child = self.child
        child.tell(order)
        try:
            fields = child.heard(self.setup["value_bytes"])
        except OverflowError:
            self.reaped(child)
            return '"outcome":"output"'
        return self.explained(*self.reaped(child)) if fields is None else fields

    def reaped(self, child: Child) -> tuple[int, str]:
        """A child's exit code, and what its runtime said as it died."""
        code, cpu = child.ended()
        self.cpu -= cpu
        if child is self.child:
            self.child = None
        return code, child.words.decode("utf-8", "replace") if child.dying else ""

    def explained(self, code: int, crash: str) -> str:
        """A process that ended before it answered. Leaves with the same signal where the host is to judge it."""
        if -code in ABORTED and self.setup["aborts_for_memory"]:
            return '"outcome":"memory"'
        if code < 0:
            import signal

            if -code != SIGKILL:
                signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        if crash:
            import re

            for outcome, pattern in self.setup["died_of"].items():
                if re.search(pattern, crash):
                    return f'"outcome":"{outcome}"'
            why = re.search("^(panic|fatal error): (.*)", crash, re.MULTILINE)
            kind, message = why.groups() if why else ("Crash", crash.splitlines()[0])
            line = re.search(self.setup["last_words"], crash)
            number = int(line.group(1)) if line else None
            return f'"outcome":"raised",{error_fields(kind, message, number)},"line":{number or "null"}'
        if code == 0:
            return '"outcome":"no_result"'
        return f'"outcome":"raised",{error_fields("Exit", f"the program ended with exit code {code}")}'

    def call(self, function: str, args: str) -> str:
        """Fields of the observation. `args`: JSON."""
        if not function:
            return self.main()
        if self.child is not None and self.child.gone():  # after an earlier call's answer
            self.reaped(self.child)
        if self.child is None:
            fields = self.asked(LOAD)
            if fields != LOADED:
                return fields
        return self.asked('"do":"call","function":' + quote(function) + ',"args":' + args)

    def main(self) -> str:
        """The whole program in a process of its own, to its end."""
        program = Child(self.setup, self.setup["main"], self.stdin, self.cpu)
        program.tell('"do":"main"')
        try:
            fields = program.heard(self.setup["value_bytes"])
        except OverflowError:
            fields = '"outcome":"output"'
        code, crash = self.reaped(program)
        if fields is not None and code >= 0:
            return fields
        return '"outcome":"returned","value":null' if code == 0 else self.explained(code, crash)

    def bring(self, stdin: str, files: dict[str, str]) -> None:
        os.ftruncate(self.stdin, 0)
        os.pwrite(self.stdin, stdin.encode(), 0)
        os.lseek(self.stdin, 0, os.SEEK_SET)  # the learner's process has the same open file
        os.chdir(self.folder)
        for name in self.brought | files.keys():
            clear(name)
        self.brought = set(files)
        for name, text in files.items():
            put(name, text)

    def serve(self) -> None:
        while True:
            nonce, function, args, _, stdin, files = marshal.load(self.control)
            try:
                self.bring(stdin, files)
            except OSError as error:  # an earlier call has used up the folder
                self.send(nonce, failed(error))
                continue
            self.send(nonce, self.call(function, args))


def placed(command: Any, build: str) -> Any:
    """With the build folder's place for `{build}`."""
    if isinstance(command, str):
        return command.replace("{build}", build)
    if isinstance(command, list):
        return [placed(part, build) for part in command]
    return {name: placed(part, build) for name, part in command.items()}


def error_fields(kind: str, message: str, line: int | None = None, column: int | None = None) -> str:
    return (
        f'"error":{{"type":{quote(kind)},"message":{quote(clip(message, 400))},"line":{line or "null"},'
        f'"column":{column or "null"},"bases":[{quote(kind)}]}}'
    )


def launch(control: BinaryIO, setup: dict[str, Any]) -> None:
    """Never returns. Called by `harness.main` with the run's uid and common limits already set."""
    launcher = Launcher(control, setup)
    try:
        launcher.send(setup["nonce"], launcher.prepare(setup["files"]))
        nonce, _, _ = marshal.load(control)
        launcher.send(nonce, loaded := launcher.load())
        if loaded == LOADED:
            launcher.serve()
        os._exit(0)  # the first call is on its way already, and must not be made
    except EOFError:  # no more calls
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - said on stderr, where the host looks for it
        os.write(2, f"launch: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)
