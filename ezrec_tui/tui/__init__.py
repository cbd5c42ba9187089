"""The screen: a client of the engine, drawn with Textual. Start at `run.run_screen`."""
