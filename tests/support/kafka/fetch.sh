#!/usr/bin/env bash
# Fetches a Kafka broker with its dependencies from Maven Central into $XDG_CACHE_HOME/wavewright-tests/kafka, outside of the
# tree. Tests that want a real broker use it where it is there, and say so where it is not. Needs mvn and a Java.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/wavewright-tests/kafka
mkdir -p "$folder"
mvn -q -B -f "$(dirname "${BASH_SOURCE[0]}")/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder"
echo "$folder"
