// Settings replace the address; only a change of page adds an entry to the browser's
// history. Streamlit would add one for each setting. (Safari allows a hundred changes in
// half a minute; after that the next change writes the address.)
const push = history.pushState
history.pushState = function (state, title, url) {
  const same = new URL(url, location.href).pathname === location.pathname
  try {
    (same ? history.replaceState : push).call(history, state, title, url)
  } catch (error) {
    console.warn(error)
  }
}

export default function ({ data, parentElement }) {
  const [button, said, field] = parentElement.querySelectorAll("button, output, input")
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
    await navigator.clipboard.writeText(link) // needs a secure address
    return true
  } catch {
    field.hidden = false
    field.select()
    return document.execCommand("copy")
  }
}
