"""Runs a learner's code where it can do no harm, and says what each call did. It decides nothing: comparing an
observation with what was expected happens outside, in whoever asked (`functions/runner`).

    with Sandbox().run(code, [Call("one", "total", ([3, 9, 2],))]) as run:
        for observation in run: ...

`inside/` holds the code that runs within; nothing here may be imported from there, and nothing there may import ours.
"""

from shared.sandbox.contract import (
    JSON,
    Call,
    Capability,
    ErrorInfo,
    Limits,
    Mode,
    Observation,
    Outcome,
    Printed,
)
from shared.sandbox.probe import probe
from shared.sandbox.run import Run, Sandbox
from shared.sandbox.values import Opaque, decode

__all__ = [
    "JSON",
    "Call",
    "Capability",
    "ErrorInfo",
    "Limits",
    "Mode",
    "Observation",
    "Opaque",
    "Outcome",
    "Printed",
    "Run",
    "Sandbox",
    "decode",
    "probe",
]
