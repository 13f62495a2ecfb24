"""Unrolled: watch recurrent networks learn. Start with `streamlit run app.py`.

Streamlit imports this file once, for the application that it serves, and then runs it
as a script for each page that it draws.
"""

import streamlit as st

if __name__ == "__main__":
    from pages.ui.frame import navigate, run_page

    run_page(navigate())
else:
    from starlette.middleware import Middleware

    from pages.ui import startup
    from pages.ui.live.route import live_routes
    from pages.ui.previews import preview_route
    from pages.ui.web.scripts import script_route
    from pages.ui.web.server import Guard

    site = startup.set_up()
    app = st.App(
        __file__,
        routes=[*live_routes(), preview_route(), script_route()],
        lifespan=startup.lifespan,
        middleware=[Middleware(Guard, most_pages=site.open_pages)],
        on_script_error=startup.show_error,
        exception_handlers={Exception: startup.server_error},
    )
