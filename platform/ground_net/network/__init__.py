"""The service network as rows: hubs, nodes in parks and stations (驿站), of any depth and of any city's own pattern."""
