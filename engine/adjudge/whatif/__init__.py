"""What-if: scenarios, paths to a grade, readings, open questions, influence and sensitivity."""
