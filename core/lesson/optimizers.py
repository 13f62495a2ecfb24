"""Optimizers and gradient clipping: pure functions on dicts of arrays.

An optimizer takes parameters, gradients, its own state and the learning rate, and
returns new parameters and a new state. No array is changed in place, so earlier ones
stay valid, in checkpoints for example.
"""

from collections.abc import Callable, Mapping

import numpy as np

from core.recurrent import Array, Gradients, Parameters

OptimizerState = dict[str, Array]
Optimizer = Callable[
    [Parameters, Gradients, OptimizerState, float], tuple[Parameters, OptimizerState]
]


def global_norm(gradients: Gradients) -> float:
    """Return the Euclidean norm of all gradients as one vector."""
    with np.errstate(over="ignore"):  # it is inf then
        return float(np.sqrt(sum(np.sum(np.square(g)) for g in gradients.values())))


def clip_by_global_norm(gradients: Gradients, limit: float) -> tuple[Gradients, float]:
    """Scale the gradients down to a given norm, keeping their direction.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.

    Parameters
    ----------
    gradients
        By name.
    limit
        Largest global norm allowed; 0 leaves the gradients as they are.

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
    parameters: Parameters, gradients: Gradients, state: OptimizerState, rate: float
) -> tuple[Parameters, OptimizerState]:
    """Stochastic gradient descent: w - rate * dw. It has no state."""
    updated = {name: w - rate * gradients["d" + name] for name, w in parameters.items()}
    return updated, state


def adam(
    parameters: Parameters, gradients: Gradients, state: OptimizerState, rate: float
) -> tuple[Parameters, OptimizerState]:
    """Adam: a step along the mean gradient over the root of the mean squared one.

    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    algorithm 1, with their constants β1 = 0.9, β2 = 0.999, ε = 1e-8.

    Parameters
    ----------
    parameters
        By name.
    gradients
        Of each parameter, under its name with "d" before it.
    state
        The moments "m " and "v " of each parameter and the number of steps "t"; {}
        at the start.
    rate
        Learning rate.

    Returns
    -------
    parameters, state
        After the step.
    """
    t = state.get("t", np.zeros(())) + 1
    bias_m, bias_v = 1 - 0.9**t, 1 - 0.999**t
    updated, new_state = {}, {"t": np.asarray(t)}
    for name, w in parameters.items():
        g = gradients["d" + name]
        m = 0.9 * state.get("m " + name, 0.0) + 0.1 * g
        v = 0.999 * state.get("v " + name, 0.0) + 0.001 * np.square(g)
        updated[name] = w - rate * (m / bias_m) / (np.sqrt(v / bias_v) + 1e-8)
        new_state["m " + name], new_state["v " + name] = m, v
    return updated, new_state


OPTIMIZERS: Mapping[str, Optimizer] = {"adam": adam, "sgd": sgd}
