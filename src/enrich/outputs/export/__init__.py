"""A snapshot in the formats of reference managers, spreadsheets and programs.

material (read Parquet) -> references and rows (pure) -> one writer per format (pure) -> write
"""
