#!/bin/sh
# What the tests need and pip cannot bring: a browser (two with --firefox), a database
# server and, for the machines that root can make of network namespaces, their tools and
# a proxy. Installed from Debian's packages where possible; else Playwright's browser.
set -eu

found() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
has_postgresql() { found initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_network() { [ "$(id -u)" != 0 ] || { found ip && found nginx /usr/sbin/nginx; }; }
has_chromium() { found chromium-headless-shell chromium chromium-browser google-chrome; }

wanted=
has_chromium || wanted="$wanted chromium"
[ "${1:-}" != --firefox ] || found firefox-esr firefox || wanted="$wanted firefox-esr"
has_postgresql || wanted="$wanted postgresql"
found openssl || wanted="$wanted openssl"
has_network || wanted="$wanted iproute2 nginx"
[ -n "$wanted" ] || exit 0

if found apt-get; then
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  echo "Installing for the tests:$wanted"
  $as_root apt-get update -qq || true
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then  # without windows
    wanted=$(echo "$wanted" | sed 's/ chromium/&-headless-shell/')
  fi
  if ! apt-cache show firefox-esr >/dev/null 2>&1; then  # not everywhere
    wanted=$(echo "$wanted" | sed 's/ firefox-esr//')
  fi
  # shellcheck disable=SC2086
  if DEBIAN_FRONTEND=noninteractive \
    $as_root apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends $wanted >/dev/null; then
    exit 0
  fi
fi
has_chromium || .venv/bin/playwright install chromium
has_postgresql || echo "PostgreSQL is missing and could not be installed: its tests are left out."
has_network || echo "ip or nginx is missing and could not be installed: the tests of several machines are left out."
