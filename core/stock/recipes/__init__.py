"""The two ways of learning a forecast, `returns` ("honest") and `classic`."""
