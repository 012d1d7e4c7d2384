"""The board in a browser, over HTTP, and for agents.

What always holds: a GET never writes; what a page shows comes from the view models that terminal and JSON use, too.
"""
