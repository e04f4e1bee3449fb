#!/bin/sh
# An object store has no folders: each prefix is made visible by an empty object.
set -eu
until mc alias set minio http://minio.minio.svc:9000 "$ACCESS_KEY" "$SECRET_KEY"; do sleep 3; done
mc mb --ignore-existing minio/spark-data
for prefix in auth assessments videos courses profiles notifications; do
  mc stat "minio/spark-data/$prefix/.keep" >/dev/null 2>&1 || printf '' | mc pipe "minio/spark-data/$prefix/.keep"
done
mc ls minio/spark-data
