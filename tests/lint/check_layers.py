#!/usr/bin/env python3
"""Reads every #include of ours and fails on an arrow that points back, a cycle of folders, or Qt below widgets.

check_layers.py ROOT | --self-test
"""
import os
import re
import sys
import tempfile

# A folder may include itself and what stands here. (ARCHITECTURE.md draws it.)
CORE = {"core/base": set()}
CORE["core/value"] = {"core/base"}
CORE["core/object"] = CORE["core/value"] | {"core/value"}
CORE["core/schema"] = CORE["core/object"] | {"core/object"}
CORE["core/model"] = CORE["core/object"] | {"core/object"}
CORE["core/platform"] = CORE["core/model"] | {"core/model", "core/schema"}
ALL_CORE = set(CORE)
LEAVES = {f"gitops/{name}" for name in ("diff", "health", "application", "git")}
ALLOWED = dict(CORE)
ALLOWED["gitops/process"] = {"core/base"}
for leaf in LEAVES:
    ALLOWED[leaf] = set(ALL_CORE)
ALLOWED["gitops/render"] = ALL_CORE | {"gitops/git", "gitops/application"}
for middle in ("sync", "cluster", "telemetry", "history"):
    ALLOWED[f"gitops/{middle}"] = ALL_CORE | LEAVES
ALLOWED["gitops/telemetry"] |= {"gitops/cluster", "gitops/history"}  # the API server's proxy; the last day's samples
ALLOWED["gitops/engine"] = ALL_CORE | LEAVES | {
    f"gitops/{name}" for name in ("render", "sync", "cluster", "telemetry", "history")}
for spawner in ("git", "render", "cluster", "engine"):  # ssh; helm; exec plugins; users' scripts
    ALLOWED[f"gitops/{spawner}"].add("gitops/process")
ALLOWED["gitops/practice"] = set(ALL_CORE)
ALLOWED["gitops/script"] = set()  # wavewright-scripts has nothing that a script could misuse
ALLOWED["widgets"] = {"core/base", "core/value", "core/object", "core/model", "core/platform"}
ALLOWED["app"] = None  # composes all of it
WIDGETS_MAY_ALSO = {"gitops/engine/engine.h"}


def folder_of(path):
    parts = path.split("/")
    if parts[0] in ("core", "gitops") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def sources(root):
    for top in ("core", "gitops", "widgets", "app"):
        for place, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".h", ".cpp")):
                    yield os.path.relpath(os.path.join(place, name), root)


def check(root):
    problems = []
    edges = {}
    for path in sorted(sources(root)):
        folder = folder_of(path)
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                own = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                foreign = re.match(r"\s*#\s*include\s+<(Q[A-Z]\w*|Qt\w+/[\w./]+|qcustomplot.h|Qsci/[\w.]+)>", line)
                where = f"{path}:{number}"
                if foreign and not folder.startswith(("widgets", "app")):
                    problems.append(f"{where}: <{foreign.group(1)}>: Qt stops at widgets and app")
                if not own or "/" not in own.group(1) or own.group(1).startswith("embedded"):
                    continue
                target = folder_of(own.group(1))
                if target == "tests":
                    problems.append(f"{where}: the product includes a test's header")
                if target == folder or target not in ALLOWED:
                    continue
                edges.setdefault(folder, set()).add(target)
                allowed = ALLOWED.get(folder)
                if allowed is not None and target not in allowed:
                    if not (folder == "widgets" and own.group(1) in WIDGETS_MAY_ALSO):
                        problems.append(f"{where}: {folder} may not include {target} ({own.group(1)})")
    problems += cycles(edges)
    return problems


def cycles(edges):
    done, path, found = set(), [], []

    def visit(node):
        if node in path:
            found.append("cycle of folders: " + " -> ".join(path[path.index(node):] + [node]))
            return
        if node in done:
            return
        path.append(node)
        for target in sorted(edges.get(node, ())):
            visit(target)
        path.pop()
        done.add(node)

    for node in sorted(edges):
        visit(node)
    return found


def self_test():
    cases = [("core/value/a.h", '#include "gitops/git/b.h"', True),
             ("core/base/a.h", "#include <QString>", True),
             ("widgets/a.cpp", '#include "gitops/cluster/apiclient.h"', True),
             ("widgets/a.cpp", '#include "gitops/engine/engine.h"', False),
             ("gitops/practice/a.cpp", '#include "gitops/cluster/apiclient.h"', True),
             ("gitops/engine/a.cpp", '#include "gitops/sync/syncplanner.h"', False)]
    for path, line, bad in cases:
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, os.path.dirname(path)))
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(line + "\n")
            assert bool(check(root)) == bad, (path, line)
    assert cycles({"a": {"b"}, "b": {"a"}})
    print("the layer check finds what it should")


if sys.argv[1] == "--self-test":
    self_test()
else:
    bad = check(sys.argv[1])
    print("\n".join(bad) or "layers are sound")
    sys.exit(1 if bad else 0)
