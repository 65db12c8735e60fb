"""The audit: the laws of a rulebook's grade logic, proven for all inputs with z3 or refuted by the smallest counterexample."""
