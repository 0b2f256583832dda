"""Brightbooks, an invented accounting product."""
