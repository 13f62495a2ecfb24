"""Whether a forecast is better than its rivals, each in one sentence with its p."""

from core.stock.view import View


def verdict_price(view: View) -> str:
    """Say whether the price is forecast better than by repeating the last one."""
    ratio, test = view.figures["rel_rmse"], view.price_test
    if ratio is None:
        return "The price did not move in the test part: there is nothing to compare."
    times = f"{ratio:.4g} times its error ({_p(test.p)})"
    if test.better:
        return f"Price: better than repeating the last known price, with {times}."
    if test.worse:
        return (
            f"Price: worse than repeating the last known price, with {times}: the "
            "forecast is of no use."
        )
    return (
        f"Price: no better and no worse than repeating the last known price, with "
        f"{times}. This is what to expect of daily prices."
    )


def verdict_risk(view: View) -> str:
    """Say whether the risk is forecast better than by GARCH with Student-t errors."""
    test = view.risk_test
    if test is None:
        return "Risk: this recipe does not forecast it."
    figures = view.figures
    scores = (
        f"a negative log-likelihood of {figures['nll']:.4f} against "
        f"{figures['nll_garch']:.4f} ({_p(test.p)})"
    )
    if test.better:
        return f"Risk: forecast better than by GARCH(1,1), with {scores}."
    if test.worse:
        return f"Risk: forecast worse than by GARCH(1,1), with {scores}."
    return f"Risk: forecast about as well as by GARCH(1,1), with {scores}."


def _p(p: float) -> str:
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.2g}"
