"""What the project costs, measured side by side with other ways to do it."""
