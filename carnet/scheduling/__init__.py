"""The scheduling engine: what is free, what may be booked, and why not. Plain Python, without clock or database."""
