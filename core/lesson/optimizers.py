"""How weights follow their gradients: pure functions on dicts of arrays.

Each takes parameters, gradients and what it remembers, and returns new ones: no
array is changed in place, so an earlier state stays what it was.
"""

from collections.abc import Callable, Mapping

import numpy as np

from core.recurrent import Array, Gradients, Parameters

Memory = dict[str, Array]  # what an optimizer carries from step to step
Optimizer = Callable[[Parameters, Gradients, Memory, float], tuple[Parameters, Memory]]


def global_norm(gradients: Gradients) -> float:
    """Return the length of all gradients taken together as one vector."""
    with np.errstate(over="ignore"):  # an explosion is told by its norm, inf
        return float(np.sqrt(sum(np.sum(np.square(g)) for g in gradients.values())))


def clip_by_global_norm(gradients: Gradients, limit: float) -> tuple[Gradients, float]:
    """Shorten the gradients to a given length, keeping their direction.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.

    Parameters
    ----------
    gradients
        By name.
    limit
        Longest global norm allowed; 0 leaves the gradients as they are.

    Returns
    -------
    gradients
        Of norm at most `limit`.
    norm
        The global norm before clipping.
    """
    norm = global_norm(gradients)
    if not 0 < limit < norm:
        return gradients, norm
    return {name: g * (limit / norm) for name, g in gradients.items()}, norm


def sgd(
    parameters: Parameters, gradients: Gradients, memory: Memory, rate: float
) -> tuple[Parameters, Memory]:
    """Step against the gradient: w - rate * dw. It remembers nothing."""
    moved = {name: w - rate * gradients["d" + name] for name, w in parameters.items()}
    return moved, memory


def adam(
    parameters: Parameters, gradients: Gradients, memory: Memory, rate: float
) -> tuple[Parameters, Memory]:
    """Step by a running mean of the gradient, scaled by its running size.

    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    algorithm 1, with their constants β1 = 0.9, β2 = 0.999, ε = 1e-8.

    Parameters
    ----------
    parameters
        By name.
    gradients
        Of each parameter, under its name with "d" before it.
    memory
        The two running means and the number of steps; {} at the start.
    rate
        Learning rate.

    Returns
    -------
    parameters, memory
        After the step.
    """
    t = memory.get("t", np.zeros(())) + 1
    bias_m, bias_v = 1 - 0.9**t, 1 - 0.999**t
    moved, later = {}, {"t": np.asarray(t)}
    for name, w in parameters.items():
        g = gradients["d" + name]
        m = 0.9 * memory.get("m " + name, 0.0) + 0.1 * g
        v = 0.999 * memory.get("v " + name, 0.0) + 0.001 * np.square(g)
        moved[name] = w - rate * (m / bias_m) / (np.sqrt(v / bias_v) + 1e-8)
        later["m " + name], later["v " + name] = m, v
    return moved, later


OPTIMIZERS: Mapping[str, Optimizer] = {"adam": adam, "sgd": sgd}
