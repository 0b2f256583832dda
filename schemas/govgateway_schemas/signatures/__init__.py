"""How documents that no connector knows are signed: one file per agency or standard, one table per profile."""
