"""What can be wrong with a video, said to people."""


class VideoError(Exception):
    """A video cannot be read or made. The text is one line: what, where, what to do."""
