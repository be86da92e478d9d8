"""What a run writes beside its figures: a workbook, LaTeX tables, a network, a summary."""
