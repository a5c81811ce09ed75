"""The simulated service: the document made to run, for the demo, for tests and for `tiwtui sim`."""
