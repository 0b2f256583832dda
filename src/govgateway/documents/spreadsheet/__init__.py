"""Forms as spreadsheets: templates out, filled ones back in. It knows no form: everything follows from the outline."""
