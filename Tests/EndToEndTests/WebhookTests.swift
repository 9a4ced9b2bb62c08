import Foundation
import Glibc
import HootWire
import HostBench
import Synchronization
import Testing

/// The ends of jobs, posted to whoever asked, by the real daemon.
extension EndToEnd {
  @Suite struct WebhookTests {
    private static let done = Array("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n".utf8)

    private func id(_ request: ScriptedHost.Request) -> String { request.headers["webhook-id"] ?? "" }

    @Test("[O03] [O13] [O72] a webhook that a kill came upon is posted again under its id")
    func aWebhookOutlivesAKill() throws {
      try Stage.run { stage in
        // It keeps the first post to itself: the daemon cannot know whether it came.
        let receiver = try ScriptedHost { _, number in number == 0 ? [.hang] : [.send(Self.done)] }
        defer { receiver.stop() }
        let flags = ["--webhook-allow", "127.0.0.1"]
        let daemon = try stage.daemon(flags[0], flags[1])
        let job = try #require(
          try daemon.peer().query(
            "phrase_generate", ["no_region": true, "webhook_url": .string(receiver.url + "/end")])[
              "job_id"]?.string)
        #expect(eventually(30) { receiver.requests.count == 1 })
        daemon.kill9()
        let again = try stage.daemon(flags[0], flags[1])
        #expect(eventually(60) { receiver.requests.count == 2 })
        let posts = receiver.requests
        #expect(id(posts[0]) == id(posts[1]) && !id(posts[0]).isEmpty)
        #expect(posts[1].path == "/end" && posts[1].headers["webhook-signature"]?.hasPrefix("v1,") == true)
        let body = try JSONValue.parse(posts[1].body)
        #expect(body["type"] == "job.succeeded" && body.text.contains(job))
        #expect(
          eventually(30) {
            let history = try? again.peer().query("webhook_history", ["job": .string(job)])
            return history?["deliveries"]?.array?.first?["state"] == "delivered"
          })
        // What was delivered is not posted once more.
        again.kill9()
        _ = try stage.daemon(flags[0], flags[1]).peer().query("status")
        usleep(500_000)
        #expect(receiver.requests.count == 2)
      }
    }

    @Test("[O15] [O25] [O50] [O78] over HTTP a task's deliveries are listed, and a forbidden URL is refused")
    func deliveriesAreListedOverHTTP() throws {
      try Stage.run { stage in
        let receiver = try ScriptedHost { _, _ in [.send(Self.done)] }
        defer { receiver.stop() }
        let daemon = try stage.daemon("--webhook-allow", "127.0.0.1")
        let place = try Curl.place(daemon)
        #expect(try Curl.ask([place + "/api/webhooks"]).status == 401)
        let token = try Stage.text(stage.folder + "/home/state/chaosgarden/http-token")
        let key = ["-H", "Authorization: Bearer " + token.trimmingCharacters(in: .newlines)]
        func submit(_ url: String) throws -> PlainText {
          let body = #"{"tool":"phrase_generate","params":{"no_region":true,"webhook_url":"\#(url)"}}"#
          return try Curl.ask(
            key + ["-H", "Content-Type: application/json", "-d", body, place + "/api/tasks"])
        }
        for url in [
          "http://10.0.0.1/", "http://169.254.169.254/latest", "ftp://example.org/",
          "http://[::ffff:10.0.0.1]/",
        ] {
          #expect(try submit(url).status == 422, "\(url)")
        }
        let accepted = try submit(receiver.url)
        #expect(accepted.status == 202)
        let task = try #require(accepted.header("location")?.split(separator: "/").last)
        var deliveries: [JSONValue] = []
        #expect(
          eventually(30) {
            let reply = try? Curl.ask(key + [place + "/api/webhooks/\(task)/history"])
            deliveries = reply?.json["deliveries"]?.array ?? []
            return deliveries.first?["state"] == "delivered"
          })
        let attempts = deliveries.first?["attempts"]?.array ?? []
        #expect(attempts.count == 1 && attempts.first?["status"] == 204)
        #expect(id(receiver.requests[0]) == deliveries.first?["id"]?.string)
        #expect(try Curl.ask(key + [place + "/api/webhooks"]).json["webhooks"]?.array?.isEmpty == false)
      }
    }
  }
}
