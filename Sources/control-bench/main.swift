import Glibc

exit(ControlBench(arguments: Array(CommandLine.arguments.dropFirst())).run())
