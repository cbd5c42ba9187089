"""A small grey picture as a JPEG, for those who look from outside."""

from fractions import Fraction

import av
import numpy as np

from ezrec_tui.cameras.picture import Plane

QUANTISER = 5
"""From 2, the best, to 31: about a tenth of a byte for a pixel."""
NO_COLOUR = 128


def jpeg(grey: Plane) -> bytes:
    """Of luma of the full range, (height, width), at least 2x2; an odd last row or column is left out."""
    height, width = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
    colour = np.full((height // 2, width), NO_COLOUR, np.uint8)
    frame = av.VideoFrame.from_ndarray(np.vstack((grey[:height, :width], colour)), format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuvj420p", Fraction(1)
    encoder.options = {"flags": "qscale", "global_quality": str(QUANTISER * 118)}
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
