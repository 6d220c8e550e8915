"""The checks of eligibility (LC 4610.5; 8 CCR 9792.10.1, 9792.10.3): one check, one pure function, one file.

`run_checks` in `engine` runs them all on plain values, for a filed case and for a draft alike.
"""
