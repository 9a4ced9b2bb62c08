import Glibc

// Written to by a client that has gone: an error to answer, not a reason to die.
signal(SIGPIPE, SIG_IGN)
exit(Chaosgarden(arguments: Array(CommandLine.arguments.dropFirst())).run().rawValue)
