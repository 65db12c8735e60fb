"""Consistency: between inspectors, between bodies, between rules, within one report, over a nation, and in the judgements that were made."""
