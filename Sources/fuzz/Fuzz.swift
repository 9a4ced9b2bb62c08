import FuzzSurfaces
import Glibc

/// `fuzz SURFACE FILE…` plays files through one surface and says what came of each. `fuzz --list` names the surfaces,
/// `fuzz --dictionary SURFACE` prints the words its inputs are made of.
///
/// Built by `scripts/fuzz`, with FUZZING and with libFuzzer's `main`, it is a fuzzer: `fuzz SURFACE OPTION… FOLDER…`.
enum Fuzz {
  private static let names = Surface.allCases.map(\.rawValue).joined(separator: " ")

  /// The surface that the first word names. Does not return where the word asks for something else.
  static func begin(_ words: [String]) -> Surface {
    switch words.first {
    case "--list": print(names)
    case "--dictionary": for word in named(words.last).dictionary { print(Surface.dictionaryLine(word)) }
    case nil: refuse("usage: fuzz SURFACE FILE…, where SURFACE is one of: \(names)", 64)
    case let name?: return named(name)
    }
    exit(0)
  }

  private static func named(_ name: String?) -> Surface {
    guard let surface = name.flatMap(Surface.init) else { refuse("\(name ?? "") is none of: \(names)", 64) }
    return surface
  }

  static func refuse(_ line: String, _ status: Int32) -> Never {
    complain(line)
    exit(status)
  }
}
