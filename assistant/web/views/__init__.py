"""What each page shows, as plain values. Pure."""
