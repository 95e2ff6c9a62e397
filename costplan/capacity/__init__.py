"""From a load to replicas: arrivals, waiting, scaling."""
