import CWireYardstick
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == EchoProcess.word, arguments.count == 2 { exit(cyard_echo(arguments[1])) }
exit(ControlBench(arguments: arguments).run())
