"""Tables as people fill them in, read row by row: CSV in whatever encoding Excel writes, and XLSX without macros."""
