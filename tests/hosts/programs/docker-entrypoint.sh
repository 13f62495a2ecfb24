#!/bin/sh
# What the entry point of PostgreSQL's own image does: a database, once, then the server.
set -eu
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }
if [ ! -e "$PGDATA" ]; then
  new="$PGDATA.new" # the name is given last: an interrupted start begins again
  rm -rf "$new"
  install -d -o postgres -m 700 "$new"
  printf '%s' "$POSTGRES_PASSWORD" >/srv/password
  chown postgres /srv/password
  as_postgres initdb -D "$new" -U "$POSTGRES_USER" -A scram-sha-256 --no-sync \
    --pwfile=/srv/password >/dev/null
  rm /srv/password
  echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
  echo "unix_socket_directories = ''" >>"$new/postgresql.conf"
  echo "CREATE DATABASE $POSTGRES_DB" |
    as_postgres postgres --single -D "$new" postgres >/dev/null
  mv "$new" "$PGDATA"
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
