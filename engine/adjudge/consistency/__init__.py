"""Consistency: between two inspectors' codings, within one report, and in the judgements that were made."""
