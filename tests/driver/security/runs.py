"""What one owner may see of another's."""

import secrets

from tests.core.runs.counting import Config

GUESSES = {
    "another one": secrets.token_hex(16),
    "nothing": "",
    "a path": "../../x",
    "a path of the system": "/etc/passwd",
    "a coded path": "..%2f..%2fx",
    "a zero byte": "\0",
    "a zero byte at the end": "0" * 32 + "\0",
    "SQL": "' OR '1'='1",
    "SQL that stacks": "x'; DROP TABLE runs; --",
    "a wildcard": "%",
    "markup": "<script>alert(1)</script>",
    "a megabyte": "a" * 1_000_000,
    "capitals": "A" * 32,
    "no ASCII": "٣" * 32,
}


def queue(store, owner="ann", title="t", address=None, data=b"1", **settings):
    config = Config(**settings)
    return store.create(
        owner, "counting", config, title=title, data=data, address=address
    )


def everything(store, owner, run_id):
    return (
        store.get(owner, run_id),
        store.result(owner, run_id),
        store.snapshots(owner, run_id),
    )
