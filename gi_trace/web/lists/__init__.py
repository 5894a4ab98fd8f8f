"""Lists of staff: filters, order, columns and files are said once, in a Listing."""
