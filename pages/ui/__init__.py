"""The parts of pages: shared modules, and a folder for the parts of one page.

`frame` begins each page, `session` has its owner and run, `address` its settings in the
address, `training` the Train button. `live` has the live updates, `web` the server
before Streamlit, `task` the general page of a task.
"""
