"""The fault campaign: bookings recorded, rendered and delivered while processes are killed, and what came out of each.

python -m tests.campaign [--kills 100] [--seed N] [--side-by-side 2] [--json FILE]
"""
