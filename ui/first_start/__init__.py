"""The first start: setting a data folder up in a window, or opening one with a passphrase.

Knows the steps of ui/set_up.py and one page for each. Must not know the live screen.
"""
