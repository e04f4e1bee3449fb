#!/bin/sh
# An object store has no folders: each prefix is made visible by an empty object.
set -eu
until mc alias set minio http://minio.deepstorage.svc.cluster.local:9000 "$ACCESS_KEY" "$SECRET_KEY"; do sleep 3; done
# Airflow's logs and artifacts; the lakehouse with its three layers.
mc mb --ignore-existing minio/airflow
mc mb --ignore-existing minio/lakehouse
for layer in bronze silver gold; do
  mc stat "minio/lakehouse/$layer/.keep" >/dev/null 2>&1 || printf '' | mc pipe "minio/lakehouse/$layer/.keep"
done
mc ls minio
