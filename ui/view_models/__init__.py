"""What the screen shows, as plain values: a snapshot and its age become words, colours, ranges.

Knows monitor's snapshots only. Must not know Qt, devices or SQL.
"""
