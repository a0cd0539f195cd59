"""The data lake: every event as Parquet in an object store, and each learner's own copy.

`objects/` is the port to the store and its two implementations; the other rooms know only the port. What is in the
lake is said by the manifest, in PostgreSQL: a file without its row there does not exist for any reader.
Nothing here may be imported by a node of the graph: pyarrow is for the function `lake`, the API and the command line.
"""

import os
import sys

if sys.platform == "linux":  # where pyarrow's wheels have it
    # Read by Arrow when it is loaded. Its own choice, mimalloc, zeroes huge pages ever anew: filling takes 40 MB and a
    # tenth of the processor time more with it.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
