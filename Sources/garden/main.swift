import Glibc

exit(Garden.run(Array(CommandLine.arguments.dropFirst())))
