"""A dress rehearsal: made-up people in real sockets of a running server, and what came of it."""
