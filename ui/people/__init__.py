"""People at the desktop: who is signed in, locking, break-glass, and the first start.

Knows accounts through monitor.accounts. Must not decide anything clinical.
"""
