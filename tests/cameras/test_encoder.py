"""H.264 in software: one packet a picture, at once, each second decodable by itself."""

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from ezrec_tui.cameras.camera import CameraError, Packet
from ezrec_tui.cameras.encoder import Encoder
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.model import NS
from tests.cameras.watching import decode

SPS, PPS, IDR = 7, 8, 5


def encode(times: list[int], fps: int = 30) -> list[Packet]:
    """A picture per sensor time, its grey telling its place; one Picture is used over and over."""
    encoder, picture = Encoder(160, 96, fps, 400_000), Picture(160, 96)
    packets = list[Packet]()
    for number, at_ns in enumerate(times):
        picture.i420[:] = 128
        picture.y[:] = 20 + number % 20 * 10
        at_once = encoder.encode(picture, at_ns)
        assert len(at_once) == 1
        packets += at_once
    assert encoder.flush() == []
    return packets


def nal_types(data: bytes) -> list[int]:
    return [data[at + 3] & 31 for at in range(len(data) - 3) if data[at : at + 3] == b"\0\0\1"]


def test_sensor_times_come_out_to_the_nanosecond() -> None:
    times = [10**15 + number * 33_333_333 + number % 7 for number in range(70)]
    assert [packet.sensor_ns for packet in encode(times)] == times


def test_every_second_begins_with_a_keyframe_that_carries_sps_and_pps() -> None:
    packets = encode([number * 33_333_333 for number in range(95)])
    assert [number for number, packet in enumerate(packets) if packet.keyframe] == [0, 30, 60, 90]
    for packet in packets:
        assert ({SPS, PPS, IDR} <= set(nal_types(packet.data))) == packet.keyframe


def test_lost_frames_do_not_make_a_gop_longer_than_a_second() -> None:
    every_third = [number * 100_000_000 for number in range(35)]
    keyframes = [packet.sensor_ns for packet in encode(every_third) if packet.keyframe]
    assert keyframes == [0, NS, 2 * NS, 3 * NS]


def test_every_gop_is_decodable_by_itself_and_a_picture_may_be_drawn_on_again() -> None:
    packets = encode([number * 33_333_333 for number in range(60)])
    for start in (0, 30):
        frames = decode(packets[start : start + 30])
        assert len(frames) == 30
        for number, y in enumerate(frames, start):
            assert abs(float(np.mean(y)) - (20 + number % 20 * 10)) < 4


@pytest.mark.parametrize("height", [96, 98])
def test_a_picture_of_any_even_height_is_encoded_as_it_was_drawn(height: int) -> None:
    picture = Picture(160, height)
    for plane, shift in zip(picture.planes, (0, 40, 80), strict=True):
        plane[: plane.shape[0] // 2], plane[plane.shape[0] // 2 :] = 60 + shift, 140 + shift
    encoder, decoder = Encoder(160, height, 30, 4_000_000), av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    packets = [packet for number in range(3) for packet in encoder.encode(picture, number * 33_333_333)]
    frame = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.data))][-1]
    assert (frame.width, frame.height) == (160, height)
    for plane, source in zip(frame.planes, picture.planes, strict=True):
        shown = np.asarray(memoryview(plane)).reshape(-1, plane.line_size)[: source.shape[0], : source.shape[1]]
        assert np.abs(shown.astype(int) - source).max() <= 3


def test_there_are_no_b_frames() -> None:
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    for packet in encode([number * 33_333_333 for number in range(40)]):
        decoder.decode(av.Packet(packet.data))
    assert not decoder.has_b_frames


def test_a_size_the_encoder_cannot_do_is_refused_with_what_to_do() -> None:
    with pytest.raises(CameraError, match="RESOLUTION"):
        Encoder(161, 95, 30, 400_000)
