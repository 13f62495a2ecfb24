"""The JSON keys of a price result."""

KEYS = [
    *("recipe", "frequency", "rows", "train_rows", "test_rows", "epochs", "seconds"),
    *("rmse", "mae", "rel_rmse", "rel_mae", "nll", "crps", "directional_accuracy"),
    *("coverage_80", "coverage_95", "winkler_80", "winkler_95", "majority_class"),
    *("models", "intervals", "verdict", "verdict_price", "verdict_risk"),
]
