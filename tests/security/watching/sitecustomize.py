"""Imported by each Python process that has this folder in its PYTHONPATH.

It notes in the file that OUTSIDE names what would leave this machine, and lets none of
it leave, as slowly as a network that drops packets. What libcurl sends is not seen:
so the imports of what brings it are noted, and fail.
"""

import ipaddress
import os
import socket
import sys
import time

SECONDS = 1.0  # what Streamlit waits for an answer
OWN = {"localhost", "", socket.gethostname(), socket.gethostname().partition(".")[0]}
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
BRINGS_LIBCURL = ("yfinance", "curl_cffi", "pycurl")


def _note(what):
    with open(os.environ["OUTSIDE"], "a", encoding="utf-8") as file:
        file.write(f"{what}\n")


def _address(host):
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _leaves(event, given):
    """What would leave the machine by an event, or None."""
    if event in LOOKUPS:
        host = given[0].decode() if isinstance(given[0], bytes) else given[0]
        known = host is None or host in OWN or _address(host)
        return None if known else f"lookup of {host}"
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        own, address = given[0], given[1]
        if own.family not in (socket.AF_INET, socket.AF_INET6) or address is None:
            return None
        if event == "socket.connect" and own.type == socket.SOCK_DGRAM:
            return None  # sends nothing
        there = _address(address[0])
        inside = there and (there.is_loopback or there.is_unspecified)
        return None if inside else f"{event} {address}"
    return None


def _watch(event, given):
    if event == "import" and given[0] in BRINGS_LIBCURL:
        _note(f"import of {given[0]}")
        raise ImportError(f"this test lets nothing out: {given[0]}")
    if what := _leaves(event, given):
        _note(what)
        time.sleep(SECONDS)
        raise OSError(f"this test lets nothing out: {what}")


_note(f"watched {' '.join(sys.orig_argv[1:4])}")
sys.addaudithook(_watch)
