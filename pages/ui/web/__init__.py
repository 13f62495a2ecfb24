"""The web server around the pages.

`server` is the middleware before Streamlit: hosts, origins, headers, owners, uploads.
`streamlit_internals` has all uses of Streamlit's undocumented names.
"""
