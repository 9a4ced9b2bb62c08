import Foundation
import Glibc
import HootWire
import Testing

@testable import WebServer

/// Artifacts as they come and go over HTTP.
@Suite struct FileTests {
  /// A desk that knows one artifact, and says what a file held that was sent to it.
  private func desk(_ path: String) -> ScriptedDesk {
    ScriptedDesk { content in
      switch content["type"]?.string {
      case "artifact_get":
        [
          "type": "ok",
          "result": ["artifact": ["hash": "00ff", "type": "text/html", "bytes": 10, "path": .string(path)]],
        ]
      case "artifact_upload":
        [
          "type": "ok",
          "result": [
            "artifact": [
              "hash": "11ee",
              "label": .string(
                (try? String(contentsOfFile: content["file"]?.string ?? "", encoding: .utf8)) ?? "-"),
            ]
          ],
        ]
      default: ["type": "ok", "result": [:]]
      }
    }
  }

  private func withFile(_ text: String, _ work: (String) throws -> Void) throws {
    let path = "/tmp/cg-file-\(UUID().uuidString.prefix(8))"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    defer { unlink(path) }
    try work(path)
  }

  @Test func aRangeIsReadAsTheStandardHasIt() {
    let table: [(String?, ByteRange)] = [
      (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=2-", .part(2..<10)), ("bytes=-3", .part(7..<10)),
      ("bytes=-99", .part(0..<10)), ("bytes=5-99", .part(5..<10)), ("bytes=10-", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole),
      ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=+1-2", .whole),
      ("bytes=9999999999999999999-", .whole),
    ]
    for (text, wanted) in table { #expect(ByteRange(text, of: 10) == wanted, "\(text ?? "none")") }
    #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
  }

  @Test func anArtifactLeavesWholeOrInPartAndIsNoPageOfThisServers() throws {
    try withFile("0123456789") { path in
      let bench = try WebBench(desk(path))
      let whole = try bench.ask("GET /api/artifacts/00ff/content")
      #expect(whole.status == 200 && whole.body == "0123456789")
      #expect(whole.header("content-security-policy")?.contains("sandbox") == true)
      #expect(whole.header("content-disposition")?.hasPrefix("attachment") == true)
      let part = try bench.ask("GET /api/artifacts/00ff/content", ["Range: bytes=2-4"])
      #expect(part.status == 206 && part.body == "234" && part.header("content-range") == "bytes 2-4/10")
      let past = try bench.ask("GET /api/artifacts/00ff/content", ["Range: bytes=10-"])
      #expect(past.status == 416 && past.header("content-range") == "bytes */10")
      let other = try bench.ask("GET /api/artifacts/00ff/content", ["Range: bytes=2-4", "If-Range: \"aa\""])
      #expect(other.status == 200 && other.body == "0123456789")
      let known = try bench.ask("GET /api/artifacts/00ff/content", ["If-None-Match: \"aa\", \"00ff\""])
      #expect(known.status == 304 && known.body.isEmpty)
      let head = try bench.ask("HEAD /api/artifacts/00ff/content")
      #expect(head.status == 200 && head.header("content-length") == "10" && head.body.isEmpty)
    }
  }

  @Test func aRequestBehindAFileIsAnsweredWhenTheFileHasLeft() throws {
    try withFile(String(repeating: "x", count: 700_000)) { path in
      let bench = try WebBench(desk(path))
      let socket = try bench.socket()
      let head = "Host: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
      socket.send(
        "GET /api/artifacts/00ff/content HTTP/1.1\r\n\(head)\r\n"
          + "GET /health HTTP/1.1\r\n\(head)Connection: close\r\n\r\n")
      let text = socket.readToEnd()
      #expect(text.contains("Content-Length: 700000\r\n"))
      #expect(text.hasSuffix("}\n") && text.contains("xHTTP/1.1 200 OK"))
    }
  }

  @Test func anArtifactWhoseFileIsGoneIsSaidToBe() throws {
    let bench = try WebBench(desk("/tmp/cg-no-such-file"))
    let reply = try bench.ask("GET /api/artifacts/00ff/content")
    #expect(reply.status == 404 && reply.code == "missing")
    // Somebody has put a link in its place.
    try withFile("secret") { path in
      symlink(path, path + "-link")
      defer { unlink(path + "-link") }
      let linked = try WebBench(desk(path + "-link"))
      #expect(try linked.ask("GET /api/artifacts/00ff/content").status == 404)
    }
  }

  @Test func anUploadGoesToTheDiskAndLeavesNothingThere() throws {
    let bench = try WebBench(desk(""))
    let reply = try bench.ask(
      "POST /api/artifacts?label=riff", ["Content-Type: audio/midi"], body: "MThd of a song")
    #expect(reply.status == 201 && reply.header("location") == "/api/artifacts/11ee")
    #expect(reply.json["artifact"]?["label"] == "MThd of a song")
    #expect(bench.desk.questions.first?["label"] == "riff")
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == ["chaosgarden-http"])
    #expect(try bench.ask("POST /api/artifacts").status == 400)
    let wrong = try bench.ask("POST /api/artifacts?path=/etc/passwd", body: "x")
    #expect(wrong.status == 400 && wrong.code == "unknown_parameter")
  }

  @Test func aFileThatIsTooLongIsRefusedUnread() throws {
    let bench = try WebBench(desk(""))
    let socket = try bench.socket()
    socket.send(
      "POST /api/artifacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
        + "Content-Length: \(WebLimits.uploadBytes + 1)\r\n\r\n")
    let reply = try #require(PlainReply(socket.readToEnd()))
    #expect(reply.status == 413 && reply.code == "body_too_large")
  }

  @Test func oneFileMoreThanAllowedIsToldToComeLater() throws {
    let bench = try WebBench(desk(""))
    let head = "Host: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\nContent-Length: 9\r\n\r\n"
    let waiting = try (0..<WebLimits.uploads).map { _ in
      let socket = try bench.socket()
      socket.send("POST /api/artifacts HTTP/1.1\r\nExpect: 100-continue\r\n\(head)")
      #expect(socket.read().hasPrefix("HTTP/1.1 100"))
      return socket
    }
    let late = try bench.socket()
    late.send("POST /api/artifacts HTTP/1.1\r\n\(head)")
    #expect(PlainReply(late.readToEnd())?.status == 503)
    waiting[0].send("9 letters")
    #expect(waiting[0].read().hasPrefix("HTTP/1.1 201"))
  }
}
