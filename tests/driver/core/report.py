"""A report, read as a page."""

from html.parser import HTMLParser

EXTERNAL = ("src", "href", "action", "data", "srcset", "poster")


class Page(HTMLParser):
    """Headings, text and addresses of a page, without what is in its scripts."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.headings, self.text, self.addresses = [], [], "", []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in EXTERNAL]

    def handle_data(self, data):
        if self.tags[-1:] not in (["script"], ["style"]):
            self.text += data
        if self.tags[-1:] in (["h1"], ["h2"], ["h3"]) and data.strip():
            self.headings.append(data)
