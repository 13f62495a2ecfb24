// A new page, the next station, and what a main button begins are seen from their top.
import { calm } from "./components/dom.js"

const BUTTONS = ".st-key-main_action button, .st-key-path_line_next button"
const SCROLLED = ".stMain, .st-key-path_line_box"
let page = location.pathname

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest(BUTTONS)) scroll()
})

function scroll() {
  const behavior = calm.matches ? "auto" : "smooth"
  for (const each of document.querySelectorAll(SCROLLED)) each.scrollTo({ top: 0, behavior })
}

export default function () {
  if (page !== location.pathname) scroll()
  page = location.pathname
}
