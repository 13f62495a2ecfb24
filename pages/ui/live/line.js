// Shows one line of the answers to a live part of the page.
export default function ({ data: { url, name, text }, parentElement }) {
  const line = parentElement.querySelector("p")
  const { events } = (window.unrolledLive ??= { answers: new Map(), events: new EventTarget() })
  const show = (answer) => { line.textContent = answer?.lines?.[name] ?? line.textContent }
  const heard = ({ detail }) => show(detail)
  line.textContent = text
  events.addEventListener(url, heard)
  return () => events.removeEventListener(url, heard)
}
