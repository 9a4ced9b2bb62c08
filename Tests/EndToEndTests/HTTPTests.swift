import Foundation
import Glibc
import HootWire
import Testing

/// HTTP as a person with curl has it, of the real daemon.
extension EndToEnd {
  @Suite struct HTTPTests {
    private func curl(_ stage: Stage, _ words: String...) throws -> String { try curl(stage, words: words) }

    private func curl(_ stage: Stage, words: [String]) throws -> String {
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

    private func json(_ text: String) -> JSONValue { (try? JSONValue.parse(Array(text.utf8))) ?? nil }

    /// Where the daemon says that it serves TCP.
    private func place(_ daemon: Daemon) throws -> String {
      var place: String?
      #expect(
        eventually(30) {
          place = daemon.said.split(separator: " ").map(String.init).first { $0.hasPrefix("http://") }
            .map { $0.split(separator: "\n").first.map(String.init) ?? $0 }
          return place != nil
        })
      return try #require(place)
    }

    @Test(
      "[O37] [O38] [O39] [O40] [O41] [O42] [O64] [O80] a task goes its way over HTTP, with the token alone")
    func aTaskGoesItsWay() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let place = try place(daemon)
        #expect(place.hasPrefix("http://127.0.0.1:"))
        let file = stage.folder + "/home/state/chaosgarden/http-token"
        var info = stat()
        #expect(stat(file, &info) == 0 && info.st_mode & 0o777 == 0o600)
        let token = try Stage.text(file).trimmingCharacters(in: .newlines)
        #expect(json(try curl(stage, place + "/api/status"))["code"] == "no_token")
        let key = "Authorization: Bearer \(token)"
        let type = "Content-Type: application/json"
        let body = #"{"tool":"phrase_generate","params":{"seed":7},"track":"lead"}"#
        let asking = ["-i", "-H", key, "-H", type, "-H", "Idempotency-Key: once"]
        func ask(_ body: String) throws -> PlainText {
          PlainText(
            try curl(
              stage, asking[0], asking[1], asking[2], asking[3], asking[4], asking[5], asking[6],
              "-d", body, place + "/api/tasks"))
        }
        let first = try ask(body)
        #expect(first.status == 202)
        let location = try #require(first.header("location"))
        #expect(try ask(body).header("location") == location)
        #expect(try ask(#"{"tool":"phrase_generate","params":{"seed":8}}"#).status == 422)
        let result = json(
          try curl(stage, "-H", key, "-H", "Prefer: wait=20", place + location + "/result"))
        #expect(result["artifacts"]?.array?.count == 1, "\(result.text)")
        let shown = PlainText(try curl(stage, "-i", "-H", key, place + location))
        let tag = try #require(shown.header("etag"))
        #expect(
          PlainText(try curl(stage, "-i", "-H", key, "-H", "If-None-Match: \(tag)", place + location)).status
            == 304)
        #expect(PlainText(try curl(stage, "-i", "-H", key, "-X", "DELETE", place + location)).status == 409)
        #expect(
          PlainText(try curl(stage, "-i", "-H", key, "-X", "POST", place + location + "/retry")).status == 409
        )
        let logs = json(try curl(stage, "-H", key, place + location + "/logs"))["events"]?.array ?? []
        #expect(logs.first?["state"] == "queued" && logs.last?["state"] == "succeeded")
        let list = json(
          try curl(stage, "-H", key, place + "/api/tasks?kind=phrase_generate&status=succeeded"))
        #expect(list["jobs"]?.array?.count == 1)
        #expect(json(try curl(stage, "-H", key, place + "/api/tasks?host=nowhere"))["jobs"] == [])
      }
    }

    @Test func aFileComesAndGoesAndAnEditHoldsOnlyForWhatWasSeen() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--no-http")
        let socket = ["--unix-socket", stage.socketDir + "/chaosgarden-http"]
        #expect(eventually(30) { daemon.said.contains("chaosgarden-http") })
        func ask(_ words: String...) throws -> PlainText {
          PlainText(try curl(stage, words: socket + ["-i"] + words))
        }
        let song = Stage.demo("chords.mid")
        let added = try ask("--data-binary", "@" + song, "http://localhost/api/artifacts?label=riff")
        #expect(added.status == 201)
        let location = try #require(added.header("location"))
        let copy = stage.folder + "/copy.mid"
        _ = try curl(stage, words: socket + ["-o", copy, "http://localhost" + location + "/content"])
        let bytes = try #require(FileManager.default.contents(atPath: song))
        #expect(FileManager.default.contents(atPath: copy) == bytes)
        _ = try curl(
          stage, words: socket + ["-r", "4-11", "-o", copy, "http://localhost" + location + "/content"])
        #expect(FileManager.default.contents(atPath: copy) == bytes[4..<12])
        for path in ["/api/artifacts/..%2f..%2fetc%2fpasswd/content", "/api/artifacts/%2e%2e/content"] {
          #expect([400, 404].contains(try ask("--path-as-is", "http://localhost" + path).status))
        }
        let body = "Content-Type: application/json"
        #expect(try ask("-H", body, "-d", #"{"name":"lead"}"#, "http://localhost/api/tracks").status == 201)
        let track = "http://localhost/api/tracks/lead"
        let tag = try #require(try ask(track).header("etag"))
        let edit = ["-X", "PATCH", "-H", body, "-H", "If-Match: \(tag)", "-d", #"{"gain":-3}"#, track]
        #expect(PlainText(try curl(stage, words: socket + ["-i"] + edit)).status == 200)
        #expect(PlainText(try curl(stage, words: socket + ["-i"] + edit)).status == 412)
        #expect(try ask(track).header("etag") != tag)
      }
    }

    @Test func theOwnersSocketNeedsNoTokenAndATakenPortStopsNoMusic() throws {
      try Stage.run { stage in
        let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(taken) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
          _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(taken, $0, length) + listen(taken, 1) + getsockname(taken, $0, &length)
          }
        }
        let daemon = try stage.daemon("--http-port", "\(UInt16(bigEndian: address.sin_port))")
        #expect(eventually(30) { daemon.said.contains("chaosgarden-http") })
        let path = stage.socketDir + "/chaosgarden-http"
        func ask(_ words: String...) throws -> JSONValue {
          json(try curl(stage, "--unix-socket", path, words[0], words[1], words[2]))
        }
        #expect(eventually(30) { daemon.said.contains("warning no HTTP at 127.0.0.1") }, "\(daemon.said)")
        #expect(try ask("-X", "POST", "http://localhost/api/transport/play")["command"]?["id"] != nil)
        #expect(eventually(30) { (try? daemon.peer().state()) == "rolling" })
        #expect(try ask("-H", "Host: evil.example", "http://localhost/api/status")["code"] == "foreign_host")
        #expect(daemon.quit() == 0)
        #expect(access(path, F_OK) != 0)
      }
    }
  }
}

/// What curl -i prints.
private struct PlainText {
  let status: Int
  private let lines: [String]

  init(_ text: String) {
    lines = text.components(separatedBy: "\r\n")
    status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  func header(_ name: String) -> String? {
    lines.first { $0.lowercased().hasPrefix(name + ":") }.map {
      $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
  }
}
