"""Measuring whole processes side by side: CPU seconds and peak memory of children, medians with spread."""
import json
import os
import statistics
import subprocess
import sys
import time


def run(command, **arguments):
    """One run: (wall seconds, CPU seconds, peak KiB, exit status, standard output)."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **arguments)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, process.returncode, output)


def spread(values):
    ordered = sorted(values)
    return {"min": round(ordered[0], 5), "median": round(statistics.median(ordered), 5), "max": round(ordered[-1], 5)}


def line(name, **members):
    print(json.dumps({"bench": name, **members}))
    sys.stdout.flush()
