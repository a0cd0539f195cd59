"""Code that runs inside the sandbox, never in this process: sent there as bytecode, so it may import only the standard
library and nothing of ours. `harness` runs the learner's program; `confine` is the Landlock mode's launcher.
"""
