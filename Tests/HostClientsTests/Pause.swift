import Glibc

/// Ten milliseconds.
func usleepBriefly() { usleep(10_000) }
