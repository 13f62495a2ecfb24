// Clicks of a metronome on WebAudio's clock, and the beats that they are on.

const CLICK_SECONDS = 0.04, CLICK_HERTZ = { true: 1760, false: 1175 } // accented or not

let audioContext
export function audioClock() {
  audioContext ??= new AudioContext({ latencyHint: "interactive" })
  if (audioContext.state === "suspended") audioContext.resume()
  return audioContext
}

// Latency of the audio output in seconds.
export const latencyOf = (clock) => clock.outputLatency || clock.baseLatency || 0

// Schedule a click at a time of the clock; returns a function that cancels it.
export function click(clock, time, accented) {
  const tone = new OscillatorNode(clock, { type: "triangle", frequency: CLICK_HERTZ[accented] })
  const level = new GainNode(clock, { gain: 0 })
  level.gain.setValueAtTime(accented ? 0.5 : 0.3, time)
  level.gain.exponentialRampToValueAtTime(0.001, time + CLICK_SECONDS)
  tone.connect(level).connect(clock.destination)
  tone.start(time)
  tone.stop(time + CLICK_SECONDS)
  return () => level.disconnect()
}

// The beats k with a time from `from` to before `to`: [seconds, accented, place in its bar].
export function beatsBetween({ first, beat, beats }, from, to) {
  const found = []
  for (let k = Math.ceil((from - first) / beat - 1e-6); first + k * beat < to - 1e-6; k++) {
    const place = ((k % beats) + beats) % beats
    found.push([first + k * beat, place === 0, place])
  }
  return found
}
