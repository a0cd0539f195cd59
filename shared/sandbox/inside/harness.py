"""Runs a learner's program and reports each call. Executed inside the sandbox, beside hostile code.

Nothing here is a secret and nothing here decides a verdict: a hostile program can change all of it. Expected values
never come in here. Imports are kept to builtin modules because each costs the learner a millisecond.

In: marshal frames on `control` (a private copy of the first stdin): the setup, then one call at a time.
Out: one JSON line for each step on the descriptor `setup["observations"]`, written by hand (json takes 5 ms to import).
"""

# ruff: noqa: S302, SIM105 - marshal comes from the host only; contextlib costs a millisecond of every run

from __future__ import annotations

import gc
import marshal
import posix as os  # what `os` adds to it (posixpath, stat, abstract classes) costs a tenth of starting Python
import sys

TYPE_CHECKING = False  # as in typing, whose import costs as much as starting Python
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, TracebackType
    from typing import Any, BinaryIO

FILE = "solution.py"
MODULE = "solution"
SAFE_INT = 2**53
DEPTH = 60
NAMES = 12
SHORT = 160
LOADED = '"outcome":"loaded"'

DISALLOWED = {1, 13, 30}  # EPERM, EACCES, EROFS
FILES = {24, 27, 28, 122}  # EMFILE, EFBIG, ENOSPC, EDQUOT


class TooLarge(Exception):
    """The returned value does not fit into an observation."""


# ---------------------------------------------------------------- values out


def quote(text: str) -> str:
    """A JSON string. Pure ASCII, so that any string (also a lone surrogate) survives the pipe."""
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    out = []
    for c in text:
        n = ord(c)
        if c in '"\\':
            out.append("\\" + c)
        elif 32 <= n < 127:
            out.append(c)
        elif n < 0x10000:
            out.append(f"\\u{n:04x}")
        else:
            n -= 0x10000
            out.append(f"\\u{0xD800 + (n >> 10):04x}\\u{0xDC00 + (n & 0x3FF):04x}")
    return '"' + "".join(out) + '"'


class Encoder:
    """A value as tagged JSON of at most `budget` characters; subclasses of builtins by their builtin content.

    Tags: $tuple, $set, $frozenset, $dict (pairs), $bytes (hex), $float, $int, and $repr for all that is not a value.
    """

    def __init__(self, budget: int) -> None:
        self.left = budget

    def spend(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise TooLarge
        return text

    def encode(self, x: Any, depth: int = 0) -> str:
        if x is None or x is True or x is False:
            return self.spend({None: "null", True: "true", False: "false"}[x])
        kind = type(x)
        if depth < DEPTH:
            for base, write in self.WRITERS:
                if issubclass(kind, base):
                    return write(self, x, depth)
        return self.spend('{"$repr":' + quote(short(x)) + ',"$type":' + quote(clip(kind.__name__, 80)) + "}")

    def integer(self, x: int, depth: int) -> str:
        if int.bit_length(x) > 8 * self.left:
            raise TooLarge
        digits = int.__repr__(x) if int.bit_length(x) < 10_000 else int.__format__(x, "#x")
        small = int.bit_length(x) <= 53
        return self.spend(digits if small else '{"$int":"' + digits + '"}')

    def number(self, x: float, depth: int) -> str:
        digits = float.__repr__(x)
        return self.spend('{"$float":"' + digits + '"}' if digits in {"nan", "inf", "-inf"} else digits)

    def text(self, x: str, depth: int) -> str:
        if str.__len__(x) > self.left:
            raise TooLarge
        return self.spend(quote(str.__str__(x)))

    def octets(self, x: bytes, depth: int) -> str:
        if len(x) * 2 > self.left:
            raise TooLarge
        return self.spend('{"$bytes":"' + bytes(x).hex() + '"}')

    def items(self, x: Any, depth: int) -> str:
        parts = []
        for item in x:
            self.left -= 1  # the comma: also an endless list of nothing ends
            parts.append(self.encode(item, depth + 1))
        return "[" + ",".join(parts) + "]"

    def array(self, x: list[Any], depth: int) -> str:
        return self.items(list.__iter__(x), depth)

    def row(self, x: tuple[Any, ...], depth: int) -> str:
        return self.spend('{"$tuple":') + self.items(tuple.__iter__(x), depth) + "}"

    def bag(self, x: Any, depth: int) -> str:
        frozen = isinstance(x, frozenset)
        walk = frozenset.__iter__(x) if frozen else set.__iter__(x)
        return self.spend('{"$frozenset":' if frozen else '{"$set":') + self.items(walk, depth) + "}"

    def mapping(self, x: dict[Any, Any], depth: int) -> str:
        pairs = list(dict.items(x))
        if all(type(k) is str and not k.startswith("$") for k, _ in pairs):
            parts = []
            for k, v in pairs:
                self.left -= 2
                parts.append(self.text(k, depth) + ":" + self.encode(v, depth + 1))
            return "{" + ",".join(parts) + "}"
        return self.spend('{"$dict":') + self.items([[k, v] for k, v in pairs], depth) + "}"

    WRITERS: tuple[tuple[Any, Callable[[Encoder, Any, int], str]], ...] = (
        (int, integer),
        (float, number),
        (str, text),
        (list, array),
        (tuple, row),
        (dict, mapping),
        ((set, frozenset), bag),
        ((bytes, bytearray), octets),
    )


def clip(text: str, size: int = SHORT) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"


def short(x: Any, depth: int = 3) -> str:
    """A bounded repr: never walks a whole large container, never raises."""
    try:
        kind = type(x)
        if kind is str:
            return clip(repr(x[:SHORT]))
        if kind is int and x.bit_length() > 2_000:
            return f"<int of {x.bit_length()} bits>"
        if kind in (list, tuple, set, frozenset, dict) and len(x) > 0:
            if depth == 0:
                return "…"
            shown = [short_item(x, item, depth - 1) for _, item in zip(range(20), x, strict=False)]
            if len(x) > 20:
                shown.append("…")
            inner = ", ".join(shown) + ("," if kind is tuple and len(x) == 1 else "")
            left, right = BRACKETS[kind]
            return clip(left + inner + right)
        return clip(repr(x))
    except BaseException as error:  # noqa: BLE001 - a learner's __repr__ may raise anything
        return f"<{clip(type(x).__name__, 60)}: its repr raised {clip(type(error).__name__, 60)}>"


BRACKETS: dict[Any, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}


def short_item(container: Any, item: Any, depth: int) -> str:
    if type(container) is dict:
        return short(item, depth) + ": " + short(container[item], depth)
    return short(item, depth)


# ---------------------------------------------------------------- where it happened


class Trail:
    """Keeps the frame of the called function, by whatever wrapper it is reached.

    Tracing would slow the whole program (sys.settrace: 5 to 15 times here), so a profiler looks for the frame's
    beginning and takes itself away again; a frame that is held keeps its variables and its last line when it ends.
    """

    def __init__(self) -> None:
        self.frame: FrameType | None = None
        self.name = ""
        self.defined: set[str] = set()

    def follow(self, name: str) -> None:
        self.frame, self.name = None, name
        if name in self.defined:
            sys.setprofile(self.see)

    def see(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name == self.name and code.co_filename == FILE:
            self.frame = frame
            sys.setprofile(None)

    def end(self) -> tuple[int | None, dict[str, str]]:
        """Line and local variables where the call returned; then it is forgotten."""
        sys.setprofile(None)
        frame, self.frame = self.frame, None
        return (None, {}) if frame is None else (frame.f_lineno, names(frame))


def names(frame: FrameType) -> dict[str, str]:
    """At most twelve of the frame's local variables, as bounded reprs."""
    shown: dict[str, str] = {}
    for name, value in frame.f_locals.items():
        if len(shown) < NAMES and not name.startswith(("__", ".")):
            shown[clip(name, 60)] = short(value)
    return shown


def last_of_learner(traceback: TracebackType | None) -> tuple[int | None, dict[str, str]]:
    line, frame = None, None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line, frame = traceback.tb_lineno, traceback.tb_frame
        traceback = traceback.tb_next
    if frame is None or frame.f_code.co_name == "<module>":
        return line, {}
    return line, names(frame)


# ---------------------------------------------------------------- observations


def outcome_of(error: BaseException) -> str:
    number = getattr(error, "errno", None)
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError) and number in DISALLOWED:
        return "disallowed"
    if isinstance(error, OSError) and number in FILES:
        return "files"
    if isinstance(error, BlockingIOError) or "start new thread" in str(error):
        return "processes"
    return "raised"


def described(error: BaseException, line: int | None, column: int | None = None) -> str:
    try:
        message = clip(str(error), 400)
    except BaseException:  # noqa: BLE001 - a learner's __str__ may raise anything
        message = ""
    kind = type(error)
    bases = ",".join(quote(clip(base.__name__, 80)) for base in kind.__mro__[:16])
    return (
        f'{{"type":{quote(clip(kind.__name__, 80))},"message":{quote(message)},"line":{line or "null"},'
        f'"column":{column or "null"},"bases":[{bases}]}}'
    )


def failed(error: BaseException) -> str:
    line, local = last_of_learner(error.__traceback__)
    try:
        outcome = outcome_of(error)
    except BaseException:  # noqa: BLE001 - a learner's __str__ may raise anything
        outcome = "raised"
    return f'"outcome":"{outcome}","error":{described(error, line)},"line":{line or "null"},"locals":{table(local)}'


def table(local: dict[str, str]) -> str:
    return "{" + ",".join(quote(k) + ":" + quote(v) for k, v in local.items()) + "}"


class Harness:
    def __init__(self, control: BinaryIO, setup: dict[str, Any]) -> None:
        self.control = control
        self.fd: int = setup["observations"]
        self.value_size: int = setup["value_bytes"] // 2
        self.trail = Trail()
        self.module = type(sys)(MODULE)
        self.program: CodeType | None = None
        self.folder = os.getcwd()
        self.brought: set[str] = set()
        self.fed = False

    def send(self, nonce: str, fields: str) -> None:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # noqa: BLE001, S110 - the learner may have closed or replaced it
                pass
        line = memoryview(f'{{"nonce":"{nonce}",{fields}}}\n'.encode())
        while line:
            line = line[os.write(self.fd, line) :]

    def load(self, program: str, functions: set[str]) -> str:
        """Fields of the loading report: `loaded`, a syntax error, or what the module's own code did.

        A program that is only run as a main program is not loaded as a module: it would run once more.
        """
        try:
            self.program = code = compile(program, FILE, "exec", dont_inherit=True)
        except SyntaxError as error:
            return f'"outcome":"syntax_error","error":{described(error, error.lineno, error.offset)}'
        except (ValueError, RecursionError, MemoryError) as error:  # a NUL byte; nesting beyond the parser
            return f'"outcome":"syntax_error","error":{described(error, None)}'
        if functions == {""}:
            return LOADED
        self.trail.defined = {made.co_name for made in code.co_consts if type(made) is type(code)}
        sys.modules[MODULE] = self.module
        try:
            exec(code, self.module.__dict__)  # noqa: S102 - this is what the sandbox is for
        except BaseException as error:  # noqa: BLE001 - whatever the learner raises is an observation
            return failed(error)
        return LOADED

    def prepare(self, stdin: str, files: dict[str, str]) -> None:
        """The call's input and files, whatever earlier calls have put in their place.

        What is there is never opened and never walked: it is unlinked, or moved aside where it is a folder.
        """
        if stdin or self.fed:
            self.feed(stdin.encode())
            self.fed = bool(stdin)
        if files or self.brought:
            os.chdir(self.folder)
            for name in self.brought | files.keys():
                clear(name)
            self.brought = set(files)
        for name, text in files.items():
            put(name, text)

    def feed(self, content: bytes) -> None:
        if content:
            source, sink = os.pipe()
            os.write(sink, content)  # at most what a pipe holds
            os.close(sink)
        else:
            source = os.open("/dev/null", os.O_RDONLY)
        os.dup2(source, 0)
        os.close(source)
        sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115

    def run(self) -> str:
        """The program from its first line, as `python solution.py` would, to the end of its threads."""
        module = type(sys)("__main__")
        sys.modules["__main__"] = module
        sys.argv = [FILE]
        try:
            try:
                exec(self.program, module.__dict__)  # type: ignore[arg-type] # noqa: S102
            except SystemExit as end:
                if end.code not in (None, 0):
                    raise
            at_the_end()
        except BaseException as error:  # noqa: BLE001 - whatever the learner raises is an observation
            return failed(error)
        return '"outcome":"returned","value":null'

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        if not function:
            return self.run()
        target = self.module.__dict__.get(function)
        if not callable(target):
            return '"outcome":"missing_function"'
        self.trail.follow(function)
        try:
            value = target(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - whatever the learner raises is an observation
            self.trail.end()
            return failed(error)
        line, local = self.trail.end()
        try:
            encoded = '"outcome":"returned","value":' + Encoder(self.value_size).encode(value)
        except TooLarge:
            encoded = '"outcome":"output"'
        except BaseException as error:  # noqa: BLE001 - for example MemoryError half way
            return failed(error)
        return f'{encoded},"line":{line or "null"},"locals":{table(local)}'

    def serve(self) -> None:
        while True:
            nonce, function, args, kwargs, stdin, files = marshal.load(self.control)
            try:
                self.prepare(stdin, files)
            except OSError as error:  # an earlier call has used up the folder or the descriptors
                self.send(nonce, failed(error))
                continue
            self.send(nonce, self.call(function, args, kwargs))


def clear(name: str) -> None:
    try:
        os.unlink(name)
    except FileNotFoundError:
        pass
    except OSError:  # a folder: its new name needs no right to look into it
        number = 0
        while True:
            number += 1
            try:
                os.lstat(f".{name}.{number}")
            except OSError:
                break
        os.rename(name, f".{name}.{number}")


def put(name: str, text: str) -> None:
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        content = memoryview(text.encode())
        while content:
            content = content[os.write(fd, content) :]
    finally:
        os.close(fd)


def at_the_end() -> None:
    """What Python does when a program has reached its last line: waits for threads, calls what was registered."""
    if "threading" in sys.modules:
        threading = sys.modules["threading"]
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()


def limit(setup: dict[str, Any]) -> None:
    """Drops to the run's own uid, then lowers the limits: soft and hard, so that they stay."""
    import _thread
    import resource

    if setup["uid"] is not None and os.getuid() != setup["uid"]:
        os.setgroups([])
        os.setresgid(setup["uid"], setup["uid"], setup["uid"])
        os.setresuid(setup["uid"], setup["uid"], setup["uid"])
    for name, soft, hard in setup["rlimits"]:
        resource.setrlimit(getattr(resource, name), (soft, hard))
    _thread.stack_size(1024 * 1024)  # 64 threads must fit into the address space


def ready_made() -> None:
    """What the first run in a process pays for: the modules imported below, and the compiler's own tables."""
    import _thread  # noqa: F401
    import resource  # noqa: F401

    compile("def f(x):\n    return x\n", FILE, "exec")


def main(control: BinaryIO) -> None:
    setup = marshal.load(control)
    limit(setup)
    if "launch" in setup:  # a program in another language
        exec(marshal.loads(setup["launch"]), globals())  # noqa: S102 - our own code, sent by the host
        globals()["launch"](control, setup)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    harness = Harness(control, setup)
    harness.send(setup["nonce"], '"outcome":"ready"')
    try:
        nonce, program, functions = marshal.load(control)
        gc.freeze()
        harness.send(nonce, loaded := harness.load(program, set(functions)))
        if loaded == LOADED:  # else the first call, which is on its way already, must not be made
            harness.serve()
    finally:  # no more calls, or the learner broke the harness: nothing to tell anybody
        os._exit(0)
