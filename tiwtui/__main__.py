"""`python -m tiwtui`."""

from tiwtui.cli import main

main()
