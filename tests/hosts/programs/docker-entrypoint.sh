#!/bin/sh
# What the entry point of PostgreSQL's own image does: a database, once, then the server.
set -eu
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  install -d -o postgres -m 700 "$PGDATA"
  printf '%s' "$POSTGRES_PASSWORD" >/srv/password
  chown postgres /srv/password
  as_postgres initdb -D "$PGDATA" -U "$POSTGRES_USER" -A scram-sha-256 --no-sync \
    --pwfile=/srv/password >/dev/null
  rm /srv/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "unix_socket_directories = ''" >>"$PGDATA/postgresql.conf"
  echo "CREATE DATABASE $POSTGRES_DB" |
    as_postgres postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
