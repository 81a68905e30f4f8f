"""Who works with Vigil: accounts, passwords, roles and what each may do.

Knows people and rules as plain values, with the time passed in. Must not know SQL or screens.
"""
