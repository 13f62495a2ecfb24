"""The models that the network is compared with: EWMA, GARCH, mean return, linear."""
