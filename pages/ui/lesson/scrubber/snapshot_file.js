// Reads what core/lesson/snapshot_file.py writes.
// The value of each half-precision number by its bits.
const HALF = Float32Array.from({ length: 65536 }, (_, bits) => {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023
  const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24
  return (bits >> 15 ? -1 : 1) * (exponent < 31 ? size : fraction ? NaN : Infinity)
})

export function readSnapshots(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const body = new Uint16Array(bytes.slice(4 + length).buffer)
  const numbers = Float32Array.from(body, (bits) => HALF[bits])
  const losses = new Map(head.losses.map(([epoch, ...values]) => [epoch, values]))
  const frames = head.epochs.map((epoch, i) => {
    const parts = Object.entries(head.parts).map(([key, { at, shape }]) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return [key, { values: numbers.subarray(at + i * size, at + (i + 1) * size), shape }]
    })
    const samples = head.samples[i] ?? []
    return { epoch, parts: Object.fromEntries(parts), samples, losses: losses.get(epoch) }
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
