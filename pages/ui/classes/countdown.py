"""The countdown of a poll, which runs in the browser."""

import time

import streamlit as st

_countdown = st.components.v2.component(
    "countdown",
    html='<p role="timer" aria-label="Time left"></p>',
    css="""
    p { margin: 0; color: var(--st-text-color); font-variant-numeric: tabular-nums;
        font: 600 1.25rem var(--st-heading-font) }
    """,
    js="""
    const clocks = new WeakMap()
    export default function ({ data: { left, until }, parentElement }) {
      const text = parentElement.querySelector("p")
      const known = clocks.get(text)
      const stop = () => {
        if (text.isConnected) return
        clearInterval(clocks.get(text)?.timer)
        clocks.delete(text)
      }
      if (known?.until === until) return stop
      clearInterval(known?.timer)
      const end = performance.now() + 1000 * left
      const draw = () => {
        const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
        const rest = String(seconds % 60).padStart(2, "0")
        text.textContent = `${Math.floor(seconds / 60)}:${rest}`
      }
      draw()
      clocks.set(text, { until, timer: setInterval(draw, 250) })
      return stop
    }
    """,
)


def countdown(key: str, until: float) -> None:
    """Draw the minutes and seconds until a moment, in seconds since 1970, UTC."""
    _countdown(key=key, data={"left": until - time.time(), "until": until})
