"""Pure video work: files in, file out. Knows nothing of bookings, jobs or the engine."""
