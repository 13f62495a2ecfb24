"""Playing with the network: loop, count-in and metronome, a keyboard, its answers."""

import io

import mido
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Page, Profiles
from tests.conftest import wait_until
from tests.driver.browser.music import (
    audio,
    download,
    heard,
    marked_span,
    melody,
    roll,
    source,
)

# A MIDI keyboard as Web MIDI shows one; `midiSend` presses and releases its keys.
MIDI = """(() => {
  const input = {id: "1", name: "Small piano", state: "connected"}
  window.midiSend = (...message) => input.onmidimessage(
    {data: new Uint8Array(message), timeStamp: performance.now()})
  navigator.requestMIDIAccess = async () => ({inputs: new Map([["1", input]])})
})()"""
NO_MIDI = "delete Navigator.prototype.requestMIDIAccess"
REFUSED = """navigator.requestMIDIAccess = async () => {
  throw new DOMException("Permission denied", "NotAllowedError")
}"""
# Each of the two is answered by a pause: a count-in begins, and ends.
PLAY_TWICE = """async audio => {
  for (let times = 0; times < 2; times++) {
    const paused = new Promise(done => (audio.onpause = done))
    audio.play().catch(() => null)
    await paused
  }
}"""
# When the first bar of a recording begins, presses a key of the MIDI keyboard.
PRESS = """(keyboard, pitch) => new MutationObserver((_, watcher) => {
  if (keyboard.dataset.recording !== "recording") return
  watcher.disconnect()
  midiSend(0x90, pitch, 100)
  midiSend(0x80, pitch, 0)
}).observe(keyboard, {attributeFilter: ["data-recording"]})"""
# Where a loop has been: the lowest and highest second. A frame that comes late, and the
# one after it, do not count: the timers that end the loop are late then, too.
WATCH = """audio => {
  const seen = window.seen = {low: Infinity, high: 0, frames: 0}
  let before = performance.now(), left = 0
  const look = () => {
    const now = performance.now()
    left = now - before > 100 ? 2 : left - 1
    before = now
    if (left <= 0) {
      seen.low = Math.min(seen.low, audio.currentTime)
      seen.high = Math.max(seen.high, audio.currentTime)
      seen.frames += 1
    }
    requestAnimationFrame(look)
  }
  look()
}"""
# Where the sound has been while a count-in went on: the highest second.
WATCH_COUNT_IN = """(transport, audio) => {
  const seen = window.seenCounting = {looks: 0, high: 0}
  const look = () => {
    if (transport.dataset.counting !== "true") return
    seen.looks += 1
    seen.high = Math.max(seen.high, audio.currentTime)
    requestAnimationFrame(look)
  }
  new MutationObserver(look).observe(transport, {attributeFilter: ["data-counting"]})
}"""


def open_music(profiles, dashboard):
    page = Page(profiles.take(height=1000), dashboard)
    page.open("music?music_meter=2/4&music_tempo=120&music_bars=8&music_chords=C|G7")
    expect(audio(page)).to_be_attached(timeout=60_000)
    page.settle()
    return page


@pytest.fixture(scope="module")
def with_midi(browser):
    """Browser profiles that have a MIDI keyboard."""
    return Profiles(browser, MIDI)


@pytest.fixture
def page(with_midi, dashboard):
    page = open_music(with_midi, dashboard)
    yield page
    page.stop_listening()
    with_midi.give_back(page.page, dashboard.url)
    assert page.outside == []
    assert [c for c in page.complaints if "404" not in c] == []


def part(page, name):
    return page.keyed(f"music_{name}").locator(".lesson")


def note_of(page, name, field):
    """What a component says of itself to a test, as a number."""
    return float(part(page, name).get_attribute(f"data-{field}") or 0)


def toggle(page, name):
    button = page.keyed("music_transport").get_by_role("button", name=name)
    button.click()
    return button


def play(page):
    roll(page).get_by_role("button", name="Play (space)").click()


def playing(page):
    return audio(page).evaluate("audio => !audio.paused")


def open_keyboard(page):
    page.page.get_by_text("Play it yourself").click()
    expect(part(page, "keyboard")).to_be_visible()
    page.settle()


def say(page, text):
    expect(page.keyed("music_keyboard").locator(".status")).to_contain_text(text)


def record(page, bars):
    """Press Record; return a function that waits for the end of the recording."""
    keyboard = page.keyed("music_keyboard")
    count = str(int(note_of(page, "keyboard", "recorded")) + 1)
    keyboard.get_by_label("Bars to record").select_option(str(bars))
    keyboard.get_by_role("button", name="Record").click()

    def wait():
        expect(part(page, "keyboard")).to_have_attribute("data-recorded", count)
        page.settle()

    return wait


def record_midi(page, pitch):
    """Record two bars that begin with one note."""
    part(page, "keyboard").evaluate(PRESS, pitch)
    record(page, 2)()


def test_a_loop_stays_within_the_marked_bars_and_is_remembered(page):
    ruler = roll(page).locator(".ruler")
    ruler.scroll_into_view_if_needed()
    box = ruler.bounding_box()
    ruler.click(position={"x": box["width"] / 8 * 1.5, "y": box["height"] / 2})
    wait_until(lambda: marked_span(page) == [1, 2], what="the second bar is marked")
    page.settle()
    button = toggle(page, "Loop")
    expect(button).to_have_attribute("aria-pressed", "true")
    play(page)
    wait_until(lambda: heard(page) > 1.1, what="the marked bars")
    audio(page).evaluate(WATCH)
    then = note_of(page, "transport", "rounds")
    wait_until(
        lambda: note_of(page, "transport", "rounds") >= then + 3, what="three rounds"
    )
    wait_until(lambda: page.page.evaluate("seen.frames") >= 60, what="enough frames")
    seen = page.page.evaluate("seen")
    assert seen["low"] > 0.95
    assert seen["high"] < 2.25
    page.page.reload()
    page.settle()
    button = page.keyed("music_transport").get_by_role("button", name="Loop")
    expect(button).to_have_attribute("aria-pressed", "true")
    toggle(page, "Loop")
    play(page)
    wait_until(lambda: heard(page) > 2.5, what="the bars after the loop")


def test_the_whole_piece_loops_where_no_bar_is_marked(page):
    toggle(page, "Loop")
    seconds = 8 * 2 * 60 / 120
    audio(page).evaluate("(audio, time) => (audio.currentTime = time)", seconds - 0.5)
    play(page)
    wait_until(
        lambda: note_of(page, "transport", "rounds") == 1, what="the second round"
    )
    wait_until(lambda: 0.3 < heard(page) < 3, what="the first bars again")
    assert playing(page)


def test_a_bar_of_clicks_comes_before_the_sound_and_the_metronome_goes_with_it(page):
    for name in ("Count-in", "Metronome"):
        expect(toggle(page, name)).to_have_attribute("aria-pressed", "true")
    sound = audio(page).element_handle()
    part(page, "transport").evaluate(WATCH_COUNT_IN, sound)
    play(page)
    expect(part(page, "transport")).to_have_attribute("data-counted", "2")
    wait_until(lambda: heard(page) > 1, what="the sound after the count-in")
    seen = page.page.evaluate("seenCounting")
    assert seen["looks"] > 0
    assert seen["high"] < 0.05
    roll(page).get_by_role("button", name="Pause (space)").click()
    wait_until(lambda: not playing(page), what="the pause")
    last, beat = note_of(page, "transport", "clicked"), 60 / 120
    assert last / beat == pytest.approx(round(last / beat), abs=0.01)
    assert last - 0.2 < heard(page) < last + beat + 0.3
    assert 0 < note_of(page, "transport", "clicks") <= 1 + last / beat

    # Pressed again while it counts, it stays where it is.
    there = heard(page)
    audio(page).evaluate(PLAY_TWICE)
    expect(part(page, "transport")).to_have_attribute("data-counting", "false")
    assert not playing(page)
    assert heard(page) == pytest.approx(there, abs=0.2)  # a pause takes a moment


def test_another_take_goes_on_playing_and_a_paused_one_stays_paused(page):
    before = source(page)
    page.press("music_another")
    expect(audio(page)).not_to_have_attribute("src", before)
    page.settle()
    assert not playing(page)
    play(page)
    wait_until(lambda: heard(page) > 0.3, what="sound")
    before = source(page)
    page.press("music_another")
    expect(audio(page)).not_to_have_attribute("src", before)
    wait_until(lambda: playing(page) and heard(page) > 0.3, what="the new take")


# What else plays than the page's own element: each by itself, and where those that can
# be heard are when the page's own begins to load.
LISTEN = """() => {
    const play = HTMLMediaElement.prototype.play
    window.others = []
    HTMLMediaElement.prototype.play = function () {
        if (!this.isConnected && !others.includes(this)) others.push(this)
        return play.call(this)
    }
    window.audible = () =>
        others.filter(one => !one.paused && !one.muted).map(one => one.currentTime)
    document.addEventListener("loadstart", () => (window.meanwhile = audible()), true)
}"""


def test_the_sound_before_is_heard_until_another_take_is_there(page):
    page.page.evaluate(LISTEN)
    play(page)
    wait_until(lambda: heard(page) > 1, what="sound")
    assert page.page.evaluate("audible()") == []
    before = source(page)
    page.press("music_another")
    expect(audio(page)).not_to_have_attribute("src", before)
    wait_until(lambda: playing(page) and heard(page) > 0.3, what="the new take")
    (second,) = page.page.evaluate("meanwhile")
    assert second > 1
    assert page.page.evaluate("audible()") == []
    roll(page).get_by_role("button", name="Pause (space)").click()
    wait_until(
        lambda: page.page.evaluate("others.every(one => one.paused)"),
        what="the pause of all",
    )


def test_a_midi_keyboard_records_and_the_network_continues_and_answers(page):
    open_keyboard(page)
    expect(page.keyed("music_continue").get_by_role("button").first).to_be_disabled()
    page.keyed("music_keyboard").get_by_role("button", name="MIDI").click()
    say(page, "listening to Small piano")
    page.page.evaluate("midiSend(0x90, 64, 100)")
    expect(part(page, "keyboard")).to_have_attribute("data-sounding", "64")
    page.page.evaluate("midiSend(0x90, 64, 0)")
    expect(part(page, "keyboard")).to_have_attribute("data-sounding", "")

    record_midi(page, 67)
    page.sees("You played 1 note in 2 bars of 2/4, G4 to G4")
    before = source(page)
    page.press("music_continue")
    expect(audio(page)).not_to_have_attribute("src", before)
    wait_until(lambda: playing(page) and heard(page) > 0.1, what="the continuation")
    page.settle()
    expect(roll(page)).to_contain_text("the primer, which it only read")
    assert melody(download(page, "music_download"))[0][1] == 67
    assert len(melody(download(page, "music_download"))) > 5

    page.press("music_answer")
    page.sees("Your turn, exchange 2 of 8")
    page.settle()
    turn = 2 * 2 * 60 / 120  # seconds of a call, and of an answer
    wait_until(lambda: heard(page) > turn, what="the answer")
    first = melody(download(page, "music_download"))
    assert first[0][1] == 67
    assert (first[:, 0] >= turn).any()

    record_midi(page, 72)
    page.sees("Your turn, exchange 3 of 8")
    page.settle()
    both = melody(download(page, "music_download"))
    assert both[: len(first)].tolist() == first.tolist()
    assert both[len(first)][1] == 72
    assert (both[:, 0] >= 3 * turn).any()
    file = mido.MidiFile(file=io.BytesIO(download(page, "music_download")))
    assert file.length == pytest.approx(4 * turn, abs=turn / 2)
    page.press("music_answer_new")
    page.settle()
    expect(page.keyed("music_answer")).to_contain_text("Call and response")


def test_the_computers_keys_play_and_nothing_that_is_no_note_reaches_the_page(page):
    open_keyboard(page)
    keyboard = part(page, "keyboard")
    keyboard.focus()
    page.page.keyboard.down("k")
    expect(keyboard).to_have_attribute("data-sounding", "72")
    page.page.keyboard.up("k")
    page.page.keyboard.press("x")
    expect(keyboard).to_have_attribute("data-low", "72")
    page.page.keyboard.down("w")
    expect(keyboard).to_have_attribute("data-sounding", "73")
    page.page.keyboard.up("w")
    page.page.keyboard.press("z")
    key = keyboard.locator("[data-pitch='65']")
    key.hover()
    page.page.mouse.down()
    expect(keyboard).to_have_attribute("data-sounding", "65")
    page.page.mouse.up()
    expect(keyboard).to_have_attribute("data-sounding", "")

    wait = record(page, 4)
    expect(keyboard).to_have_attribute("data-recording", "recording")
    page.page.keyboard.press("a")
    wait()
    page.sees("You played 1 note in 4 bars of 2/4, C4 to C4")
    record(page, 1)()
    page.sees("Expected notes, got none")
    page.sees("You played 1 note")
    # Away from the keyboard, the same key plays nothing.
    page.keyed("music_continue").get_by_role("button").first.focus()
    page.page.keyboard.down("k")
    expect(keyboard).to_have_attribute("data-sounding", "")
    page.page.keyboard.up("k")


@pytest.mark.parametrize(
    ("script", "text"),
    [(NO_MIDI, "This browser has no Web MIDI"), (REFUSED, "refused the access")],
)
def test_a_browser_without_midi_says_so(browser, dashboard, script, text):
    page = open_music(Profiles(browser, script), dashboard)
    open_keyboard(page)
    page.keyed("music_keyboard").get_by_role("button", name="MIDI").click()
    say(page, text)
    page.page.context.close()
