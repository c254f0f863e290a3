"""What an editor or a terminal shows, as plain data with character ranges; knows no protocol."""
