"""What the screens are made of. Widgets render what they are given and say what the user did."""
