import Glibc
import HootWire
import Threading

/// Serves HTTP on a thread of its own: one that waits for all connections at once and never for one of them.
///
/// What is asked goes to the desk; nothing here touches the Conductor, and no other thread ever waits for this one.
package final class WebServer: Sendable {
  /// What it needs to be told.
  package struct Plan: Sendable {
    /// Numbers, IPv4 or IPv6.
    package var address: String
    /// 0: any that is free.
    package var port: UInt16
    /// Whether TCP is served at all.
    package var servesTCP: Bool
    /// The Unix socket's path.
    package var socketPath: String
    /// Further names by which it is known, as in `Host`.
    package var names: Set<String>
    package var token: String
    /// Where files are kept while they come.
    package var uploadFolder: String
    /// Room for messages to the web thread.
    var messages = WebLimits.messages

    package init(
      address: String, port: UInt16, servesTCP: Bool, socketPath: String, names: Set<String>, token: String,
      uploadFolder: String
    ) {
      (self.address, self.port, self.servesTCP) = (address, port, servesTCP)
      (self.socketPath, self.names, self.token) = (socketPath, names, token)
      self.uploadFolder = uploadFolder
    }
  }

  /// Where it can be reached, as a person types it.
  package let places: [String]
  /// Why it cannot be reached at the others.
  package let refusals: [WebError]
  private let mailbox: Mailbox<WebMessage>
  private let thread: OwnedThread

  /// Opens its doors and starts. A door that is taken is told of, and the others are open.
  ///
  /// - Parameter door: what is spoken at `/mcp`.
  /// - Throws: when no door at all could be opened.
  package init(
    _ plan: Plan, desk: some RequestDesk, door: (any MessageDoor)? = nil, events: EventSource? = nil,
    sound: PlayedSound? = nil
  )
    throws
  {
    var doors: [WebDoor] = []
    var refusals: [WebError] = []
    do { doors.append(try WebDoor.unix(plan.socketPath)) } catch { refusals.append(error) }
    if plan.servesTCP {
      do { doors.append(try WebDoor.tcp(plan.address, port: plan.port)) } catch { refusals.append(error) }
    }
    guard !doors.isEmpty else { throw refusals[0] }
    let mailbox = try Mailbox<WebMessage>(capacity: plan.messages)
    let gate = Gate(token: plan.token, cookie: WebServer.randomWord(), names: plan.names)
    let answerer = Answerer(desk: desk, cookie: gate.cookie)
    let open = doors
    thread = try OwnedThread(name: "web", stackBytes: 1 << 20) {
      WebFloor(
        doors: open, mailbox: mailbox, gate: gate, answerer: answerer, uploadFolder: plan.uploadFolder,
        door: door, events: events, sound: sound
      ).run()
    }
    self.mailbox = mailbox
    self.refusals = refusals
    places = doors.map(\.place)
  }

  /// Takes no further request, gives those in work a reply, and returns when the thread has ended.
  package func stop() {
    _ = mailbox.push(.stop)
    thread.join()
  }

  /// 64 hexadecimal digits from the system's source of secrets.
  package static func randomWord() -> String {
    var dice = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(dice.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
