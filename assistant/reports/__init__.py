"""What is handed out on paper: pure views, and adapters that only lay them out."""
