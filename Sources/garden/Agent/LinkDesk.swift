import ControlSocket
import HootWire
import Threading
import Tools

/// The daemon's desk over its control socket, for several askers at a time.
///
/// The daemon answers a client's requests in their order, so that one that waits for a job would hold up the next: each
/// question that meets a busy link is asked over another. Any thread; each link has a thread of its own.
final class LinkDesk: RequestDesk {
  private struct Errand: Sendable {
    var content: JSONValue
    var timeout: Duration
    var answer: CheckedContinuation<JSONValue, Never>
  }

  private struct State: Sendable {
    var waiting: [Errand] = []
    var idle: [Mailbox<Errand>] = []
    var links = 0
  }

  /// Seconds that a command may take to land until it is answered as one for later.
  private static let landingSeconds = 1.0
  /// More than this wait for one another.
  private static let links = 24

  private let socketDir: String
  private let state = Locked(State())

  init(socketDir: String) { self.socketDir = socketDir }

  func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    await withCheckedContinuation { answer in
      send(Errand(content: content, timeout: timeout, answer: answer))
    }
  }

  private enum Way: Sendable {
    case link(Mailbox<Errand>)
    case newLink, wait
  }

  private func send(_ errand: Errand) {
    let way: Way = state.withLock { state in
      if let link = state.idle.popLast() { return .link(link) }
      guard state.links < Self.links else {
        state.waiting.append(errand)
        return .wait
      }
      state.links += 1
      return .newLink
    }
    switch way {
    case .wait: break
    // An idle link has nothing to do, so there is room.
    case .link(let link): _ = link.push(errand)
    case .newLink: openLink(for: errand)
    }
  }

  private func openLink(for errand: Errand) {
    do throws(ThreadingError) {
      let mailbox = try Mailbox<Errand>(capacity: 1)
      _ = mailbox.push(errand)
      _ = try OwnedThread(name: "mcp-link") { [self] in work(mailbox) }
    } catch {
      state.withLock { $0.links -= 1 }
      let refusal = ToolError(
        code: "no_thread", exit: .tryLater, what: "The daemon cannot be asked just now", why: "\(error)",
        next: "ulimit -u")
      errand.answer.resume(returning: refusal.content)
    }
  }

  /// For as long as the program lives. The link is made anew after a daemon has gone.
  private func work(_ mailbox: Mailbox<Errand>) {
    var link: DaemonLink?
    while true {
      for first in mailbox.wait(milliseconds: -1) {
        var errand: Errand? = first
        while let current = errand {
          current.answer.resume(returning: answer(current, &link))
          errand = state.withLock { state in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.idle.append(mailbox)
            return nil
          }
        }
      }
    }
  }

  private func answer(_ errand: Errand, _ link: inout DaemonLink?) -> JSONValue {
    do throws(ToolError) {
      if link == nil { link = try open() }
      guard let open = link else { throw Garden.gone }
      return try request(errand, open.client)
    } catch {
      if error.code == Garden.gone.code { link = nil }
      return error.content
    }
  }

  private func open() throws(ToolError) -> DaemonLink {
    let link = try DaemonLink(socketDir: socketDir)
    do throws(SocketError) { try link.client.subscribe(topics: ["command"]) } catch { throw ToolError(error) }
    return link
  }

  private func request(_ errand: Errand, _ client: ControlClient) throws(ToolError) -> JSONValue {
    let tool = errand.content["type"]?.string.flatMap { Catalogue.tool(named: $0) }
    let reply: JSONValue
    do throws(SocketError) {
      if tool?.isCommand == true {
        // What came while nothing was asked is nobody's.
        while client.nextEvent(timeout: .zero) != nil {}
      }
      reply = try client.request(errand.content, timeout: errand.timeout)
    } catch {
      throw DaemonLink.isServed(socketDir) ? ToolError(error) : Garden.gone
    }
    guard let tool, tool.isCommand else { return reply }
    return try landed(reply, tool, client)
  }

  /// A command's reply with where it landed, and with a line that says what it did; as it is where it is for later.
  private func landed(
    _ reply: JSONValue, _ tool: Tool, _ client: ControlClient
  ) throws(ToolError) -> JSONValue {
    guard let result = reply["result"], let id = result["command"]?["id"]?.int,
      result["command"]?["due_position"] == nil, case .object(var members) = reply
    else { return reply }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(Self.landingSeconds)
    while let event = client.nextEvent(timeout: max(.zero, clock.now.duration(to: deadline))) {
      guard event.content["command"]?.int == id else { continue }
      guard event.content["type"] == "landed" else { throw ToolError(reply: ["detail": event.content]) }
      members["landed"] = event.content
      members["summary"] = .string(LandingReport.line(tool, result, event.content))
      return .object(members)
    }
    return reply
  }
}
