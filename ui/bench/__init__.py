"""The benchmarks behind ``vigil bench``: each measures real parts of Vigil in a temporary folder.

Knows the rooms as their users do. Must not import Qt, tests, or SQL.
"""
