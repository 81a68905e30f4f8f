"""Parts of the screen: each takes a view in ``render`` and sends an intent out as a signal.

Knows Qt and view models. Must not compute values, limits or ages.
"""
