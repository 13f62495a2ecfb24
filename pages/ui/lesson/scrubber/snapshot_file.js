// Reads what core/lesson/snapshot_file.py writes.
// The value of each half-precision number by its bits.
const HALF = (() => {
  const table = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction ? NaN : Infinity
          : (1 + fraction / 1024) * 2 ** (exponent - 15)
    table[bits] = bits >> 15 ? -size : size
  }
  return table
})()

export function readSnapshots(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const body = new Uint16Array(bytes.slice(4 + length).buffer)
  const numbers = Float32Array.from(body, (bits) => HALF[bits])
  const losses = new Map(head.losses.map(([epoch, ...values]) => [epoch, values]))
  const frames = head.epochs.map((epoch, i) => {
    const parts = {}
    for (const [key, { at, shape }] of Object.entries(head.parts)) {
      const size = shape.reduce((a, b) => a * b, 1)
      const values = numbers.subarray(at + i * size, at + (i + 1) * size)
      parts[key] = { values, shape }
    }
    return { epoch, parts, samples: head.samples[i] ?? [], losses: losses.get(epoch) }
  })
  return { head, frames }
}

// Frames of the same run are added to those already there, in order of epochs.
export function addFrames(file, more) {
  if (!file || file.head.name !== more.head.name) return more
  const byEpoch = new Map([...file.frames, ...more.frames].map((f) => [f.epoch, f]))
  const frames = [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch)
  return { head: more.head, frames }
}

// Smallest and largest value of the arrays whose names have this ending, over all frames.
export function rangeOf(frames, ending) {
  let low = Infinity
  let high = -Infinity
  for (const { parts } of frames)
    for (const key in parts)
      if (key.endsWith(ending))
        for (const value of parts[key].values) {
          if (value < low) low = value
          if (value > high) high = value
        }
  return [low, high]
}
