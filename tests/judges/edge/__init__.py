"""The edge-case project: one small project that holds everything that converters stumble over.

It is made by rule and is the same on every machine, but for the address that its assets are served at.
"""
