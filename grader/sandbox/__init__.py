"""The wall: fork server, limits, and what each platform can promise."""
