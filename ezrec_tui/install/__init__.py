"""The program made a part of a machine: users, folders, units, settings, and releases that can be gone back from.

It runs on the system's own Python from a clone or a wheel, before anything is installed: nothing but the standard
library is imported here.
"""
