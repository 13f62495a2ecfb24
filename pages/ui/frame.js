// On every page: where it is scrolled to, and downloads that are pressed while it changes.
import { calm } from "./components/dom.js"

const BUTTONS = ".st-key-main_action button, .st-key-path_line_next button"
const SCROLLED = ".stMain, .st-key-path_line_box"
const FAILED = '[data-testid="stDownloadButtonError"]'
const RUNNING = '[data-testid="stApp"][data-test-script-state="running"]'
const LOOK_MILLISECONDS = 100
let page = location.pathname

document.addEventListener("click", ({ target, isTrusted }) => {
  if (!(target instanceof Element)) return
  if (target.closest(BUTTONS)) scroll()
  const download = target.closest(".stDownloadButton")
  if (download && isTrusted) setTimeout(pressAgain, LOOK_MILLISECONDS, download)
})

// A new page, the next station, and what a main button begins are seen from their top.
function scroll() {
  const behavior = calm.matches ? "auto" : "smooth"
  for (const each of document.querySelectorAll(SCROLLED)) each.scrollTo({ top: 0, behavior })
}

// While a script run draws the button again, Streamlit may have forgotten its file.
function pressAgain(download, failed = false) {
  const button = download.querySelector("button")
  if (!button) return // the page has another content now
  failed ||= Boolean(download.querySelector(FAILED))
  if (button.disabled || (failed && document.querySelector(RUNNING))) {
    setTimeout(pressAgain, LOOK_MILLISECONDS, download, failed)
  } else if (failed) button.click()
}

export default function () {
  if (page !== location.pathname) scroll()
  page = location.pathname
}
