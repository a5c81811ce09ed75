"""The service as its document describes it: one action, its answers, its errors, its signature.

Knows no watch list and no screen.
"""
