# SPDX-License-Identifier: MIT
"""The modules behind scripts/gdb/teak.py; each one registers its commands when it is imported."""
