"""The parts of the home screen, a file each."""
