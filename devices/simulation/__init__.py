"""Simulated bedside devices, at the byte level: patient, device, line, port.

Knows physiology and the device side of protocols. A simulator never imports its driver.
"""
