"""What the list screens list, a file each."""
