"""The drivers, one folder a model: driver, simulator, device card.

Knows the makers' words. Must not know serial ports, threads or time.
"""
