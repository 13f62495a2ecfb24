// A new page, and what its main button begins, are seen from their top.
import { calm } from "./components/dom.js"

let page = location.pathname

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".st-key-main_action button")) scroll()
})

function scroll() {
  document.querySelector(".stMain")?.scrollTo({ top: 0, behavior: calm.matches ? "auto" : "smooth" })
}

export default function () {
  if (page !== location.pathname) scroll()
  page = location.pathname
}
