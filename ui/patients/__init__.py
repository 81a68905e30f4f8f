"""Patients at the desktop: found, registered and confirmed before a session is theirs.

Knows the register and forms. Must not know how a session is run.
"""
