"""What ``make bench`` runs: each measurement against a floor in the same run, told as a ratio."""
