"""The configuration file: values, how they are read and checked, and the lines they stand on."""
