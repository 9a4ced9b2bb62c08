#if !FUZZING
  import FuzzSurfaces

  @main struct Replay {
    static func main() {
      let words = Array(CommandLine.arguments.dropFirst())
      let surface = Fuzz.begin(words)
      for path in words.dropFirst() {
        guard let bytes = fileBytes(path) else { Fuzz.refuse("\(path) cannot be read", 66) }
        print("\(path): \(surface.take(bytes))")
      }
    }
  }
#endif
