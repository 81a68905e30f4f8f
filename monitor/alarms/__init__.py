"""Alarms: rules, conditions, the lifecycle machine and the board that merges them.

Everything here is pure: time is a parameter, nothing sleeps, nothing is stored.
"""
