"""A snapshot in the formats of reference managers, spreadsheets and programs.

selection (read Parquet) -> references and rows (pure) -> one writer per format (pure) -> write
"""
