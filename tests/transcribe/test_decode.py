"""Decoding: every container gives the same sound; every bad file a line that names it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.errors import AudioError
from rhetoric.transcribe.containers import probe
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode

from .conftest import FORMS, sine, write_silent_film, write_sound


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (16_000, 1)])
def test_any_container_gives_the_same_sound(tmp_path: Path, form: str, rate: int, channels: int) -> None:
    audio = decode(write_sound(tmp_path / f"a.{form}", sine(3, rate), rate, channels=channels))
    assert audio.samples.dtype == np.float32
    assert audio.duration_s == pytest.approx(3, abs=0.1)
    assert not audio.truncated
    middle = audio.samples[SAMPLE_RATE_HZ : 2 * SAMPLE_RATE_HZ]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)
    assert np.argmax(np.abs(np.fft.rfft(middle))) == pytest.approx(440, abs=1)


@pytest.mark.parametrize(("form", "rate", "channels"), [("mp3", 44_100, 2), ("flac", 48_000, 1), ("wav", 16_000, 1)])
def test_it_is_the_sound_that_whisper_would_decode(tmp_path: Path, form: str, rate: int, channels: int) -> None:
    from faster_whisper.audio import decode_audio

    rng = np.random.default_rng(1)
    path = write_sound(tmp_path / f"a.{form}", rng.normal(0, 0.4, 12 * rate), rate, channels=channels)  # clips
    assert np.array_equal(decode(path).samples, decode_audio(str(path)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 200_000))
def test_no_sample_is_lost(tmp_path: Path, count: int) -> None:
    path = write_sound(tmp_path / "a.wav", np.linspace(-1, 1, count, dtype=np.float32))
    decoded = decode(path).samples
    assert len(decoded) == count
    assert np.allclose(decoded, np.linspace(-1, 1, count), atol=2 / 32768)


def test_progress_rises_to_the_whole(tmp_path: Path) -> None:
    told: list[float] = []
    audio = decode(write_sound(tmp_path / "a.mp3", sine(17)), told.append)
    assert told == sorted(told)
    assert len(told) >= 3
    assert told[-1] == audio.duration_s


def test_probe_reads_headers_only(tmp_path: Path) -> None:
    info = probe(write_sound(tmp_path / "a.ogg", sine(2, 48_000), 48_000, channels=2))
    assert (info.has_audio, info.codec, info.sample_rate, info.channels) == (True, "opus", 48_000, 2)
    assert info.duration_s == pytest.approx(2, abs=0.05)
    assert not probe(write_silent_film(tmp_path / "film.mp4")).has_audio


@pytest.mark.parametrize(("really", "named"), [("mp3", "wav"), ("m4a", "mp3"), ("wav", "txt"), ("flac", "opus")])
def test_content_decides_not_the_name(tmp_path: Path, really: str, named: str) -> None:
    path = write_sound(tmp_path / f"a.{named}", sine(2), form=really)
    assert decode(path).duration_s == pytest.approx(2, abs=0.15)


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(("name", "content", "said"), [
    ("a.mp3", None, "no such file"),
    ("a.mp3", b"", "empty"),
    ("a.mp3", "This is only a text, though it is called a recording.\n" * 50, "not a recording"),
    ("a.wav", "这只是一段文字。\n" * 50, "not a recording"),
    ("a.mp3", "1\n00:00:01,000 --> 00:00:02,000\nWords\n", "not a recording"),
    ("a.mp3", "WEBVTT\n\n00:01.000 --> 00:02.000\nWords\n", "not a recording"),
    ("a.m3u8", PLAYLIST, "not a recording"),
    ("a.mp3", PLAYLIST, "not a recording"),
    ("a.txt", "ffconcat version 1.0\nfile /etc/hostname\n", "not a recording"),
    ("a.mp3", bytes(range(256)) * 40, "not a recording"),
    ("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "not a"),
    ("a.zip", b"PK\x03\x04" + bytes(100), "not a recording"),
])
def test_what_is_no_recording_is_one_clear_line(tmp_path: Path, name: str, content: str | bytes | None,
                                                said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    started = time.monotonic()
    with pytest.raises(AudioError) as caught:
        decode(path)
    assert time.monotonic() - started < 5
    message = str(caught.value)
    assert message.startswith(str(path))
    assert said in message
    assert ";" in message  # what to do
    assert "\n" not in message


def test_folder_and_film_without_sound(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is a folder"):
        decode(tmp_path)
    with pytest.raises(AudioError, match=r"holds no sound \(.*video only\)"):
        decode(write_silent_film(tmp_path / "film.mp4"))


def test_a_name_cannot_be_taken_for_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sound(tmp_path / "http:x.wav", sine(1))
    monkeypatch.chdir(tmp_path)
    assert decode(Path("http:x.wav")).duration_s == pytest.approx(1)
    with pytest.raises(AudioError, match="no such file"):
        decode(Path("http://127.0.0.1:9/a.wav"))


@pytest.mark.parametrize("form", ["wav", "mp3", "flac"])
def test_what_is_left_of_a_truncated_recording_is_used(tmp_path: Path, form: str) -> None:
    path = write_sound(tmp_path / f"a.{form}", np.random.default_rng(2).normal(0, 0.2, 20 * SAMPLE_RATE_HZ))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    audio = decode(path)
    assert audio.truncated
    assert audio.duration_s == pytest.approx(10, abs=1)
    assert audio.info.duration_s == pytest.approx(20, abs=0.2)


def test_a_little_less_than_promised_is_not_truncated(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", sine(20))
    data = path.read_bytes()
    path.write_bytes(data[: -int(0.5 * SAMPLE_RATE_HZ) * 2])
    assert not decode(path).truncated


def test_a_film_cut_off_before_its_index_is_an_error(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.m4a", sine(20))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(AudioError, match="damaged"):
        decode(path)


@pytest.mark.parametrize(("layout", "rate"), [("5.1", 48_000), ("mono", 8_000), ("7.1", 44_100)])
def test_telephone_and_cinema_sound(tmp_path: Path, layout: str, rate: int) -> None:
    import av

    path = tmp_path / "a.flac"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=rate, layout=layout)
        channels = stream.codec_context.channels
        pcm = np.zeros((channels, 3 * rate), dtype=np.int16)
        pcm[min(2, channels - 1)] = sine(3, rate) * 32767  # the centre, where speech is
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm.T).reshape(1, -1), format="s16", layout=layout)
        frame.rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    audio = decode(path)
    assert audio.info.channels == channels
    assert audio.duration_s == pytest.approx(3, abs=0.05)
    middle = audio.samples[SAMPLE_RATE_HZ : 2 * SAMPLE_RATE_HZ]
    assert np.argmax(np.abs(np.fft.rfft(middle))) == pytest.approx(440, abs=1)
    assert np.sqrt(np.mean(middle**2)) > 0.05


def test_a_locked_recording_is_told_as_such(tmp_path: Path) -> None:
    import av

    path, opened = tmp_path / "locked.m4a", tmp_path / "open.m4a"
    key = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
           "encryption_kid": "a7e61c373e219033c21091fa607bf3b8"}
    for target, options in ((path, key), (opened, {})):
        with av.open(str(target), "w", format="mp4", options=options) as container:
            stream = container.add_stream("aac", rate=16_000, layout="mono")
            frame = av.AudioFrame.from_ndarray((sine(5) * 32767).astype(np.int16)[None], format="s16", layout="mono")
            frame.rate = 16_000
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    assert decode(opened).duration_s == pytest.approx(5, abs=0.2)
    for read in (decode, probe):
        with pytest.raises(AudioError, match=r"locked\.m4a: locked by its seller \(DRM\).*; give"):
            read(path)


@pytest.mark.parametrize("head", [b"\0\0\0\x20ftypaax \0\0\0\0" + bytes(64),
                                  bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(40)
                                  + bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e") + bytes(64)])
def test_other_locks(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(head)
    with pytest.raises(AudioError, match="DRM"):
        decode(path)


@pytest.mark.parametrize("boxes", [b"\0\0\0\0mdat", b"\0\0\0\x01mdat" + b"\xff" * 8, b"\0\0\0\x07mdat", b"\0\0"])
def test_broken_boxes_end_the_search(tmp_path: Path, boxes: bytes) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0" + boxes)
    with pytest.raises(AudioError, match="not a recording"):
        decode(path)


def test_damage_in_the_middle_is_left_out(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.ogg", sine(20, 48_000), 48_000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    path.write_bytes(data)
    assert 15 < decode(path).duration_s <= 20.1
