"""``python -m govgateway``: the command line, where the script is not on the path."""

from govgateway.cli.entry import main

main()
