#!/bin/sh
set -eu
until cqlsh cassandra.default.svc 9042 -e 'DESCRIBE CLUSTER' >/dev/null; do sleep 5; done
cqlsh cassandra.default.svc 9042 -f /schema/schema.cql
