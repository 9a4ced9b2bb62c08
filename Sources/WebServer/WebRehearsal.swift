import HootWire
import Tools

/// What any bytes on a connection come to, without a socket, a clock and a daemon.
package enum WebRehearsal {
  package struct Outcome: Sendable {
    /// Requests that would have been answered.
    package var answered = 0
    /// Bytes of a file that would have been written down.
    package var spooled = 0
    package var refusals: [[String]] = []
    /// What would have been sent.
    package var sent: [UInt8] = []
  }

  /// - Parameter pieces: as they come.
  package static func take(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    var outcome = Outcome()
    let now = ContinuousClock.now
    var visit = Visit(at: now)
    for piece in pieces {
      var action = visit.take(piece, at: now)
      while let next = step(&visit, action, &outcome, now) { action = next }
      outcome.sent += visit.pending
      visit.hasSent(visit.pending.count, at: now)
      if visit.isOver { break }
    }
    return outcome
  }

  /// Does what the state machine asks for; what it asks for then, or nil where it waits for more.
  private static func step(
    _ visit: inout Visit, _ action: Visit.Action, _ outcome: inout Outcome, _ now: ContinuousClock.Instant
  ) -> Visit.Action? {
    switch action {
    case .nothing, .send, .close, .pulse: return nil
    case .examine(let head):
      do throws(HeadError) {
        let length = try head.bodyLength()
        guard length <= WebLimits.bodyBytes else { return .refuse(HeadError.noLength.problem) }
        return visit.admit(head, bodyLength: length, spools: length > 0 && Endpoint.takesFile(head), at: now)
      } catch { return .refuse(error.problem) }
    case .spool(let piece):
      outcome.spooled += piece.count
      return visit.goOn(at: now)
    case .refuse(let problem):
      outcome.refusals.append(problem.lines)
      visit.reply(problem.reply.closing(), date: "", at: now)
    case .answer(let head, let body):
      visit.reply(reply(to: head, body, &outcome), date: "", at: now)
      if visit.wish != nil { return visit.hear([], at: now) }
      return visit.goOn(at: now)
    }
    return nil
  }

  private static func reply(to head: RequestHead, _ body: [UInt8], _ outcome: inout Outcome) -> HTTPReply {
    do throws(Problem) {
      let (endpoint, values) = try Endpoint.find(head)
      let call = Call(head: head, values: values, body: body)
      outcome.answered += 1
      if case .own(.events) = endpoint.work, head.value("upgrade") != nil {
        return try Answerer.socket(call, EventWish(topics: [], cursor: nil))
      }
      if case .tool(let name, _) = endpoint.work { _ = try call.parameters(for: Catalogue.tool(name)) }
      return HTTPReply(200, json: ["range": .string("\(ByteRange(head.value("range"), of: 1000))")])
    } catch {
      outcome.refusals.append(error.lines)
      return error.reply
    }
  }
}
