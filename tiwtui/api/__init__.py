"""The service's API as documented: one action, its answers, errors and signature.

Knows no watch list and no screen.
"""
