#!/bin/sh
set -eu
ask() { cqlsh cassandra.default.svc 9042 -u "$1" -p "$2" -e "$3"; }
until ask admin "$ADMIN_PASSWORD" 'SHOW HOST' >/dev/null 2>&1; do
  ask cassandra cassandra "CREATE ROLE IF NOT EXISTS admin WITH SUPERUSER = true AND LOGIN = true AND PASSWORD = '$ADMIN_PASSWORD'" || sleep 5
done
ask admin "$ADMIN_PASSWORD" "ALTER ROLE cassandra WITH SUPERUSER = false AND LOGIN = false"
cqlsh cassandra.default.svc 9042 -u admin -p "$ADMIN_PASSWORD" -f /schema/schema.cql
ask admin "$ADMIN_PASSWORD" "CREATE ROLE IF NOT EXISTS \"$CASSANDRA_USERNAME\" WITH LOGIN = true AND PASSWORD = '$CASSANDRA_PASSWORD'"
ask admin "$ADMIN_PASSWORD" "GRANT SELECT ON KEYSPACE education_platform TO \"$CASSANDRA_USERNAME\""
ask admin "$ADMIN_PASSWORD" "GRANT MODIFY ON KEYSPACE education_platform TO \"$CASSANDRA_USERNAME\""
