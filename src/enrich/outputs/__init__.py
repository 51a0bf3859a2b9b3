"""What people look at: HTML report, exports, annotated lists, lint problems."""
