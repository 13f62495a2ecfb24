"""The web server around the pages.

`server` is the middleware before Streamlit: hosts, origins, headers, owners, uploads.
`streamlit_internals` and `uvicorn_internals` have all uses of undocumented names.
"""
