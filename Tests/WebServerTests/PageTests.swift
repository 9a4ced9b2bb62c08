import Foundation
import HootWire
import Testing

@testable import WebServer

/// The page's files as a browser gets them.
@Suite struct PageTests {
  /// Where they stand in the tree.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/CPage/files")

  @Test("every file of the page is served as it stands in the tree; after a change of one, touch CPage.c")
  func filesAreCurrent() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(PageFile.all.map(\.name).sorted() == names)
    for file in PageFile.all {
      let bytes = try Array(Data(contentsOf: Self.folder.appending(path: file.name)))
      let isCurrent = file.bytes == bytes
      #expect(isCurrent, "\(file.name) was changed after it was built in")
    }
  }

  @Test("the whole page comes over the wire in less than 100 KB, heads included")
  func pageIsSmall() throws {
    let bench = try WebBench()
    var bytes = 0
    for path in ["/"] + PageFile.all.map({ "/page/\($0.name)" }) {
      let socket = try bench.socket()
      socket.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      let reply = socket.readToEnd()
      #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(path)")
      bytes += reply.utf8.count
    }
    #expect(bytes < 100_000)
  }

  @Test("the page needs no token, may load nothing but itself, and stands in nobody's frame")
  func pageIsStrict() throws {
    let bench = try WebBench()
    let reply = try bench.ask("GET /", token: nil)
    #expect(reply.status == 200 && reply.body.hasPrefix("<!doctype html>"))
    #expect(reply.header("content-type") == "text/html; charset=utf-8")
    #expect(reply.header("x-content-type-options") == "nosniff")
    let policy = try #require(reply.header("content-security-policy"))
    for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"] {
      #expect(policy.contains(rule))
    }
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    #expect(bench.desk.questions.isEmpty)
  }

  @Test("no file of the page makes elements of text, runs text, or names another server")
  func textIsText() {
    let forbidden = [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
      "javascript:",
      "srcdoc", "setTimeout('", "://", " style=", " onclick=\"",
    ]
    for file in PageFile.all where file.name != "icon.svg" {
      // What elements of a drawing are called is no address.
      let text = String(decoding: file.bytes, as: UTF8.self).replacing("http://www.w3.org/2000/svg", with: "")
      for word in forbidden { #expect(!text.contains(word), "\(file.name): \(word)") }
      if file.name.hasSuffix(".html") {
        #expect(!text.contains("<style") && !text.contains("<script>"))
      }
    }
  }

  @Test("a file that the browser has is not sent again")
  func knownIsNotSent() throws {
    let bench = try WebBench()
    let first = try bench.ask("GET /page/main.js", token: nil)
    let tag = try #require(first.header("etag"))
    #expect(first.header("cache-control") == "no-cache")
    let again = try bench.ask("GET /page/main.js", ["If-None-Match: \"old\", \(tag)"], token: nil)
    #expect(again.status == 304 && again.body.isEmpty && again.header("etag") == tag)
    #expect(try bench.ask("GET /page/main.js", ["If-None-Match: \"old\""], token: nil).body == first.body)
    let tags = Set(PageFile.all.map(\.tag))
    #expect(tags.count == PageFile.all.count)
  }

  @Test("only the page's own names are files, however a path is written")
  func noOtherFiles() throws {
    let bench = try WebBench()
    let paths = [
      "/page/", "/page/nothing.js", "/page/../../../etc/passwd", "/page/..%2f..%2fetc%2fpasswd",
      "/page/%2e%2e",
      "/page/index.html%00", "/page/./main.js", "/page/sub/main.js", "/page/MAIN.JS", "/page//main.js",
    ]
    for path in paths {
      let reply = try bench.ask("GET \(path)", token: nil)
      #expect([400, 404, 401].contains(reply.status), "\(path): \(reply.status)")
      #expect(reply.header("content-type") == "application/problem+json", "\(path)")
    }
    #expect(try bench.ask("POST /page/main.js", token: nil).status == 405)
    #expect(try bench.ask("GET /", ["Host: evil.example"], token: nil).status == 403)
  }
}
