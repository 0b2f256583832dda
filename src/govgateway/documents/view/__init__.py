"""Documents as people read them: a page is derived from the outline of a form and written to a terminal or as HTML."""
