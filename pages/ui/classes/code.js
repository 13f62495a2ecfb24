// The address, code and QR code of a class; a screen reader spells the code.
import { mount } from "../components/dom.js"

function buildCode(root) {
  const [address, text] = root.querySelectorAll("p"), picture = root.querySelector("span")
  return (data) => {
    address.textContent = data.address
    text.textContent = data.code
    text.ariaLabel = `Code: ${[...data.code].join(" ")}`
    picture.innerHTML = data.qr // made by this server of a link
  }
}

export default mount(buildCode, "section")
