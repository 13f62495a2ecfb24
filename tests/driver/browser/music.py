"""The music page in a browser."""

import io

import mido
import numpy as np

from pages.ui.web.scripts import script_path

NOTES = """shapes => shapes.map(one => [
    Number(one.dataset.note), Number(one.getAttribute("x")),
    Number(one.getAttribute("y"))]).sort((one, other) => one[0] - other[0])"""

MARKED = "url => import(url).then(all => all.markedSpans.get('music_sound'))"


def tab(page, name):
    page.page.get_by_role("tab", name=name).click()
    page.settle()


def upload(page, path, content):
    path.write_bytes(content)
    page.choose("music_corpus", "Upload")
    page.keyed("music_upload").locator("input[type=file]").set_input_files(path)


def download(page, key):
    page.settle()  # a button that is drawn anew has another file
    with page.page.expect_download() as waiting:
        page.press(key)
    return waiting.value.path().read_bytes()


def roll(page, name="music"):
    return page.keyed(f"{name}_roll")


def drawn(page, name="music"):
    """The melody's notes on a roll: place, and pixels from the left and the top."""
    shapes = roll(page, name).locator(".note.own")
    shapes.first.wait_for()
    return np.array(shapes.evaluate_all(NOTES))


def marked_span(page):
    """Seconds of the marked bars, as the roll tells other parts."""
    return page.page.evaluate(MARKED, script_path("music/sound.js"))


def audio(page, name="music"):
    return page.keyed(f"{name}_sound").locator("audio")


def heard(page, name="music"):
    """Seconds of the sound that have been played."""
    return audio(page, name).evaluate("audio => audio.currentTime")


def source(page, name="music"):
    return audio(page, name).get_attribute("src")


def melody(content):
    """Onsets in seconds and pitches of the melody of a MIDI file."""
    file = mido.MidiFile(file=io.BytesIO(content))
    tempo = next(
        m.tempo for track in file.tracks for m in track if m.type == "set_tempo"
    )
    track = next(track for track in file.tracks if track.name == "Melody")
    ticks, found = 0, []
    for message in track:
        ticks += message.time
        if message.type == "note_on" and message.velocity:
            second = mido.tick2second(ticks, file.ticks_per_beat, tempo)
            found.append((second, message.note))
    return np.array(found)
