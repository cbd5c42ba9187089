"""The whole house in real time: engine, recorders, worker and screen as processes, a booking from start to end."""
