#!/usr/bin/env bash
# Makes what the nodes of the cluster prove themselves with, once: what is there stays.
#   /ca-key  the authority with its key, seen by this step only
#   /ca      its certificate, for everybody
#   /certs   a certificate and key for each node, readable by KurrentDB's user
set -euo pipefail

readonly KURRENT=1001
readonly DAYS=3650

for name in KURRENTDB_DEFAULT_ADMIN_PASSWORD KURRENTDB_DEFAULT_OPS_PASSWORD; do
  password=${!name:-}
  if [[ $password == changeit || ! $password =~ ^[A-Za-z0-9._~-]{12,}$ ]]; then
    echo "$name must be 12 or more of A-Z a-z 0-9 . _ ~ - (it stands in a URL); see .env.cluster.example." >&2
    exit 1
  fi
done

if [[ ! -d /ca-key/authority ]]; then
  rm -rf /ca-key/new /certs/*
  es-gencert-cli create-ca -days "$DAYS" -out /ca-key/new
  mv /ca-key/new /ca-key/authority
fi
cp /ca-key/authority/ca.crt /ca/ca.crt
chmod 444 /ca/ca.crt

for node in "$@"; do
  if [[ ! -d /certs/$node ]]; then
    rm -rf /certs/new
    es-gencert-cli create-node -days "$DAYS" -ca-certificate /ca-key/authority/ca.crt -ca-key /ca-key/authority/ca.key \
      -out /certs/new -ip-addresses 127.0.0.1 -dns-names "localhost,$node"
    chmod 400 /certs/new/node.key
    chown -R "$KURRENT:$KURRENT" /certs/new
    mv /certs/new "/certs/$node"
  fi
done
echo 'The certificates are there.'
