#!/usr/bin/env bash
# Runs once, when PostgreSQL starts on an empty volume: the role and the database of the app, and the role of analysts
# (docs/reporting.md). The app is no superuser and makes no roles.
set -euo pipefail

if [[ ! $FIVE_RING_DB_PASSWORD =~ ^[A-Za-z0-9._~-]{12,}$ ]]; then
  echo 'FIVE_RING_DB_PASSWORD must be 12 or more of A-Z a-z 0-9 . _ ~ - (it stands in a URL); see .env.cluster.example.' >&2
  exit 1
fi

psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres --set password="$FIVE_RING_DB_PASSWORD" <<'SQL'
CREATE ROLE five_ring LOGIN PASSWORD :'password';
CREATE ROLE five_ring_analyst NOLOGIN;
CREATE DATABASE five_ring OWNER five_ring TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE five_ring FROM PUBLIC;
GRANT CONNECT ON DATABASE five_ring TO five_ring_analyst;
SQL
echo 'The role and the database of Five-Ring are there.'
