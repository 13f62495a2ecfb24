"""The price page: `data` and `setup` on the left, `result`, and a module for each tab.

`models` finds the result of a run or the example, `task` joins the parts.
"""
