"""Owners who sign in at a proxy."""

import base64
import hmac


def owner_of_user(name: bytes, secret: str) -> str:
    """Return the owner's token of a user, as a cookie has it.

    It is a code of the name by the secret, which only the installation and its proxy
    know (HMAC-SHA256, RFC 2104): the same on all machines, and not to be guessed.

    Parameters
    ----------
    name
        The name as the proxy sends it, in UTF-8.
    secret
        `Site.sign_in_secret`.
    """
    code = hmac.digest(secret.encode(), name, "sha256")
    return base64.urlsafe_b64encode(code).decode().rstrip("=")
