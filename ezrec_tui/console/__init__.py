"""The Linux console that the kiosk runs on: its font."""
