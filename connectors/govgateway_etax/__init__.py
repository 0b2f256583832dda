"""The connector of the tax office (e-Tax, T-VAN)."""
