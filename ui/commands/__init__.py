"""What each command of ``vigil`` does, one module a command group.

Composes the rooms. Must not import Qt, except show.py, which opens the desktop.
"""
