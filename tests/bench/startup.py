#!/usr/bin/env python3
"""Start of the program: `wavewright version` in milliseconds, beside `git --version`. startup.py WAVEWRIGHT [RUNS]"""
import sys

from measure import line, run, spread

runs = int(sys.argv[2]) if len(sys.argv) > 2 else 21
ours, theirs = [], []
for _ in range(runs):
    ours.append(run([sys.argv[1], "version"])[0] * 1000)
    theirs.append(run(["git", "--version"])[0] * 1000)
line("startup", milliseconds=spread(ours), gitMilliseconds=spread(theirs), atMost=20)
