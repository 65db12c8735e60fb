"""A bundle as a workbook for Excel or as a folder of CSV files: written, read back, and two copies merged."""
