"""Links and the clipboard in a browser."""

import re

from playwright.sync_api import expect


def box(page, key):
    return page.keyed(key).locator("input, textarea").first


def has(page, key, text):
    """Wait until the address has a setting."""
    value = re.escape(text.replace("&", "%26").replace("|", "%7C").replace(" ", "+"))
    expect(page.page).to_have_url(re.compile(f"[?&]{key}={value}(&|$)"))
    page.settle()


def copied(page, name):
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.press(f"{name}_copy_link")
    expect(page.keyed(f"{name}_copy_link").get_by_text("Copied")).to_be_visible()
    return page.page.evaluate("navigator.clipboard.readText()")


def path_of(url):
    return url.split("/", 3)[3]
