"""The dialogs that open above the main screen."""
