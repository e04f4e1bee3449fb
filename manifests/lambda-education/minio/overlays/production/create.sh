#!/bin/sh
set -eu
until mc alias set minio http://minio.minio.svc:9000 "$ACCESS_KEY" "$SECRET_KEY"; do sleep 3; done
for user in ingestion batch-layer; do
  mc admin policy create minio "$user" "/users/$user.json"
  # An access key is the user's name.
  mc admin user add minio "$user" "$(cat "/passwords/$user")"
  mc admin policy attach minio "$user" --user "$user" || mc admin policy entities minio --user "$user" | grep -q "$user"
done
