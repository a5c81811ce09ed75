"""The start of the program, for the `tiwtui` script and `python -m tiwtui`."""

import gc


def start() -> None:
    """Run the command line; the garbage collector is off until `end_of_start`."""
    gc.disable()
    from tiwtui.cli import main

    main()


if __name__ == "__main__":
    start()
