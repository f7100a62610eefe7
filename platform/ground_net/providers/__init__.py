"""Service providers (服务机构): pilot lines, proof of concept, testing and inspection, incubators, as a directory."""
