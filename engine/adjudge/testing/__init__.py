"""Test a rulebook of your own: strategies, the laws of grading, cases in YAML, and the pytest plugin that runs them.

``adjudge.testing.strategies`` and ``adjudge.testing.laws`` need Hypothesis (``pip install 'adjudge[testing]'``); ``made_up`` and ``cases`` don't.
"""
