"""The parts of `bench/run`: one module a measurement, and what they share."""
