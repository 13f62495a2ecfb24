"""Uses of uvicorn's undocumented names, with the reasons.

They may change with any release; tests/security/test_half_sent.py notices.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 20.0


def limit_header_time() -> None:
    """Close connections on which the headers of a request do not end in time.

    uvicorn waits for them without a limit, and Streamlit, which starts it, passes no
    protocol of ours to it. The body of a request has no such limit.
    """
    timers: dict[H11Protocol, asyncio.TimerHandle] = {}
    make, receive = H11Protocol.connection_made, H11Protocol.data_received
    lose = H11Protocol.connection_lost

    def wait(connection: H11Protocol) -> None:
        if connection not in timers:
            loop = asyncio.get_running_loop()
            close = connection.transport.close
            timers[connection] = loop.call_later(HEADER_SECONDS, close)

    def stop_waiting(connection: H11Protocol) -> None:
        if timer := timers.pop(connection, None):
            timer.cancel()

    def connection_made(self, transport) -> None:
        make(self, transport)
        wait(self)

    def data_received(self, data: bytes) -> None:
        receive(self, data)
        if self.conn.their_state is h11.IDLE:  # until the headers have ended
            wait(self)
        else:
            stop_waiting(self)

    def connection_lost(self, error: Exception | None) -> None:
        stop_waiting(self)
        lose(self, error)

    H11Protocol.connection_made = connection_made
    H11Protocol.data_received = data_received
    H11Protocol.connection_lost = connection_lost
