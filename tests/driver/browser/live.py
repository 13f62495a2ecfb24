"""What a page asks of the live route, and of Streamlit."""


class Asked:
    """Counts what a page asks of the live route, and of Streamlit."""

    def __init__(self, page):
        self.requests, self.answered, self.runs = [], 0, 0
        page.on("request", self._note)
        page.on("requestfinished", self._note_answer)
        page.on("requestfailed", self._note_answer)
        page.on("websocket", self._watch)

    def _note(self, request):
        if "/live/run/" in request.url:
            self.requests.append(request)

    def _note_answer(self, request):
        self.answered += "/live/run/" in request.url

    def _watch(self, socket):
        socket.on("framesent", self._count)

    def _count(self, _):
        self.runs += 1
