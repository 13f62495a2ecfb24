"""The settings of every page that trains, on a laptop."""

import pytest

from tests.conftest import wait_until

TRAINING = [
    *("stock", "stock?stock_recipe=classic", "emoji", "emoji?emoji_model=v1"),
    *("music", "music?music_model=classic"),
    *(
        f"{page}?{page}_step=Learning&{page}_task={task}"
        for page in ("rnn", "lstm", "gru")
        for task in ("text", "adding")
    ),
]
VIEWS = {  # with a setting of each
    **dict.fromkeys(TRAINING, "Learning rate"),
    "lstm": "Inputs",
    "lstm?lstm_step=Forward": "Forget bias",
}
UNFOLD = """() => {
  const folded = [...document.querySelectorAll("details:not([open]) > summary")]
  folded.forEach((summary) => summary.click())
  return folded.length === 0
}"""
# Label and value of each number box, with the widths of the value and of its room.
MEASURE = """() => {
  const context = document.createElement("canvas").getContext("2d")
  const boxes = [...document.querySelectorAll("input[type=number]")]
  return boxes.filter((box) => box.checkVisibility()).map((box) => {
    const style = getComputedStyle(box)
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight)
    context.font = style.font
    const width = context.measureText(box.value).width
    return [box.ariaLabel, box.value, width, box.clientWidth - padding]
  })
}"""


@pytest.mark.parametrize(("view", "setting"), VIEWS.items())
def test_every_number_box_shows_its_value_whole(visit, view, setting):
    page = visit(view, width=1280, height=800)
    wait_until(lambda: page.page.evaluate(UNFOLD), what="open settings")
    page.settle()

    def measured():
        boxes = page.page.evaluate(MEASURE)
        return any(label == setting for label, *_ in boxes) and boxes

    boxes = wait_until(measured, what=f"the setting {setting}")
    assert [box for box in boxes if box[2] > box[3]] == []
