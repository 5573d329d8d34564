"""The only package that speaks SQL: one file is one store, its tables and its queries together."""
