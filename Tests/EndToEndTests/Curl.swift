import Foundation
import HootWire
import Testing

/// HTTP as a person with curl has it.
enum Curl {
  static func said(_ words: String...) throws -> String { try text(words) }

  /// What curl prints.
  static func text(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    process.arguments = ["-s", "--max-time", "60"] + words
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  static func ask(_ words: [String]) throws -> PlainText { PlainText(try text(["-i"] + words)) }

  static func json(_ text: String) -> JSONValue { (try? JSONValue.parse(Array(text.utf8))) ?? nil }

  /// Where the daemon says that it serves TCP.
  static func place(_ daemon: Daemon) throws -> String {
    var place: String?
    #expect(
      eventually(30) {
        place = daemon.said.split(whereSeparator: \.isWhitespace).map(String.init).first {
          $0.hasPrefix("http://")
        }
        return place != nil
      })
    return try #require(place)
  }
}

/// What curl -i prints.
struct PlainText {
  let status: Int
  private let lines: [String]

  init(_ text: String) {
    lines = text.components(separatedBy: "\r\n")
    status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// The body as JSON.
  var json: JSONValue {
    let body = lines.drop { !$0.isEmpty }.dropFirst().joined(separator: "\r\n")
    return Curl.json(body)
  }

  func header(_ name: String) -> String? {
    lines.first { $0.lowercased().hasPrefix(name + ":") }.map {
      $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
  }
}
