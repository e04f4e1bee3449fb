#!/bin/sh
# Makes expected.yaml of every case anew with kubectl kustomize: look at the differences before committing.
cd "$(dirname "$0")" || exit 1
for case in */; do
  kubectl kustomize "$case" > "$case/expected.yaml" || echo "$case fails" >&2
done
