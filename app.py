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
    from pages.ui.metrics import metrics_route
    from pages.ui.previews import preview_route
    from pages.ui.web.scripts import script_route
    from pages.ui.web.server import Guard, Pages, ProxyHeaders

    site = startup.set_up()
    pages = Pages(site.open_pages)
    app = st.App(
        __file__,
        routes=[
            *live_routes(),
            preview_route(),
            script_route(),
            metrics_route(pages),
        ],
        lifespan=startup.lifespan,
        middleware=[
            Middleware(ProxyHeaders),
            Middleware(
                Guard, pages=pages, secret=site.sign_in_secret, hosts=site.hosts
            ),
        ],
        on_script_error=startup.show_error,
        exception_handlers={Exception: startup.server_error},
    )
