"""Why the seed recipe is flawed, in words for the page and the terminal."""

SEED_FAULTS = (
    (
        "It learns the price level.",
        "The level of tomorrow is almost that of today, so a network that repeats "
        "its last input already has a small error. It learns to do just that, a "
        "little late and a little smoothed.",
    ),
    (
        "Its scale has seen the future.",
        "Prices are squeezed between the lowest and the highest of the whole series, "
        "the test half included. That tells the network how high the price will "
        "ever go, which nobody could have known.",
    ),
    (
        "Nothing is beside it to compare with.",
        "An error of two dollars means nothing alone. Yesterday's price as the "
        "forecast is usually closer, and one line in the table shows it.",
    ),
)
