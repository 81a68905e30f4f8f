"""The live screens: one chair with a session, a free chair, and the window around them.

Knows widgets and view models. Must not decide anything clinical.
"""
