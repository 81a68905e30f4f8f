"""Where sessions are kept: the database, the thread that writes it and the side that reads it.

The only room that knows SQL. Must not know sessions in progress, alarms' logic or screens.
"""
