"""The monitoring core: readings become a session.

Knows vitals, alarms, sessions and how they are stored. Must not know Qt or serial ports.
"""
