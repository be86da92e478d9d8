"""Run a command and write its CPU seconds and peak memory: measured.py OUT.json COMMAND...

A process of its own, because a child's peak memory starts at that of the process that starts it.
"""

import json
import os
import sys
import time

out, command = sys.argv[1], sys.argv[2:]
started = time.monotonic()
child = os.posix_spawn(command[0], command, os.environ)
_, status, used = os.wait4(child, 0)
peak = used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
with open(out, "w", encoding="utf-8") as stream:
    json.dump(
        {
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
            "seconds": round(time.monotonic() - started, 2),
            "peak_mb": round(peak),
        },
        stream,
    )
sys.exit(os.waitstatus_to_exitcode(status))
