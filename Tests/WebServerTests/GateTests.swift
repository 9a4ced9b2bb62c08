import HootWire
import Testing

@testable import WebServer

/// Who is let in, through real sockets.
@Suite struct GateTests {
  @Test func theTokenIsAskedForOnLoopbackToo() throws {
    let bench = try WebBench()
    #expect(try bench.ask("GET /api/status").status == 200)
    let none = try bench.ask("GET /api/status", token: nil)
    #expect(none.status == 401 && none.code == "no_token")
    #expect(none.header("www-authenticate")?.hasPrefix("Bearer") == true)
    let wrong = try bench.ask("GET /api/status", token: String(WebBench.token.dropLast()) + "0")
    #expect(wrong.status == 401 && wrong.code == "wrong_token")
    #expect(try bench.ask("GET /api/status", token: WebBench.token + "5").status == 401)
    #expect(bench.desk.questions.count == 1)
  }

  @Test func healthNeedsNoTokenAndTellsNothingMore() throws {
    let bench = try WebBench()
    let reply = try bench.ask("GET /health", token: nil)
    #expect(reply.status == 200 && reply.json["alive"] == true)
    #expect(bench.desk.questions.isEmpty)
  }

  @Test func aNameThatIsNotOursIsRefused() throws {
    let bench = try WebBench()
    for host in [
      "evil.example", "evil.example:\(bench.port)", "localhost.evil.example", "127.0.0.1.evil.example", "",
      "a b",
    ] {
      let reply = try bench.ask("GET /api/status", ["Host: \(host)"])
      #expect(reply.status == 403 && reply.code == "foreign_host", "\(host)")
    }
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80", "stage.example", "192.168.1.7:7766"] {
      #expect(try bench.ask("GET /api/status", ["Host: \(host)"]).status == 200, "\(host)")
    }
  }

  @Test func twoHostsAreRefused() throws {
    let bench = try WebBench()
    let reply = try bench.ask("GET /api/status", ["Host: evil.example", "Host: localhost"])
    #expect(reply.status == 400 && reply.code == "bad_host")
  }

  @Test func aPageOfAnotherSiteIsRefusedEvenWithTheToken() throws {
    let bench = try WebBench()
    let foreign = [
      "https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1:\(bench.port).evil.example",
    ]
    for origin in foreign {
      let reply = try bench.ask("POST /api/transport/play", ["Origin: \(origin)"])
      #expect(reply.status == 403 && reply.code == "foreign_origin", "\(origin)")
    }
    #expect(bench.desk.questions.isEmpty)
    #expect(
      try bench.ask("POST /api/transport/play", ["Origin: http://127.0.0.1:\(bench.port)"]).status == 200)
  }

  @Test func theTokenIsChangedForACookieThatScriptsAndOtherSitesDoNotGet() throws {
    let bench = try WebBench()
    #expect(try bench.ask("POST /api/login", token: nil).status == 401)
    let login = try bench.ask("POST /api/login")
    #expect(login.status == 204)
    let cookie = try #require(login.header("set-cookie"))
    #expect(
      cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(WebBench.token))
    let pair = "Cookie: other=1; \(cookie.prefix { $0 != ";" })"
    #expect(try bench.ask("GET /api/status", [pair], token: nil).status == 200)
    let origin = "Origin: http://127.0.0.1:\(bench.port)"
    #expect(try bench.ask("POST /api/transport/play", [pair, origin], token: nil).status == 200)
    // A form of another server on this machine sends the cookie too.
    #expect(try bench.ask("POST /api/transport/play", [pair], token: nil).status == 403)
    #expect(try bench.ask("GET /api/status", [pair, "Sec-Fetch-Site: same-site"], token: nil).status == 403)
    #expect(try bench.ask("GET /api/status", ["Cookie: chaosgarden=guess"], token: nil).status == 401)
  }
}
