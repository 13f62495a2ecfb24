#!/bin/sh
# What the tests need and pip cannot bring: a browser and a database server.
# Installed from Debian's packages where that is possible; else Playwright's browser.
set -eu

found() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
has_postgresql() { found initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { found chromium chromium-browser google-chrome; }

wanted=
has_chromium || wanted="$wanted chromium"
has_postgresql || wanted="$wanted postgresql"
[ -n "$wanted" ] || exit 0

if found apt-get; then
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  echo "Installing for the tests:$wanted"
  # shellcheck disable=SC2086
  if $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    $as_root apt-get install -y -qq --no-install-recommends $wanted >/dev/null; then
    exit 0
  fi
fi
has_chromium || .venv/bin/playwright install chromium
has_postgresql || echo "PostgreSQL is missing and could not be installed: its tests are left out."
