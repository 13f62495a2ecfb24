#!/bin/sh
# Makes a certificate authority, once, and a signed key for each host:
#
#   sh ops/certificates.sh FOLDER HOST...
#
# HOST is the name or address under which the others reach it. Copy FOLDER/HOST to that
# host. Keep FOLDER/ca.key secret: it can sign keys that all machines trust, and holders
# of such a key can run any code on the workers.
set -eu
umask 077

[ $# -ge 2 ] || { echo "usage: sh ops/certificates.sh FOLDER HOST..." >&2; exit 2; }
folder=$1
shift
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
mkdir -p "$folder"

if [ ! -e "$folder/ca.key" ]; then
  # shellcheck disable=SC2086
  openssl req -x509 $curve -days 3650 -subj "/CN=Unrolled" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
fi

for host in "$@"; do
  case $host in
    *:*) kind=IP ;;
    *[!0-9.]*) kind=DNS ;;
    *) kind=IP ;;
  esac
  own=$folder/$host
  mkdir -p "$own"
  cp "$folder/ca.crt" "$own/ca.crt"
  printf '%s\n' "subjectAltName=$kind:$host" "basicConstraints=critical,CA:FALSE" \
    "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth,clientAuth" \
    "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" >"$own/extensions"
  # shellcheck disable=SC2086
  openssl req -new $curve -subj "/CN=$host" \
    -keyout "$own/host.key" -out "$own/request" 2>/dev/null
  openssl x509 -req -in "$own/request" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
    -days 825 -extfile "$own/extensions" -out "$own/host.crt" 2>/dev/null
  rm "$own/request" "$own/extensions"
  chmod 755 "$own" # the database's own user reads the certificates; keys stay closed
  chmod 644 "$own/ca.crt" "$own/host.crt"
done
