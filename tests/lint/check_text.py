#!/usr/bin/env python3
"""Small rules about text: the licence line, #pragma once, no TODO, no over-long file, no machine's paths.

check_text.py ROOT | --self-test
"""
import os
import re
import subprocess
import sys

LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later"
LONGEST = 700
FORBIDDEN = [(re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "finish it, or open an issue"),
             (re.compile(r"/(work|root|tmp/w)/\w"), "a path of one machine")]


def check_file(name, text):
    problems = []
    lines = text.split("\n")
    if name.endswith((".h", ".cpp")):
        if lines[0] != LICENCE and not name.endswith("pch.cpp"):
            problems.append(f"{name}:1: the first line must be the licence: {LICENCE}")
        if name.endswith(".h") and "#pragma once" not in lines:
            problems.append(f"{name}: no #pragma once")
        if len(lines) > LONGEST:
            problems.append(f"{name}: {len(lines)} lines; a file is one concept, {LONGEST} lines at most")
        for number, line in enumerate(lines, 1):
            for pattern, why in FORBIDDEN:
                if pattern.search(line) and "tests/lint" not in name:
                    problems.append(f"{name}:{number}: {pattern.search(line).group(0)}: {why}")
    return problems


def check(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    problems = []
    for name in sorted(listed.stdout.split("\n")):
        path = os.path.join(root, name)
        if name.endswith((".h", ".cpp")) and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                problems += check_file(name, file.read())
    return problems


def self_test():
    good = LICENCE + "\n#pragma once\n"
    assert not check_file("core/a.h", good)
    assert check_file("core/a.h", "#pragma once\n")
    assert check_file("core/a.h", LICENCE + "\n")
    assert check_file("core/a.cpp", good + "// TO" + "DO later\n")
    assert check_file("core/a.cpp", good + "\n" * 800)
    print("the text check finds what it should")


if sys.argv[1] == "--self-test":
    self_test()
else:
    bad = check(sys.argv[1])
    print("\n".join(bad) or "texts are sound")
    sys.exit(1 if bad else 0)
