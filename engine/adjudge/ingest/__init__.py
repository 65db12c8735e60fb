"""Reading a published inspection report: its lines, what each line is, the findings register, and a draft bundle."""
