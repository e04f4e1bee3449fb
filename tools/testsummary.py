#!/usr/bin/env python3
"""Counts the test functions of a CTest log: why some were skipped, then 'N passed, N failed, N skipped'.

A Qt Test program says its own totals; any other test, and a program that ended without totals, counts as one.
"""
import re
import sys

text = open(sys.argv[1], errors="replace").read()
passed = failed = skipped = 0
reasons = {}
for block in re.split(r"^\d+/\d+ Testing: ", text, flags=re.M)[1:]:
    name = block.split("\n", 1)[0].strip()
    ok = re.search(r"^Test Passed\.", block, re.M) is not None
    unrun = re.search(r"^Test (Skipped|Not Run)", block, re.M) is not None
    totals = re.findall(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", block, re.M)
    for reason in re.findall(r"^SKIP\s+: \S+ (.*)$", block, re.M):
        reasons.setdefault(reason, []).append(name)
    if unrun:
        skipped += 1
        reasons.setdefault(block.split("Output:", 1)[-1].strip("- \n").split("\n")[0], []).append(name)
        continue
    if totals:
        for p, f, s in totals:
            # initTestCase and cleanupTestCase are no tests of ours.
            passed, failed, skipped = passed + max(0, int(p) - 2), failed + int(f), skipped + int(s)
        if not ok and all(f == "0" for _, f, _ in totals):
            failed += 1
    elif ok:
        passed += 1
    else:
        failed += 1
for reason, names in sorted(reasons.items()):
    print(f"skipped: {names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {reason}")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(0)
