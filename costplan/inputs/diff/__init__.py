"""What a diff is asked for: two bills by whatever names them."""
