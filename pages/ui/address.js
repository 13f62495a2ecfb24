// A setting replaces the address; only another page is a step of the browser's history.
// Streamlit makes a step of each. (Safari allows a hundred changes in half a minute: the
// next one after them is as good.)
if (!window.settingsReplace) {
  window.settingsReplace = true
  const push = history.pushState
  history.pushState = function (state, title, url) {
    const same = new URL(url, location).pathname === location.pathname
    try {
      (same ? history.replaceState : push).call(history, state, title, url)
    } catch (error) {
      console.warn(error)
    }
  }
}

export default function ({ data, parentElement }) {
  const find = (name) => parentElement.querySelector(name)
  const [button, said, field] = ["button", "output", "input"].map(find)
  const here = location.origin + location.pathname
  const link = data.includes("://") ? data : here + (data ? `?${data}` : "")
  if (field.value !== link) {
    field.value = link
    field.hidden = true
    said.textContent = ""
  }
  button.onclick = async () => {
    said.textContent = (await copied(link, field)) ? "Copied" : "Copy it from here:"
  }
}

async function copied(link, field) {
  try {
    await navigator.clipboard.writeText(link) // only where the address is secure
    return true
  } catch {
    field.hidden = false
    field.select()
    return document.execCommand("copy")
  }
}
