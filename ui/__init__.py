"""Everything a person sees or types: a session becomes pixels, a key becomes a command.

Composes the rooms below it. Qt is imported only by the parts that show a window.
"""
