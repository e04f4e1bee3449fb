#!/usr/bin/env python3
"""CPU of `wavewright render` against `kubectl kustomize`, alternating, on the overlays of a platform.

render.py WAVEWRIGHT [PLATFORM_FOLDER] [RUNS]; prints JSON lines; the outputs must be equal byte for byte.
"""
import os
import pathlib
import shutil
import sys

from measure import line, run, spread

program = sys.argv[1]
root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parents[2] / "manifests/event-driven")
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
kubectl = shutil.which("kubectl")
if not kubectl:
    sys.exit("kubectl is not installed")
# A dispatcher in front of kubectl would count as well: take the program that it starts, where there is one.
direct = sorted(pathlib.Path(os.path.realpath(kubectl)).parent.glob("kubectl.1.*"))
kubectl = str(direct[-1]) if direct else kubectl

ours_sum = theirs_sum = 0.0
for folder in sorted(path.parent for path in root.glob("*/overlays/*/kustomization.yaml")):
    ours, theirs = [], []
    for _ in range(runs):
        mine = run([program, "render", str(folder)])
        peer = run([kubectl, "kustomize", str(folder)])
        if mine[3] != 0 or mine[4] != peer[4]:
            sys.exit(f"{folder}: the outputs differ")
        ours.append(mine)
        theirs.append(peer)
    cpu, peer_cpu = spread([r[1] for r in ours]), spread([r[1] for r in theirs])
    ours_sum += cpu["median"]
    theirs_sum += peer_cpu["median"]
    line("render", tree=str(folder.relative_to(root)), bytes=len(ours[0][4]), cpu=cpu, kubectlCpu=peer_cpu,
         ratio=round(peer_cpu["median"] / max(cpu["median"], 1e-6), 1), peakKiB=ours[0][2], kubectlPeakKiB=theirs[0][2])
line("render.all", cpu=round(ours_sum, 4), kubectlCpu=round(theirs_sum, 4), ratio=round(theirs_sum / ours_sum, 1), atLeast=10)
