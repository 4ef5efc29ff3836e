"""What others may rely on, written down, kept fresh and kept unbroken; and the one command that checks the whole tree."""
