import Glibc

// Figures of the renderer, a line each; `--json` for a JSON object each. For release builds. The first argument is
// the chaosgarden to measure, the second a MIDI file.
do {
  let paths = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--") }
  var figures = try RendererBench.figures() + ScaleBench.figures()
  if paths.count == 2 { figures += try RenderBench.figures(program: paths[0], midi: paths[1]) }
  for figure in figures { print(CommandLine.arguments.contains("--json") ? figure.json : figure.line) }
} catch {
  print("bench: \(error)")
  exit(1)
}
