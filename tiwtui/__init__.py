"""tiwtui: watch recording video generation tasks of Tencent Interactive Whiteboard from a terminal."""

__version__ = "0.1.0"
