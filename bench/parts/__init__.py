"""The parts of `bench/run`, `bench/search` and `bench/chaos`: one module per measurement, and shared modules."""
