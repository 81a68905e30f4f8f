"""Everything about the cable: bytes become readings.

Knows transports, protocols and simulators. Must not know sessions, storage or screens.
"""
