"""For tests: example programs that serve docs, tests and benchmarks alike."""
