import Foundation
import Glibc
import HootWire
import Testing

/// HTTP as a person with curl has it, of the real daemon.
extension EndToEnd {
  @Suite struct HTTPTests {
    @Test(
      "[O37] [O38] [O39] [O40] [O41] [O42] [O64] [O80] a task goes its way over HTTP, with the token alone")
    func aTaskGoesItsWay() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let place = try Curl.place(daemon)
        #expect(place.hasPrefix("http://127.0.0.1:"))
        let file = stage.folder + "/home/state/chaosgarden/http-token"
        var info = stat()
        #expect(stat(file, &info) == 0 && info.st_mode & 0o777 == 0o600)
        let token = try Stage.text(file).trimmingCharacters(in: .newlines)
        #expect(Curl.json(try Curl.said(place + "/api/status"))["code"] == "no_token")
        let key = "Authorization: Bearer \(token)"
        let type = "Content-Type: application/json"
        let body = #"{"tool":"phrase_generate","params":{"seed":7},"track":"lead"}"#
        let asking = ["-i", "-H", key, "-H", type, "-H", "Idempotency-Key: once"]
        func ask(_ body: String) throws -> PlainText {
          PlainText(
            try Curl.said(
              asking[0], asking[1], asking[2], asking[3], asking[4], asking[5], asking[6],
              "-d", body, place + "/api/tasks"))
        }
        let first = try ask(body)
        #expect(first.status == 202)
        let location = try #require(first.header("location"))
        #expect(try ask(body).header("location") == location)
        #expect(try ask(#"{"tool":"phrase_generate","params":{"seed":8}}"#).status == 422)
        let result = Curl.json(
          try Curl.said("-H", key, "-H", "Prefer: wait=20", place + location + "/result"))
        #expect(result["artifacts"]?.array?.count == 1, "\(result.text)")
        let shown = PlainText(try Curl.said("-i", "-H", key, place + location))
        let tag = try #require(shown.header("etag"))
        #expect(
          PlainText(try Curl.said("-i", "-H", key, "-H", "If-None-Match: \(tag)", place + location)).status
            == 304)
        #expect(PlainText(try Curl.said("-i", "-H", key, "-X", "DELETE", place + location)).status == 409)
        #expect(
          PlainText(try Curl.said("-i", "-H", key, "-X", "POST", place + location + "/retry")).status == 409
        )
        let logs = Curl.json(try Curl.said("-H", key, place + location + "/logs"))["events"]?.array ?? []
        #expect(logs.first?["state"] == "queued" && logs.last?["state"] == "succeeded")
        let list = Curl.json(
          try Curl.said("-H", key, place + "/api/tasks?kind=phrase_generate&status=succeeded"))
        #expect(list["jobs"]?.array?.count == 1)
        #expect(Curl.json(try Curl.said("-H", key, place + "/api/tasks?host=nowhere"))["jobs"] == [])
      }
    }

    @Test func aFileComesAndGoesAndAnEditHoldsOnlyForWhatWasSeen() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--no-http")
        let socket = ["--unix-socket", stage.socketDir + "/chaosgarden-http"]
        #expect(eventually(30) { daemon.said.contains("chaosgarden-http") })
        func ask(_ words: String...) throws -> PlainText {
          PlainText(try Curl.text(socket + ["-i"] + words))
        }
        let song = Stage.demo("chords.mid")
        let added = try ask("--data-binary", "@" + song, "http://localhost/api/artifacts?label=riff")
        #expect(added.status == 201)
        let location = try #require(added.header("location"))
        let copy = stage.folder + "/copy.mid"
        _ = try Curl.text(socket + ["-o", copy, "http://localhost" + location + "/content"])
        let bytes = try #require(FileManager.default.contents(atPath: song))
        #expect(FileManager.default.contents(atPath: copy) == bytes)
        _ = try Curl.text(socket + ["-r", "4-11", "-o", copy, "http://localhost" + location + "/content"])
        #expect(FileManager.default.contents(atPath: copy) == bytes[4..<12])
        for path in ["/api/artifacts/..%2f..%2fetc%2fpasswd/content", "/api/artifacts/%2e%2e/content"] {
          #expect([400, 404].contains(try ask("--path-as-is", "http://localhost" + path).status))
        }
        let body = "Content-Type: application/json"
        #expect(try ask("-H", body, "-d", #"{"name":"lead"}"#, "http://localhost/api/tracks").status == 201)
        let rendered = try ask("-H", body, "-d", #"{"to":"2:1"}"#, "http://localhost/api/render")
        #expect(rendered.status == 202)
        let made = Curl.json(
          try Curl.text(
            socket + [
              "-H", "Prefer: wait=20",
              "http://localhost" + (try #require(rendered.header("location"))) + "/result",
            ]))
        let sound = try #require(made["artifacts"]?.array?.first?.string)
        _ = try Curl.text(socket + ["-o", copy, "http://localhost/api/artifacts/\(sound)/content"])
        #expect(FileManager.default.contents(atPath: copy)?.prefix(4) == Data("RIFF".utf8))
        let track = "http://localhost/api/tracks/lead"
        let tag = try #require(try ask(track).header("etag"))
        let edit = ["-X", "PATCH", "-H", body, "-H", "If-Match: \(tag)", "-d", #"{"gain":-3}"#, track]
        #expect(PlainText(try Curl.text(socket + ["-i"] + edit)).status == 200)
        #expect(PlainText(try Curl.text(socket + ["-i"] + edit)).status == 412)
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
          Curl.json(try Curl.said("--unix-socket", path, words[0], words[1], words[2]))
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
