"""A stored session as files for other programs.

Knows stored sessions only. Must not know SQL, devices or screens.
"""
