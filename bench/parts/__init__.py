"""The parts of `bench/run` and `bench/chaos`: one module a measurement, and what they share."""
