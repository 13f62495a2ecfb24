"""The JSON keys of a price result."""

KEYS = [
    *("recipe", "frequency", "rows", "train_rows", "test_rows", "epochs", "seconds"),
    *("rel_rmse", "rel_mae", "rmse_percent", "mae_percent", "rmse_currency"),
    *("mae_currency", "nll", "crps", "directional_accuracy"),
    *("coverage_80", "coverage_95", "winkler_80", "winkler_95", "majority_class"),
    *("models", "intervals", "verdict", "verdict_price", "verdict_risk"),
]
