"""Simulation: what a program would do, played over the years on customers like yours."""
