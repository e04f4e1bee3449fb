#!/usr/bin/env python3
"""clang-format 19 over every source of ours: names the files that it would change. Exit 77 without clang-format."""
import shutil
import subprocess
import sys

root = sys.argv[1]
program = shutil.which("clang-format-19") or shutil.which("clang-format")
if not program:
    print("clang-format-19 is not installed")
    sys.exit(77)
listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "*.h", "*.cpp"],
                        capture_output=True, text=True).stdout.split()
run = subprocess.run([program, "--dry-run", "-Werror", *listed], cwd=root, capture_output=True, text=True)
bad = sorted({line.split(":", 1)[0] for line in run.stderr.split("\n") if "error:" in line})
print("\n".join(f"{name}: run clang-format-19 -i {name}" for name in bad) or f"{len(listed)} files are well formed")
sys.exit(1 if bad else 0)
