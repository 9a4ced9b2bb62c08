import Glibc

// Figures of the renderer, a line each; `--json` for a JSON object each. For release builds.
do {
  for figure in try RendererBench.figures() + ScaleBench.figures() {
    print(CommandLine.arguments.contains("--json") ? figure.json : figure.line)
  }
} catch {
  print("bench: \(error)")
  exit(1)
}
