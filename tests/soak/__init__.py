"""Eight hours of a venue in as many minutes, with random faults: are promises kept, and does nothing grow?

The programs are those that run in a venue, by the machine's own clock. What is a sixtieth is what they are told: the
bookings and the pauses between them, how often the bookings are read, how many clients come and go.
"""
